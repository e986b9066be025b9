import type { PhotoEntry, PhotoId, Preferences, QueueEntry } from '../../preload/contract.js';

/** Which photos the grid shows, and in which order: pure. Orders are kept and merged into, as photos stream in. */

export type Sort = Preferences['sort'];

export const PHOTO_FILTERS = [
  'all',
  'new',
  'edited',
  'queued',
  'done',
  'failed',
  'noisy',
  'risky',
  'unreadable',
] as const;
export type PhotoFilter = (typeof PHOTO_FILTERS)[number];

export interface Filter {
  /** Words that the name or folder must have, all of them. */
  readonly text: string;
  readonly only: PhotoFilter;
}

export const NO_FILTER: Filter = { text: '', only: 'all' };

/** From this noise level on, in 8-bit units, a photo counts as noisy. */
export const NOISY_FROM = 8;

/** Whether a filter looks at the queue, so that it must be asked again when that moves. */
export const asksQueue = ({ only }: Filter): boolean => ['new', 'queued', 'done', 'failed'].includes(only);

/** Whether a photo passes. */
export function passes(photo: PhotoEntry, entry: QueueEntry | undefined, filter: Filter): boolean {
  return passesOnly(photo, entry, filter.only) && passesText(photo, filter.text);
}

function passesText({ name, folder }: PhotoEntry, text: string): boolean {
  if (text.trim() === '') return true;
  const where = `${folder}/${name}`.normalize().toLowerCase();
  return text
    .normalize()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}

function passesOnly(photo: PhotoEntry, entry: QueueEntry | undefined, only: PhotoFilter): boolean {
  switch (only) {
    case 'all':
      return true;
    case 'new':
      return photo.error === null && (entry === undefined || entry.state === 'cancelled');
    case 'edited':
      return photo.adjustments !== null;
    case 'queued':
      return entry?.state === 'waiting' || entry?.state === 'running';
    case 'done':
      return entry?.state === 'done' || entry?.state === 'skipped';
    case 'failed':
      return entry?.state === 'failed';
    case 'noisy':
      return (photo.noise ?? 0) >= NOISY_FROM;
    case 'risky':
      return photo.trust !== null && photo.trust.verdict !== 'good';
    case 'unreadable':
      return photo.error !== null;
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** By name as people order them (img2 before img10), then by folder, then by id, so that no two are equal. */
function byName(a: PhotoEntry, b: PhotoEntry): number {
  return (
    collator.compare(a.name, b.name) || collator.compare(a.folder, b.folder) || (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

/** What a photo is ordered by, the larger the later; null: not known, which comes last in either direction. */
function sortValue(photo: PhotoEntry, key: Sort['key']): number | null {
  switch (key) {
    case 'name':
      return 0;
    case 'date':
      return photo.modifiedAt;
    case 'noise':
      return photo.noise;
    case 'trust':
      return photo.trust?.score ?? null;
    case 'size':
      return photo.bytes;
  }
}

/** Puts two photos in order. */
export function comparePhotos(a: PhotoEntry, b: PhotoEntry, { key, descending }: Sort): number {
  const sign = descending ? -1 : 1;
  const [x, y] = [sortValue(a, key), sortValue(b, key)];
  if (x !== y) {
    if (x === null) return 1;
    if (y === null) return -1;
    return sign * (x - y);
  }
  return (key === 'name' ? sign : 1) * byName(a, b);
}

/**
 * Keeps photos in order while the library changes. A change sorts only what is new or has another place now and merges
 * it in: names are slow to compare, and photos come by the thousand.
 */
export class PhotoOrder {
  #sort: Sort = { key: 'name', descending: false };
  #ordered: readonly PhotoEntry[] = [];
  #source: ReadonlyMap<PhotoId, PhotoEntry> = new Map();

  /** The photos in order. The same array as long as nothing has changed. */
  arrange(photos: ReadonlyMap<PhotoId, PhotoEntry>, sort: Sort): readonly PhotoEntry[] {
    const sameKey = sort.key === this.#sort.key;
    if (sameKey && sort.descending === this.#sort.descending && photos === this.#source) return this.#ordered;
    const base = sameKey && sort.descending === this.#sort.descending ? this.#ordered : [];
    const kept: PhotoEntry[] = [];
    for (const before of base) {
      const now = photos.get(before.id);
      if (now === undefined) continue;
      if (now === before || sortValue(now, sort.key) === sortValue(before, sort.key)) kept.push(now);
    }
    const coming = kept.length === photos.size ? [] : besides(photos, kept);
    coming.sort((a, b) => comparePhotos(a, b, sort));
    this.#ordered = merge(kept, coming, (a, b) => comparePhotos(a, b, sort));
    this.#source = photos;
    this.#sort = sort;
    return this.#ordered;
  }
}

/** The photos that are not among those. */
function besides(photos: ReadonlyMap<PhotoId, PhotoEntry>, those: readonly PhotoEntry[]): PhotoEntry[] {
  const rest = new Map(photos);
  for (const { id } of those) rest.delete(id);
  return [...rest.values()];
}

/** Merges a few ordered items into many: each finds its place by halving. */
function merge<T>(many: readonly T[], few: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  if (few.length === 0) return many;
  if (many.length === 0) return few;
  const merged: T[] = [];
  let from = 0;
  for (const item of few) {
    let [low, high] = [from, many.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(many[middle]!, item) < 0) low = middle + 1;
      else high = middle;
    }
    for (; from < low; from++) merged.push(many[from]!);
    merged.push(item);
  }
  for (; from < many.length; from++) merged.push(many[from]!);
  return merged;
}
