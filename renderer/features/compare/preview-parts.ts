import type { Region } from '../../../preload/contract.js';
import { ByteLru } from './byte-lru.js';
import { covers, intersect } from './rects.js';

/** The finished parts of previews, kept so that what was seen before is there at once. */

export interface Part<T> {
  readonly region: Region;
  /** By the fast model; goes as soon as better parts cover it. */
  readonly draft: boolean;
  readonly image: T;
  readonly first: T;
  readonly second: T | null;
}

export interface PartMap<T> {
  readonly region: Region;
  readonly texture: T;
  /** Raw RGBA, for the scale of the legend. */
  readonly values: Uint8Array;
}

interface Entry<T> {
  readonly set: string;
  readonly part: Part<T>;
}

const BYTES_PER_PIXEL = 4;
const MAPS_KEPT = 64;

export class PartStore<T> {
  private readonly sets = new Map<string, Set<Part<T>>>();
  private readonly lru: ByteLru<Part<T>, Entry<T>>;
  private readonly maps = new Map<string, PartMap<T>[]>();
  private changes = 0;

  constructor(
    maxBytes: number,
    private readonly dispose: (texture: T) => void,
  ) {
    this.lru = new ByteLru(maxBytes, ({ set, part }) => {
      this.drop(set, part);
    });
  }

  /** Another number after each part or map that came. */
  get version(): number {
    return this.changes;
  }

  get bytes(): number {
    return this.lru.bytes;
  }

  add(set: string, part: Part<T>): void {
    this.changes++;
    const parts = this.sets.get(set) ?? new Set();
    this.sets.set(set, parts.add(part));
    const pixels = part.region.width * part.region.height;
    this.lru.set(part, { set, part }, pixels * BYTES_PER_PIXEL * (part.second === null ? 2 : 3));
    if (part.draft) return;
    for (const older of this.replacedIn(set, part)) this.lru.delete(older);
  }

  /** What a new final part makes needless: drafts, and parts without the second pass, under final ones. */
  private replacedIn(set: string, part: Part<T>): readonly Part<T>[] {
    const done = this.coverage(set, false);
    const doneTwice = this.coverage(set, true);
    return [...(this.sets.get(set) ?? [])].filter((older) => {
      if (older === part || intersect(older.region, part.region) === null) return false;
      if (older.draft) return covers(done, older.region) && (older.second === null || covers(doneTwice, older.region));
      return older.second === null && covers(doneTwice, older.region);
    });
  }

  /** The parts of a set, in the order in which to paint them: drafts, then single passes, then both. */
  parts(set: string): readonly Part<T>[] {
    const rank = (part: Part<T>): number => (part.draft ? 0 : 2) + (part.second === null ? 0 : 1);
    const parts = [...(this.sets.get(set) ?? [])].sort((a, b) => rank(a) - rank(b));
    for (const part of parts) this.lru.get(part);
    return parts;
  }

  /** Where a set is finished; `secondPass`: with both passes. */
  coverage(set: string, secondPass: boolean): readonly Region[] {
    return [...(this.sets.get(set) ?? [])]
      .filter((part) => !part.draft && (!secondPass || part.second !== null))
      .map((part) => part.region);
  }

  /** Whether anything of a set lies in a region, and whether anything of that is final. */
  presence(set: string, region: Region, secondPass: boolean): { readonly any: boolean; readonly final: boolean } {
    const here = [...(this.sets.get(set) ?? [])].filter((part) => intersect(part.region, region) !== null);
    return {
      any: here.length > 0,
      final: here.some((part) => !part.draft && (!secondPass || part.second !== null)),
    };
  }

  addMap(set: string, map: PartMap<T>): void {
    this.changes++;
    const maps = this.maps.get(set) ?? [];
    const kept = maps.filter((older) => !covers([map.region], older.region));
    for (const older of maps) if (!kept.includes(older)) this.dispose(older.texture);
    this.maps.delete(set);
    this.maps.set(set, [...kept, map]);
    while (this.maps.size > MAPS_KEPT) this.dropMaps(this.maps.keys().next().value!);
  }

  mapsOf(set: string): readonly PartMap<T>[] {
    return this.maps.get(set) ?? [];
  }

  clear(): void {
    this.lru.clear();
    for (const set of [...this.maps.keys()]) this.dropMaps(set);
  }

  private dropMaps(set: string): void {
    for (const map of this.maps.get(set) ?? []) this.dispose(map.texture);
    this.maps.delete(set);
  }

  private drop(set: string, part: Part<T>): void {
    const parts = this.sets.get(set);
    parts?.delete(part);
    if (parts?.size === 0) this.sets.delete(set);
    for (const texture of [part.image, part.first, part.second]) if (texture !== null) this.dispose(texture);
  }
}

/** The parts that can be seen, of some in the order in which to paint them: those below others cost time and show nothing. */
export function uncovered<T>(parts: readonly Part<T>[]): readonly Part<T>[] {
  const above: Region[] = [];
  const seen: Part<T>[] = [];
  for (const part of [...parts].reverse()) {
    if (covers(above, part.region)) continue;
    above.push(part.region);
    seen.push(part);
  }
  return seen.reverse();
}
