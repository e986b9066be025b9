import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ImageOff } from 'lucide-react';
import type { PhotoId } from '../../../preload/contract.js';
import { host, imageUrl } from '../../host.js';
import { useLibrary } from '../../state/library.js';
import { openPhoto } from '../../state/view.js';
import { showNeighbour } from './order.js';

const CELL_PX = 78;
/** Cells scrolled past faster than this ask for nothing. */
const REST_MS = 60;

interface FilmstripProps {
  readonly order: readonly PhotoId[];
  readonly active: PhotoId;
}

/** All photos in a row, the one that is shown marked. */
export function Filmstrip({ order, active }: FilmstripProps): React.JSX.Element {
  const { t } = useTranslation('compare');
  const scroller = useRef<HTMLDivElement>(null);
  const index = order.indexOf(active);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes this component
  const virtualizer = useVirtualizer({
    horizontal: true,
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL_PX,
    overscan: 4,
    getItemKey: (at) => order[at] ?? at,
  });
  useEffect(() => {
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'auto' });
  }, [virtualizer, index]);
  return (
    <div
      ref={scroller}
      className="filmstrip"
      role="listbox"
      aria-label={t('filmstrip')}
      aria-orientation="horizontal"
      aria-activedescendant={`film-${active}`}
      tabIndex={0}
      onKeyDown={(event) => {
        const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : null;
        const edge = event.key === 'Home' ? order[0] : event.key === 'End' ? order.at(-1) : undefined;
        if (direction === null && edge === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        if (direction !== null) showNeighbour(active, direction);
        else if (edge !== undefined) openPhoto(edge);
      }}
      onWheel={(event) => {
        // A mouse wheel has no other direction.
        if (event.deltaX === 0) scroller.current?.scrollBy({ left: event.deltaY });
      }}
    >
      <div className="filmstrip-row" style={{ width: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const id = order[item.index]!;
          return (
            <FilmCell
              key={item.key}
              id={id}
              left={item.start}
              isActive={id === active}
              position={item.index + 1}
              count={order.length}
            />
          );
        })}
      </div>
    </div>
  );
}

interface FilmCellProps {
  readonly id: PhotoId;
  readonly left: number;
  readonly isActive: boolean;
  readonly position: number;
  readonly count: number;
}

function FilmCell({ id, left, isActive, position, count }: FilmCellProps): React.JSX.Element {
  const name = useLibrary((state) => state.photos.get(id)?.name ?? '');
  const thumbnail = useThumbnail(id);
  return (
    <div
      id={`film-${id}`}
      className="film-cell"
      style={{ left }}
      role="option"
      aria-selected={isActive}
      aria-label={name}
      aria-posinset={position}
      aria-setsize={count}
      title={name}
      onClick={() => {
        openPhoto(id);
      }}
    >
      {thumbnail === 'failed' ? (
        <ImageOff aria-hidden size={18} />
      ) : (
        thumbnail !== null && <img src={thumbnail} alt="" draggable={false} />
      )}
    </div>
  );
}

/** Where the thumbnail of a photo is; null while it is being made. */
function useThumbnail(photo: PhotoId): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      host()
        .call('library.thumbnail', { photo, size: 256 }, controller.signal)
        .then(
          ({ image }) => {
            if (!controller.signal.aborted) setUrl(imageUrl(image));
          },
          () => {
            if (!controller.signal.aborted) setUrl('failed');
          },
        );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [photo]);
  return url;
}
