import { createHash } from 'node:crypto';
import { access, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { ImageId } from '../../../preload/contract.js';
import type { ImagePool } from '../images.js';
import { mapWindow } from '../map-window.js';
import type { PhotoRecord } from './photo-record.js';

/** A thumbnail that is there. */
export interface Thumbnail {
  readonly image: ImageId;
  readonly width: number;
  readonly height: number;
}

interface Cached {
  readonly file: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly usedAt: number;
  /** Set once it has been asked for in this session. */
  image: ImageId | null;
}

const TYPES: Readonly<Record<string, string>> = { '.jpg': 'image/jpeg', '.webp': 'image/webp' };
/** "<key>.<width>x<height>.jpg": everything about a thumbnail is in its name, so that no index can go wrong. */
const NAME = /^([0-9a-f]{32})\.(\d{1,4})x(\d{1,4})(\.jpg|\.webp)$/;
const STAT_WINDOW = 64;

/** What a thumbnail depends on. */
export const thumbnailKey = ({ path, bytes, modifiedAt }: PhotoRecord, size: number): string =>
  createHash('sha256')
    .update(JSON.stringify(['thumbnail', path, bytes, modifiedAt, size]))
    .digest('hex')
    .slice(0, 32);

/** Thumbnails on the disk, kept across sessions within a number of bytes; the longest unused go first. */
export class ThumbnailCache {
  /** In order of use, the least recent first. */
  readonly #entries = new Map<string, Cached>();
  #bytes = 0;

  constructor(
    private readonly folder: string,
    private readonly limitBytes: number,
    private readonly pool: ImagePool,
  ) {}

  /** Finds what earlier sessions left. Unfinished files of a dead process go. */
  async load(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    const found = await mapWindow(names, STAT_WINDOW, async (name): Promise<[string, Cached] | null> => {
      const match = NAME.exec(name);
      const file = join(this.folder, name);
      const info = match === null ? null : await stat(file).catch(() => null);
      if (match === null || info?.isFile() !== true) return null;
      const [, key = '', width, height] = match;
      const bytes = info.size;
      return [key, { file, bytes, width: Number(width), height: Number(height), usedAt: info.mtimeMs, image: null }];
    });
    const sorted = found.filter((entry) => entry !== null).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key, cached] of sorted) {
      this.#entries.set(key, cached);
      this.#bytes += cached.bytes;
    }
    this.#trim();
  }

  /** A thumbnail, if it is there: somebody may have emptied the folder. */
  async get(key: string): Promise<Thumbnail | null> {
    const cached = this.#entries.get(key);
    if (cached === undefined) return null;
    const isThere = await access(cached.file).then(
      () => true,
      () => false,
    );
    if (!isThere) {
      this.#forget(key);
      return null;
    }
    this.#entries.delete(key);
    this.#entries.set(key, cached);
    return this.#serve(cached);
  }

  /** Takes a finished file over, under its own name. */
  async put(key: string, temp: string, contentType: string, width: number, height: number): Promise<Thumbnail> {
    const type = Object.keys(TYPES).find((ending) => TYPES[ending] === contentType) ?? '.jpg';
    const file = join(this.folder, `${key}.${width}x${height}${type}`);
    await rename(temp, file);
    const { size } = await stat(file);
    const cached: Cached = { file, bytes: size, width, height, usedAt: Date.now(), image: null };
    this.#forget(key);
    this.#entries.set(key, cached);
    this.#bytes += size;
    this.#trim();
    return this.#serve(cached);
  }

  #serve(cached: Cached): Thumbnail {
    const { file, width, height, bytes } = cached;
    if (cached.image === null || !this.pool.has(cached.image)) {
      cached.image = this.pool.add(file, TYPES[extname(file)] ?? 'image/jpeg', bytes);
      // The file's time says when it was last used, for the sessions to come.
      const now = new Date();
      void utimes(file, now, now).catch(() => undefined);
    }
    return { image: cached.image, width, height };
  }

  #trim(): void {
    for (const [key, { file }] of this.#entries) {
      if (this.#bytes <= this.limitBytes || this.#entries.size === 1) return;
      this.#forget(key);
      void rm(file, { force: true }).catch(() => undefined);
    }
  }

  #forget(key: string): void {
    const cached = this.#entries.get(key);
    if (cached === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= cached.bytes;
    if (cached.image !== null) this.pool.remove(cached.image);
  }
}
