/** Lays cells out in columns for a terminal, columns of numbers to the right; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = (rows[0] ?? []).map((_, column) => {
    const cells = rows.map((row) => row[column] ?? '');
    const width = Math.max(...cells.map((cell) => cell.length));
    // An empty cell counts as a number: it stands where there is none.
    const numbers = cells.slice(1).every((cell) => !Number.isNaN(Number(cell)));
    return { width, pad: (cell: string) => (numbers ? cell.padStart(width) : cell.padEnd(width)) };
  });
  const lines = rows.map((row) => columns.map(({ pad }, i) => pad(row[i] ?? '')));
  const rule = columns.map(({ width }) => '-'.repeat(width));
  return [...lines.slice(0, 1), rule, ...lines.slice(1)].map((cells) => cells.join('  ').trimEnd()).join('\n');
}
