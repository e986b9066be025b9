import { totalmem } from 'node:os';
import { basename } from 'node:path';
import { AppError, toWireError } from '../../core/errors.js';
import type { CropSource } from '../../core/noise/crop.js';
import { hashText } from '../../core/noise/sample-random.js';
import type { Size } from '../../core/image/levels.js';
import { readPhoto } from './read-photo.js';

/** The photos of a training run, decoded once and kept in memory as far as they fit. */

const MIB = 2 ** 20;
/** Photos may take an eighth of the machine, within bounds: the step graph needs the rest. */
const BUDGET = { share: 1 / 8, least: 256 * MIB, most: 2048 * MIB } as const;
/** Photos decoded at once: one is scaled in JavaScript while the other is being decoded. */
const READ_AT_ONCE = 2;

/** A photo that cannot be trained on, and why. */
export interface PhotoProblem {
  readonly path: string;
  readonly message: string;
}

/** How photos are read. */
export interface PhotoOptions {
  /** Side of a crop in pixels: smaller photos are left out. */
  readonly crop: number;
  readonly longestSide: number | null;
  /** Bytes of photos to keep in memory. */
  readonly budget?: number;
  /** Called with the share of photos that were read, in [0,1]. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** Bytes of photos that a run keeps in memory unless it is told otherwise. */
export function photoBudget(): number {
  return Math.min(BUDGET.most, Math.max(BUDGET.least, totalmem() * BUDGET.share));
}

/** The usable photos among those named. */
export class PhotoStore {
  private readonly kept = new Map<string, CropSource>();
  private readonly sizes = new Map<string, Size>();
  private bytes = 0;
  private readonly budget: number;

  private constructor(private readonly options: PhotoOptions) {
    this.budget = options.budget ?? photoBudget();
  }

  /** Paths of the usable photos, sorted: whatever the order in which they were named, numbers drawn mean the same. */
  paths: readonly string[] = [];
  /** Those left out, sorted by path. */
  problems: readonly PhotoProblem[] = [];

  /**
   * Reads all photos once, so that what cannot be used is known from the start.
   * @throws AppError input/not-found when none can be used
   */
  static async open(paths: readonly string[], options: PhotoOptions): Promise<PhotoStore> {
    const store = new PhotoStore(options);
    await store.readAll([...new Set(paths)].sort());
    return store;
  }

  /** Width and height of a usable photo as it is trained on. */
  sizeOf(path: string): Size {
    return this.sizes.get(path)!;
  }

  /** The photo, if it is in memory. */
  peek(path: string): CropSource | undefined {
    const photo = this.kept.get(path);
    if (photo === undefined) return undefined;
    // Maps keep the order of insertion: the first is the one not used for longest.
    this.kept.delete(path);
    this.kept.set(path, photo);
    return photo;
  }

  /** The photo, read again if it is not in memory. @throws AppError when the file is not what it was */
  async get(path: string): Promise<CropSource> {
    const photo = this.peek(path);
    if (photo !== undefined) return photo;
    const again = await this.read(path).catch((error: unknown) => {
      const { code, message } = toWireError(error);
      throw new AppError(code, `${basename(path)}: ${message}`, { cause: error });
    });
    const { width, height } = this.sizeOf(path);
    if (again.width !== width || again.height !== height) {
      throw new AppError('input/changed', `${basename(path)} was changed while it was being trained on`);
    }
    this.keep(path, again, true);
    return again;
  }

  private async read(path: string): Promise<CropSource> {
    const { longestSide, crop } = this.options;
    const photo = await readPhoto(path, longestSide, crop);
    if (Math.min(photo.width, photo.height) >= crop) return photo;
    throw new AppError('input/unsupported', `${photo.width} x ${photo.height} pixels are less than a crop of ${crop}`);
  }

  private async readAll(paths: readonly string[]): Promise<void> {
    const problems: PhotoProblem[] = [];
    let next = 0;
    let done = 0;
    const readSome = async (): Promise<void> => {
      for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
        if (this.options.signal?.aborted) throw new AppError('engine/cancelled', 'cancelled');
        try {
          const photo = await this.read(path);
          this.sizes.set(path, { width: photo.width, height: photo.height });
          this.keep(path, photo, false);
        } catch (error) {
          problems.push({ path, message: toWireError(error).message });
        }
        this.options.onProgress?.(++done / paths.length);
      }
    };
    await Promise.all(Array.from({ length: READ_AT_ONCE }, readSome));
    this.paths = paths.filter((path) => this.sizes.has(path));
    this.problems = problems.sort((a, b) => (a.path < b.path ? -1 : 1));
    if (this.paths.length === 0) throw noneUsable(this.problems);
  }

  /** Keeps a photo if it fits, or if `evict`, in place of those not used for longest. */
  private keep(path: string, photo: CropSource, evict: boolean): void {
    const needed = photo.data.byteLength;
    if (needed > this.budget) return;
    if (evict) {
      for (const [other, { data }] of this.kept) {
        if (this.bytes + needed <= this.budget) break;
        this.kept.delete(other);
        this.bytes -= data.byteLength;
      }
    }
    if (this.bytes + needed > this.budget) return;
    this.kept.set(path, photo);
    this.bytes += needed;
  }
}

function noneUsable(problems: readonly PhotoProblem[]): AppError {
  const [first] = problems;
  if (first === undefined) return new AppError('input/not-found', 'there are no photos to train on');
  const count = problems.length;
  const reason = `${basename(first.path)}: ${first.message}`;
  if (count === 1) return new AppError('input/not-found', `the only photo found cannot be trained on: ${reason}`);
  const reasons = new Set(problems.map(({ message }) => message));
  const others = reasons.size === 1 ? 'the same for all' : `and ${count - 1} more`;
  return new AppError('input/not-found', `none of the ${count} photos found can be trained on: ${reason} (${others})`);
}

/** Which photos are trained on, and which are only evaluated with. */
export interface PhotoSplit {
  readonly training: readonly string[];
  readonly heldOut: readonly string[];
}

/**
 * Holds photos out: those whose file name's hash is in the lowest `share` of all hashes, at least one, at most `most` and
 * never all. The order of the list does not count, and a photo keeps its side when others are added, unless so many are
 * that the limits push it over. A share of 0 holds none out. Both lists are sorted.
 * @throws AppError input/not-found when there is one photo, which cannot be both
 */
export function splitPhotos(
  paths: readonly string[],
  { share, most }: { readonly share: number; readonly most: number },
): PhotoSplit {
  const sorted = [...new Set(paths)].sort();
  if (share === 0 || sorted.length === 0) return { training: sorted, heldOut: [] };
  if (sorted.length === 1) {
    const why = 'training needs a second photo to evaluate with, or a recipe whose heldOut.share is 0';
    throw new AppError('input/not-found', `there is only one usable photo, ${basename(sorted[0]!)}: ${why}`);
  }
  const hashed = sorted.map((path) => ({ path, place: hashText(basename(path)) / 2 ** 32 }));
  hashed.sort((a, b) => a.place - b.place || (a.path < b.path ? -1 : 1));
  const wanted = hashed.filter(({ place }) => place < share).length;
  const count = Math.min(Math.max(1, wanted), most, sorted.length - 1);
  const heldOut = hashed.slice(0, count).map(({ path }) => path);
  const out = new Set(heldOut);
  return { training: sorted.filter((path) => !out.has(path)), heldOut: heldOut.sort() };
}
