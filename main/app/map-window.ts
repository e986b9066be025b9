/** Maps in order, `width` values at a time: enough to hide a disk's latency, too few to run out of handles. */
export async function mapWindow<T, R>(list: readonly T[], width: number, map: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < list.length; start += width) {
    results.push(...(await Promise.all(list.slice(start, start + width).map(map))));
  }
  return results;
}
