/** Which rows of the grid are on the page, and where: pure. All are of one height, so nothing is ever measured. */

export interface Rows {
  /** Of all photos. */
  readonly count: number;
  /** From the top of one row to that of the next, in CSS pixels. */
  readonly height: number;
  /** Above the first row and below the last one, in CSS pixels. */
  readonly edge: number;
  /** Of the window on them, in CSS pixels. */
  readonly view: number;
  /** On the page above and below the view. */
  readonly beyond: number;
}

/** Height of all that can be scrolled through. */
export const contentHeight = ({ count, height, edge }: Rows): number => count * height + 2 * edge;

/** Where a row begins. */
export const rowTop = ({ height, edge }: Rows, row: number): number => edge + row * height;

/** How many rows are on the page at most: as many as can be in view, and those beyond. */
export const rowsOnPage = ({ count, height, view, beyond }: Rows): number =>
  Math.min(count, Math.ceil(view / height) + 1 + 2 * beyond);

/** The first row on the page when it has been scrolled to `top`. */
export function firstRow(rows: Rows, top: number): number {
  const first = Math.floor((top - rows.edge) / rows.height) - rows.beyond;
  return Math.max(0, Math.min(first, rows.count - rowsOnPage(rows)));
}

/** The rows on the page by the places that hold them; null: nothing is in that place yet. */
export type Placed = readonly (number | null)[];

/**
 * The rows that belong on the page, by place. A row always comes into the same place, so that scrolling by one row gives
 * one place other photos and leaves all others alone.
 */
export function rowsByPlace(rows: Rows, first: number): number[] {
  const places = rowsOnPage(rows);
  return Array.from({ length: places }, (_, place) => first + ((((place - first) % places) + places) % places));
}

/** Brings up to `most` rows into their places, those nearest to the middle of the view first. */
export function placeMore(before: Placed, rows: Rows, top: number, most: number): Placed {
  const wanted = rowsByPlace(rows, firstRow(rows, top));
  // Of another number of places, a row may be in a wrong one.
  const kept = before.length === wanted.length ? before : wanted.map(() => null);
  const middle = (top + rows.view / 2 - rows.edge) / rows.height - 0.5;
  const missing = wanted.filter((row, place) => kept[place] !== row);
  if (missing.length === 0) return kept;
  const next = new Set(missing.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).slice(0, most));
  return wanted.map((row, place) => (next.has(row) ? row : kept[place]!));
}

/** Whether every place has its row. */
export function allPlaced(placed: Placed, rows: Rows, top: number): boolean {
  const wanted = rowsByPlace(rows, firstRow(rows, top));
  return placed.length === wanted.length && wanted.every((row, place) => placed[place] === row);
}

/** Where to scroll from `top` so that all of a row is in view. */
export function scrollToRow(rows: Rows, row: number, top: number): number {
  const start = rowTop(rows, row);
  if (start - rows.edge < top) return start - rows.edge;
  return Math.max(top, start + rows.height + rows.edge - rows.view);
}
