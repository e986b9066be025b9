import type { PhotoEntry, PhotoId } from '../../../preload/contract.js';

/** Which photos of the library are meant: pure. */

/** Below this noise level, in 8-bit units, a photo can stand for a clean one. */
const CLEAN_BELOW = 2;

/** What can be chosen: the selection, all, those that are measured as clean, or a folder. */
export type PhotoSource = 'selected' | 'all' | 'clean' | `folder:${string}`;

export interface SourceOffer {
  readonly source: PhotoSource;
  readonly count: number;
}

const isUsable = ({ error }: PhotoEntry): boolean => error === null;

/** The photos of a source, in the library's order. */
export function photosOf(
  source: PhotoSource,
  photos: ReadonlyMap<PhotoId, PhotoEntry>,
  selected: ReadonlySet<PhotoId>,
): PhotoId[] {
  const usable = [...photos.values()].filter(isUsable);
  const isMeant = (photo: PhotoEntry): boolean => {
    if (source === 'all') return true;
    if (source === 'selected') return selected.has(photo.id);
    if (source === 'clean') return photo.noise !== null && photo.noise < CLEAN_BELOW;
    return photo.folder === source.slice('folder:'.length);
  };
  return usable.filter(isMeant).map(({ id }) => id);
}

/** The sources that there are, those of no photo left out; folders only where there are several. */
export function offersOf(
  photos: ReadonlyMap<PhotoId, PhotoEntry>,
  selected: ReadonlySet<PhotoId>,
): readonly SourceOffer[] {
  const folders = new Map<string, number>();
  for (const photo of photos.values()) {
    if (isUsable(photo)) folders.set(photo.folder, (folders.get(photo.folder) ?? 0) + 1);
  }
  const general = (['selected', 'all', 'clean'] as const).map((source) => ({
    source,
    count: photosOf(source, photos, selected).length,
  }));
  const named = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
  const offers = named.map(([folder, count]) => ({ source: `folder:${folder}` as const, count }));
  return [...general, ...(folders.size > 1 ? offers : [])].filter(({ count }) => count > 0);
}
