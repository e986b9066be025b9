/** Where the focus goes in a grid of cells, as people know it from file managers: pure. */

export interface GridShape {
  readonly count: number;
  readonly columns: number;
  /** Whole rows in view, at least 1. */
  readonly rows: number;
}

/** The cell that a key leads to from `index` (-1: none has the focus); null: not a key that moves. */
export function nextCell(key: string, index: number, { count, columns, rows }: GridShape): number | null {
  if (count === 0) return null;
  const page = columns * Math.max(1, rows);
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -page,
    PageDown: page,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined) return null;
  if (index < 0) return key === 'End' ? count - 1 : 0;
  const target = index + step;
  if (target >= 0 && target < count) return target;
  switch (key) {
    case 'Home':
    case 'PageUp':
      return key === 'Home' ? 0 : index % columns;
    case 'End':
      return count - 1;
    case 'PageDown':
      return Math.min(count - 1, lastInColumn(index, count, columns));
    case 'ArrowDown':
      // Into a last row that is shorter: its end. From the last row: nowhere.
      return Math.floor(index / columns) < Math.floor((count - 1) / columns) ? count - 1 : index;
    default:
      return index;
  }
}

function lastInColumn(index: number, count: number, columns: number): number {
  const column = index % columns;
  const lastRow = Math.floor((count - 1) / columns);
  const last = lastRow * columns + column;
  return last < count ? last : Math.max(index, last - columns);
}
