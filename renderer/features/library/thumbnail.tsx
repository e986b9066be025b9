import { createContext, useContext, useEffect, useState } from 'react';
import { ImageOff } from 'lucide-react';
import type { ImageId, PhotoEntry } from '../../../preload/contract.js';
import { imageUrl } from '../../host.js';
import { errorCode } from '../../i18n/error-text.js';
import { askThumbnail, forgetThumbnail, knownThumbnail, thumbnailKey, type ThumbnailSize } from './thumbnails.js';

/** Cells that are scrolled past faster, or get another photo as more stream in, ask for nothing. */
const ASKS_AFTER_MS = 90;

/** While photos fly past, thumbnails that are not known are not asked for. */
export const Hurried = createContext(false);

export interface ThumbnailProps {
  readonly photo: PhotoEntry;
  readonly size: ThumbnailSize;
}

/** What became of asking for the thumbnail of one photo. */
interface Asked {
  readonly key: string;
  readonly image: ImageId | null;
  readonly failed: boolean;
  readonly attempt: number;
}

const NOT_ASKED = { image: null, failed: false, attempt: 0 };

/** A photo, small. It has no name of its own: its cell has. It may be given another photo. */
export function Thumbnail({ photo, size }: ThumbnailProps) {
  const hurried = useContext(Hurried);
  const key = thumbnailKey(photo, size);
  const [answer, setAnswer] = useState<Asked>({ key, image: null, failed: false, attempt: 0 });
  // An answer about the photo that was here before is none.
  const { image: asked, failed, attempt } = answer.key === key ? answer : NOT_ASKED;
  const image = knownThumbnail(key) ?? asked;
  const asks = !hurried && !failed && image === null && photo.error === null;
  useEffect(() => {
    if (!asks) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      askThumbnail(photo, size, abort.signal).then(
        (image) => {
          if (!abort.signal.aborted) setAnswer({ key, image, failed: false, attempt });
        },
        (error: unknown) => {
          if (!abort.signal.aborted && errorCode(error) !== 'engine/cancelled')
            setAnswer({ key, image: null, failed: true, attempt });
        },
      );
    }, ASKS_AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
    // Other fields of the photo change without its picture changing.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [key, asks, attempt]);

  if (photo.error !== null || failed) return <ImageOff aria-hidden className="thumbnail-none" />;
  if (image === null) return <span className="thumbnail-waiting" style={boxOf(photo)} />;
  return (
    <img
      // Another picture is another element: this one would be seen under the next photo's name until that is there.
      key={image}
      className="thumbnail"
      src={imageUrl(image)}
      alt=""
      decoding="async"
      draggable={false}
      onError={() => {
        // The host may have cleared its cache meanwhile: ask once more.
        forgetThumbnail(key);
        setAnswer({ key, image: null, failed: attempt > 0, attempt: attempt + 1 });
      }}
    />
  );
}

/** The shape that the picture will have, as far as it is known. */
function boxOf({ width, height }: PhotoEntry): React.CSSProperties {
  const ratio = width === null || height === null ? 1.5 : width / height;
  return ratio >= 4 / 3 ? { width: '100%', aspectRatio: ratio } : { height: '100%', aspectRatio: ratio };
}
