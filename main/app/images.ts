import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { ImageId } from '../../preload/contract.js';

/** A file that the window may fetch. */
export interface ServedImage {
  /** Absolute. */
  readonly file: string;
  readonly contentType: string;
}

/** Type of raw pixels. */
export const RAW_PIXELS = 'application/octet-stream';

export interface PoolLimits {
  readonly bytes: number;
  readonly count: number;
}

export interface PoolOptions extends PoolLimits {
  /** Whether a file goes when its id does. */
  readonly ownsFiles: boolean;
}

interface Held extends ServedImage {
  readonly bytes: number;
  readonly pool: ImagePool;
}

/**
 * Gives files of the cache opaque, random names that the window can fetch them by. Nothing else can be fetched: an id
 * that was never given, a path above all, resolves to nothing.
 */
export class ImageRegistry {
  readonly #images = new Map<string, Held>();

  /** A set of images with limits of its own, of which the least recently used go first. */
  pool(options: PoolOptions): ImagePool {
    return new ImagePool(this.#images, options);
  }

  /** The file behind an id; null for anything that is not registered now. */
  resolve(id: unknown): ServedImage | null {
    const held = typeof id === 'string' ? this.#images.get(id) : undefined;
    if (held === undefined) return null;
    held.pool.touch(id as ImageId);
    return { file: held.file, contentType: held.contentType };
  }
}

/** Images of one kind. */
export class ImagePool {
  /** In order of use, the least recent first. */
  readonly #order = new Set<ImageId>();
  #bytes = 0;

  constructor(
    private readonly images: Map<string, Held>,
    private readonly options: PoolOptions,
  ) {}

  /** Registers a file; others of the pool go where it is over its limits. */
  add(file: string, contentType: string, bytes: number): ImageId {
    const id = randomBytes(16).toString('hex') as ImageId;
    this.images.set(id, { file, contentType, bytes, pool: this });
    this.#order.add(id);
    this.#bytes += bytes;
    for (const oldest of this.#order) {
      const fits = this.#bytes <= this.options.bytes && this.#order.size <= this.options.count;
      if (fits || oldest === id) break;
      this.remove(oldest);
    }
    return id;
  }

  /** Whether an id is of this pool and still served; counts as a use. */
  has(id: ImageId): boolean {
    this.touch(id);
    return this.#order.has(id);
  }

  touch(id: ImageId): void {
    if (this.#order.delete(id)) this.#order.add(id);
  }

  /** Stops serving an image. */
  remove(id: ImageId): void {
    const held = this.images.get(id);
    if (held === undefined || !this.#order.delete(id)) return;
    this.images.delete(id);
    this.#bytes -= held.bytes;
    // A file that cannot be removed now lies in the cache folder, which is cleared of what dead processes left.
    if (this.options.ownsFiles) void rm(held.file, { force: true }).catch(() => undefined);
  }
}
