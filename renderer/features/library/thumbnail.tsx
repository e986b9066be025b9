import { useEffect, useState } from 'react';
import { ImageOff } from 'lucide-react';
import type { ImageId, PhotoEntry } from '../../../preload/contract.js';
import { imageUrl } from '../../host.js';
import { errorCode } from '../../i18n/error-text.js';
import { askThumbnail, forgetThumbnail, knownThumbnail, type ThumbnailSize } from './thumbnails.js';

/** Cells that are scrolled past faster ask for nothing. */
const ASKS_AFTER_MS = 90;

export interface ThumbnailProps {
  readonly photo: PhotoEntry;
  readonly size: ThumbnailSize;
}

/** A photo, small. It has no name of its own: its cell has. */
export function Thumbnail({ photo, size }: ThumbnailProps) {
  const [asked, setAsked] = useState<ImageId | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const image = knownThumbnail(photo, size) ?? asked;
  const missing = image === null && photo.error === null;
  useEffect(() => {
    if (!missing) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      askThumbnail(photo, size, abort.signal).then(setAsked, (error: unknown) => {
        if (errorCode(error) !== 'engine/cancelled') setFailed(true);
      });
    }, ASKS_AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
    // Other fields of the photo change without its picture changing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [photo.id, photo.modifiedAt, size, missing, attempt]);

  if (photo.error !== null || failed) return <ImageOff aria-hidden className="thumbnail-none" />;
  if (image === null) return <span className="thumbnail-waiting" style={boxOf(photo)} />;
  return (
    <img
      className="thumbnail"
      src={imageUrl(image)}
      alt=""
      decoding="async"
      draggable={false}
      onError={() => {
        // The host may have cleared its cache meanwhile: ask once more.
        forgetThumbnail(photo, size);
        setAsked(null);
        if (attempt > 0) setFailed(true);
        else setAttempt(1);
      }}
    />
  );
}

/** The shape that the picture will have, as far as it is known. */
function boxOf({ width, height }: PhotoEntry): React.CSSProperties {
  const ratio = width === null || height === null ? 1.5 : width / height;
  return ratio >= 4 / 3 ? { width: '100%', aspectRatio: ratio } : { height: '100%', aspectRatio: ratio };
}
