import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** A noisy photo and the clean one it should become. */
export interface Pair {
  readonly noisy: string;
  readonly clean: string;
  /** Camera that took it. */
  readonly group: string;
}

/** What a bench folder holds: clean photos to add noise to, or pairs of real noisy and clean ones. */
export type BenchSet =
  | { readonly kind: 'clean'; readonly name: string; readonly photos: readonly string[] }
  | { readonly kind: 'pairs'; readonly name: string; readonly pairs: readonly Pair[] };

const NOISY_END = /_real(\.jpe?g|\.png|\.tiff?)$/i;
const PHOTO = /\.(jpe?g|png|tiff?|webp|avif)$/i;

/** Tells what a folder's file names say it is; `limit` keeps the first photos only, in order of their names. */
export function classify(folder: string, names: readonly string[], limit: number): BenchSet {
  const name = path.basename(path.resolve(folder));
  const photos = names.filter((file) => PHOTO.test(file)).sort();
  const pairs = photos
    .filter((file) => NOISY_END.test(file))
    .map((file) => ({ noisy: file, clean: file.replace(NOISY_END, '_mean$1'), group: file.split('_', 1)[0]! }))
    .filter((pair) => photos.includes(pair.clean));
  if (pairs.length === 0) {
    return { kind: 'clean', name, photos: photos.slice(0, limit).map((file) => path.join(folder, file)) };
  }
  return {
    kind: 'pairs',
    name,
    pairs: pairs.slice(0, limit).map((pair) => ({
      ...pair,
      noisy: path.join(folder, pair.noisy),
      clean: path.join(folder, pair.clean),
    })),
  };
}

/** Finds out what a bench folder holds; a folder of folders is several sets. */
export async function findSets(folder: string, limit: number): Promise<BenchSet[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const here = classify(
    folder,
    entries.filter((entry) => entry.isFile()).map((entry) => entry.name),
    limit,
  );
  if (here.kind === 'pairs' || here.photos.length > 0) return [here];
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, entry.name));
  return (await Promise.all(below.map((sub) => findSets(sub, limit)))).flat();
}
