import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageId } from '../../../preload/contract.js';
import type { OpenedPhoto } from '../../../preload/engine-protocol.js';
import { AppError } from '../../core/errors.js';
import { abortable } from '../abortable.js';
import type { Duty } from '../duty.js';
import type { Engine } from '../engine-supervisor.js';
import { RAW_PIXELS, type ImagePool, type PoolLimits } from '../images.js';
import type { PhotoRecord } from '../library/photo-record.js';

/** A photo that lies unpacked in the cache. */
export interface Opened {
  readonly folder: string;
  readonly info: OpenedPhoto;
  readonly lut: ImageId | null;
  /** Tiles that were cut out of it, by their place. */
  readonly tiles: Map<string, ImageId>;
}

interface Entry {
  readonly key: string;
  readonly folder: string;
  readonly ready: Promise<Opened>;
  /** Ends the opening when nobody waits for it any more. */
  readonly abort: AbortController;
  opened: Opened | null;
  users: number;
}

export interface OpenedPhotosOptions {
  /** The imaging engine. */
  readonly engine: Engine;
  /** Folder of this process alone. */
  readonly folder: string;
  readonly limits: PoolLimits;
  /** For colour tables, whose files go with their photo's folder. */
  readonly luts: ImagePool;
  /** Whoever works in the background waits while a photo is unpacked: two that are decoded at once take twice the memory. */
  readonly duty: Duty;
}

/** Keeps the photos that were looked at last unpacked on the disk, each in a folder of its own. */
export class OpenedPhotos {
  /** In order of use, the least recent first. */
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly options: OpenedPhotosOptions) {}

  /** Works on an unpacked photo, which stays until that is done. Whoever asks for the same photo shares its opening. */
  async use<T>(signal: AbortSignal, photo: PhotoRecord, work: (opened: Opened) => Promise<T>): Promise<T> {
    const key = keyOf(photo);
    const entry = this.#entries.get(key) ?? this.#open(key, photo.path);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users++;
    try {
      return await work(await abortable(entry.ready, signal));
    } finally {
      entry.users--;
      if (entry.users === 0 && entry.opened === null) this.#drop(entry);
      this.#trim();
    }
  }

  /** Lets go of a photo whose folder somebody has emptied; says whether that was so. */
  async discardIfLost(photo: PhotoRecord): Promise<boolean> {
    const entry = this.#entries.get(keyOf(photo));
    if (entry === undefined) return false;
    const isThere = await access(entry.folder).then(
      () => true,
      () => false,
    );
    if (!isThere) this.#drop(entry);
    return !isThere;
  }

  #open(key: string, path: string): Entry {
    const folder = join(this.options.folder, `${key}-${randomBytes(4).toString('hex')}`);
    const abort = new AbortController();
    const release = this.options.duty.begin();
    const entry: Entry = {
      key,
      folder,
      abort,
      opened: null,
      users: 0,
      ready: this.#unpack(path, folder, abort.signal),
    };
    entry.ready
      .then(
        (opened) => {
          entry.opened = opened;
        },
        () => {
          this.#drop(entry);
        },
      )
      .finally(release);
    return entry;
  }

  async #unpack(input: string, folder: string, signal: AbortSignal): Promise<Opened> {
    const info = await this.#call(input, folder, signal).catch(async (error: unknown) => {
      // The cache's own disk: what is unpacked and not in use is the first thing to go.
      if (!(error instanceof AppError) || error.code !== 'output/disk-full' || !this.#evictIdle()) throw error;
      return this.#call(input, folder, signal);
    });
    const lut = info.lut === null ? null : this.options.luts.add(info.lut, RAW_PIXELS, 0);
    return { folder, info, lut, tiles: new Map() };
  }

  async #call(input: string, folder: string, signal: AbortSignal): Promise<OpenedPhoto> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return this.options.engine.call(signal, 'open', { input, folder });
  }

  #trim(): void {
    const { bytes, count } = this.options.limits;
    const idle = [...this.#entries.values()].filter(({ users, opened }) => users === 0 && opened !== null);
    let total = 0;
    for (const { opened } of this.#entries.values()) total += opened?.info.bytes ?? 0;
    // The one that was looked at last stays, however large.
    for (const entry of idle.slice(0, -1)) {
      if (total <= bytes && this.#entries.size <= count) return;
      total -= entry.opened?.info.bytes ?? 0;
      this.#drop(entry);
    }
  }

  #evictIdle(): boolean {
    const idle = [...this.#entries.values()].filter(({ users, opened }) => users === 0 && opened !== null);
    for (const entry of idle) this.#drop(entry);
    return idle.length > 0;
  }

  #drop(entry: Entry): void {
    if (this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key);
    entry.abort.abort();
    const lut = entry.opened?.lut ?? null;
    if (lut !== null) this.options.luts.remove(lut);
    // An opening that is being stopped may still write: its folder goes when it has ended.
    void entry.ready
      .catch(() => undefined)
      .then(() => rm(entry.folder, { recursive: true, force: true }))
      .catch(() => undefined);
  }
}

const keyOf = ({ path, bytes, modifiedAt }: PhotoRecord): string =>
  createHash('sha256')
    .update(JSON.stringify(['opened', path, bytes, modifiedAt]))
    .digest('hex')
    .slice(0, 24);
