import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhotoEntry } from '../../../preload/contract.js';
import { carryViewport, fitViewport, placePicture, type Box } from '../../elements/pan-zoom/viewport.js';
import { Spinner } from '../../elements/progress.js';
import { host, imageUrl } from '../../host.js';
import { useCompare, type CompareState } from './compare-state.js';

/** A photo that opens faster than this is not announced. */
const PATIENCE_MS = 150;

/** The thumbnail in the place of a photo that is being opened. */
export function Waiting({ photo }: { readonly photo: PhotoEntry }): React.JSX.Element | null {
  const { t } = useTranslation('compare');
  const opening = useCompare((state) => state.opened.state === 'opening');
  const blank = useCompare((state) => state.opened.state === 'open' && state.drawn === 'none');
  const [shown, setShown] = useState<{ readonly id: string; readonly url: string | null } | null>(null);

  useEffect(() => {
    if (!opening) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      setShown((before) => (before?.id === photo.id ? before : { id: photo.id, url: null }));
    }, PATIENCE_MS);
    host()
      .call('library.thumbnail', { photo: photo.id, size: 512 }, controller.signal)
      .then(
        ({ image }) => {
          if (!controller.signal.aborted) setShown({ id: photo.id, url: imageUrl(image) });
        },
        // A photo without a thumbnail says why once it is opened.
        () => undefined,
      );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [opening, photo.id]);

  const state = useCompare();
  if ((!opening && !blank) || shown?.id !== photo.id) return null;
  const place = thumbnailPlace(photo, state);
  return (
    <div className="compare-waiting">
      {shown.url !== null && (
        <img src={shown.url} alt="" style={place ?? undefined} data-placed={place === null ? undefined : true} />
      )}
      {opening && (
        <div className="compare-badge" role="status">
          <Spinner label={t('opening', { name: photo.name })} size={14} />
          <span>{t('opening', { name: photo.name })}</span>
        </div>
      )}
    </div>
  );
}

/** Where the photo is going to be, in CSS pixels; null where its size is not known yet. */
function thumbnailPlace(photo: PhotoEntry, { pane, last, pixelRatio }: CompareState): Box | null {
  if (pane === null || photo.width === null || photo.height === null) return null;
  const size = { width: photo.width, height: photo.height };
  const viewport = last === null ? fitViewport(size, pane) : carryViewport(last.viewport, last.size, size, pane);
  const box = placePicture(viewport, size, pane);
  return {
    left: box.left / pixelRatio,
    top: box.top / pixelRatio,
    width: box.width / pixelRatio,
    height: box.height / pixelRatio,
  };
}
