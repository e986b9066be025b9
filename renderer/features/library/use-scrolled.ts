import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { allPlaced, firstRow, placeMore, type Placed, type Rows } from './rows.js';

/** Rows that get other photos in one frame: after a jump the view fills within a few. */
const ROWS_A_FRAME = 2;
/** So long after photos flew past they are looked at. */
const REST_MS = 120;
/** From this speed on, in views a second, photos are gone before a picture of theirs could be there. */
const HURRIED_VIEWS_PER_S = 1.5;

interface Scrolled {
  /** The first row that belongs on the page. */
  readonly first: number;
  readonly placed: Placed;
  /** Whether photos fly past. */
  readonly hurried: boolean;
  readonly onScroll: (top: number) => void;
}

interface Position {
  /** It changes when other rows belong on the page, not with every pixel. */
  readonly top: number;
  readonly placed: Placed;
}

/** Follows how far and how fast a grid is scrolled, and fills its rows without keeping the window busy for long. */
export function useScrolled(rows: Rows): Scrolled {
  const [{ top, placed }, setPosition] = useState<Position>({ top: 0, placed: [] });
  const current = useRef(rows);
  useLayoutEffect(() => {
    current.current = rows;
  });
  const { hurried, note } = useHurry();

  const isFilled = allPlaced(placed, rows, top);
  useEffect(() => {
    if (isFilled) return undefined;
    const frame = requestAnimationFrame(() => {
      setPosition((was) => ({ ...was, placed: placeMore(was.placed, current.current, was.top, ROWS_A_FRAME) }));
    });
    return () => {
      cancelAnimationFrame(frame);
    };
    // Every step brings another one.
  }, [isFilled, placed, rows.view]);

  const onScroll = useCallback(
    (next: number): void => {
      const now = current.current;
      note(next, now.view);
      setPosition((was) =>
        firstRow(now, was.top) === firstRow(now, next)
          ? was
          : { top: next, placed: placeMore(was.placed, now, next, ROWS_A_FRAME) },
      );
    },
    [note],
  );

  return { first: firstRow(rows, top), placed, hurried, onScroll };
}

/** Whether something is scrolled too fast for pictures to be of use; `note` hears how far it has come. */
function useHurry(): { hurried: boolean; note: (top: number, view: number) => void } {
  const [hurried, setHurried] = useState(false);
  const last = useRef({ top: 0, at: 0, fastAt: 0 });
  const slowing = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(
    () => () => {
      if (slowing.current !== null) clearTimeout(slowing.current);
    },
    [],
  );
  const note = useCallback((top: number, view: number): void => {
    const now = performance.now();
    const { top: before, at, fastAt } = last.current;
    const views = Math.abs(top - before) / view;
    // The first event after a rest tells no speed: a step of a wheel is none, a jump over more than a view is.
    const isFast = now - at < REST_MS ? views > (HURRIED_VIEWS_PER_S * (now - at)) / 1000 : views > 1;
    last.current = { top, at: now, fastAt: isFast ? now : fastAt };
    if (!isFast || slowing.current !== null) return;
    setHurried(true);
    // One timer goes on for as long as it takes, instead of a new one with every event.
    const look = (): void => {
      const left = last.current.fastAt + REST_MS - performance.now();
      slowing.current = left > 1 ? setTimeout(look, left) : null;
      if (slowing.current === null) setHurried(false);
    };
    slowing.current = setTimeout(look, REST_MS);
  }, []);
  return { hurried, note };
}
