import { memo, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhotoEntry, PhotoId, QueueEntry } from '../../../preload/contract.js';
import { useLanguage } from '../../i18n/use-language.js';
import { useQueue } from '../../state/queue.js';
import { clearSelection, select, selectAll, useSelection } from '../../state/selection.js';
import { useSession } from '../../state/session.js';
import { shownOrder } from '../../state/shown.js';
import { openPhoto } from '../../state/view.js';
import { removePhotos } from './removing.js';
import { nextCell } from './grid-keys.js';
import { useMeasuring } from './measuring.js';
import { cellId, PhotoCell } from './photo-cell.js';
import { PhotoMenu } from './photo-menu.js';
import { contentHeight, rowsOnPage, rowTop, scrollToRow, type Rows } from './rows.js';
import { Hurried } from './thumbnail.js';
import type { ThumbnailSize } from './thumbnails.js';
import { useScrolled } from './use-scrolled.js';
import './photo-grid.css';

/** Height of a cell's two lines of text and its padding, in CSS pixels. */
const CELL_TEXT_PX = 58;
const CELL_PADDING_PX = 10;
const GAP_PX = 6;
const EDGE_PX = 14;
/** Height of a picture's frame, by its width. */
const FRAME_RATIO = 0.75;
const ROWS_BEYOND_VIEW = 2;
/** Where the grid was when another view took its place. */
let lastScroll = 0;

/** The photos in rows; only those near the view are on the page. */
export function PhotoGrid({ photos }: { readonly photos: readonly PhotoEntry[] }) {
  const { t } = useTranslation('library');
  const language = useLanguage();
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const thumbnailPx = useSession((state) => state.preferences.thumbnailPx);
  const active = useSelection((state) => state.active);
  const selected = useSelection((state) => state.selected);
  const entries = useQueue((state) => state.items);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);

  const columns = Math.max(1, Math.floor((width - 2 * EDGE_PX + GAP_PX) / (thumbnailPx + GAP_PX)));
  const cellWidth = Math.max(thumbnailPx, (width - 2 * EDGE_PX - (columns - 1) * GAP_PX) / columns);
  const rowHeight = Math.round((cellWidth - 2 * CELL_PADDING_PX) * FRAME_RATIO) + CELL_TEXT_PX + GAP_PX;
  const thumbnailSize = cellWidth * window.devicePixelRatio > 300 ? 512 : 256;

  const rows: Rows = {
    count: Math.ceil(photos.length / columns),
    height: rowHeight,
    edge: EDGE_PX,
    view: height,
    beyond: ROWS_BEYOND_VIEW,
  };
  const { first, placed, hurried, onScroll } = useScrolled(rows);
  const firstShown = first * columns;
  const lastShown = (first + rowsOnPage(rows)) * columns;
  useMeasuring(photos, firstShown, lastShown);
  // Rows stand on the page by the places that hold them; who has it read aloud wants them in order.
  const inOrder = Array.from({ length: placed.length }, (_, i) => rowId((first + i) % placed.length)).join(' ');

  const showRow = (index: number): void => {
    const element = scroller.current;
    if (element !== null) element.scrollTop = scrollToRow(rows, Math.floor(index / columns), element.scrollTop);
  };
  // Coming back from the compare view, the grid is where it was, and the photo that was looked at is in view.
  const activeAtStart = useRef(active);
  const isLaidOut = width > 0;
  useLayoutEffect(() => {
    if (!isLaidOut) return;
    scroller.current!.scrollTop = lastScroll;
    const index = activeAtStart.current === null ? -1 : shownOrder().indexOf(activeAtStart.current);
    if (index >= 0) showRow(index);
    scroller.current!.focus({ preventScroll: true });
    // Once, when the grid comes into view.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isLaidOut]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const order = shownOrder();
    const mod = event.ctrlKey || event.metaKey;
    const index = active === null ? -1 : order.indexOf(active);
    if (event.key === 'a' && mod) selectAll(order);
    else if (event.key === 'Escape') clearSelection();
    else if ((event.key === 'Enter' || event.key === ' ') && !mod && index >= 0) openPhoto(order[index]!);
    else if (event.key === 'Delete' || event.key === 'Backspace') removeChosen(active);
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) openMenuAtActive();
    else {
      const view = scroller.current?.clientHeight ?? rowHeight;
      const shape = { count: order.length, columns, rows: Math.floor(view / rowHeight) };
      const target = event.altKey ? null : nextCell(event.key, index, shape);
      if (target === null) return;
      if (mod && !event.shiftKey) useSelection.setState({ active: order[target]! });
      else select(order[target]!, event.shiftKey ? 'range' : 'replace', order);
      showRow(target);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const openMenuAtActive = (): void => {
    const cell = active === null ? null : document.getElementById(cellId(active));
    if (active === null || cell === null) return;
    if (!useSelection.getState().selected.has(active)) select(active, 'replace', shownOrder());
    const box = cell.getBoundingClientRect();
    setMenuAt({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
  };

  const onClick = (event: React.MouseEvent): void => {
    const photo = photoAt(event.target);
    if (photo === null) clearSelection();
    else select(photo, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'replace', shownOrder());
  };

  const onContextMenu = (event: React.MouseEvent): void => {
    event.preventDefault();
    const photo = photoAt(event.target);
    if (photo === null) return;
    if (!useSelection.getState().selected.has(photo)) select(photo, 'replace', shownOrder());
    setMenuAt({ x: event.clientX, y: event.clientY });
  };

  const closeMenu = useCallback(() => {
    setMenuAt(null);
  }, []);

  return (
    <>
      <div
        ref={scroller}
        className="photo-grid"
        role="listbox"
        aria-label={t('photos')}
        aria-multiselectable
        aria-owns={inOrder}
        aria-activedescendant={active === null ? undefined : cellId(active)}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onDoubleClick={(event) => {
          const photo = photoAt(event.target);
          if (photo !== null) openPhoto(photo);
        }}
        onContextMenu={onContextMenu}
        onScroll={(event) => {
          lastScroll = event.currentTarget.scrollTop;
          onScroll(lastScroll);
        }}
      >
        <div role="presentation" className="photo-rows" style={{ height: contentHeight(rows) }}>
          <Hurried value={hurried}>
            {placed.map((row, place) =>
              row === null ? null : (
                <PhotoRow
                  key={place}
                  id={rowId(place)}
                  photos={photos}
                  first={row * columns}
                  columns={columns}
                  top={rowTop(rows, row)}
                  height={rowHeight - GAP_PX}
                  entries={entries}
                  selected={selected}
                  active={active}
                  thumbnailSize={thumbnailSize}
                  language={language}
                />
              ),
            )}
          </Hurried>
        </div>
      </div>
      <PhotoMenu at={menuAt} onClose={closeMenu} />
    </>
  );
}

interface PhotoRowProps {
  readonly id: string;
  /** All that are shown. */
  readonly photos: readonly PhotoEntry[];
  /** The number of its first one. */
  readonly first: number;
  readonly columns: number;
  /** In CSS pixels, from where the rows begin. */
  readonly top: number;
  readonly height: number;
  readonly entries: ReadonlyMap<PhotoId, QueueEntry>;
  readonly selected: ReadonlySet<PhotoId>;
  readonly active: PhotoId | null;
  readonly thumbnailSize: ThumbnailSize;
  readonly language: string;
}

const rowId = (place: number): string => `photo-row-${place}`;

/** A row of the grid. Its elements stay the same when it gets other photos: making new ones takes many times as long. */
const PhotoRow = memo(function PhotoRow(props: PhotoRowProps) {
  const { id, photos, first, columns, top, height, entries, selected, active, thumbnailSize, language } = props;
  return (
    <div
      id={id}
      role="presentation"
      className="photo-row"
      style={{
        transform: `translateY(${top}px)`,
        height,
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
      }}
    >
      {photos.slice(first, first + columns).map((photo, column) => (
        <PhotoCell
          key={column}
          photo={photo}
          entry={entries.get(photo.id)}
          isSelected={selected.has(photo.id)}
          isActive={active === photo.id}
          index={first + column}
          count={photos.length}
          thumbnailSize={thumbnailSize}
          language={language}
        />
      ))}
    </div>
  );
});

/** The photo whose cell holds an element. */
function photoAt(target: EventTarget): PhotoId | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-photo]') : null;
  return (cell?.dataset['photo'] ?? null) as PhotoId | null;
}

/** Takes the selection, or the photo with the focus, off the list. */
function removeChosen(active: PhotoId | null): void {
  const { selected } = useSelection.getState();
  if (selected.size > 0) removePhotos([...selected]);
  else if (active !== null) removePhotos([active]);
}

/** Inner size of an element, as it changes. */
function useSize(element: React.RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const observer = new ResizeObserver(() => {
      setSize({ width: target.clientWidth, height: target.clientHeight });
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return size;
}
