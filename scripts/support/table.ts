/** Lays cells out in columns for a terminal: text to the left, numbers to the right; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) =>
    rows.slice(1).every((row) => /^(|[-+]?[\d.,]+( .*)?|Infinity)$/.test(row[column] ?? ''));
  const lines = rows.map((row) =>
    widths
      .map((width, column) => (isNumber(column) ? (row[column] ?? '').padStart(width) : (row[column] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}
