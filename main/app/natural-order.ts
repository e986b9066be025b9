const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Orders names as a person does (img2 before img10), the same way on every machine; equal only if identical. */
export function naturalOrder(a: string, b: string): number {
  const byCollation = collator.compare(a, b);
  if (byCollation !== 0) return byCollation;
  return a < b ? -1 : a > b ? 1 : 0;
}
