import { totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AppError } from '../core/errors.js';

/**
 * How much memory the engine allows itself. Peak use is decoded photos plus the runtime's activations; the tile size
 * follows from what the photos leave. Figures are measured by `npm run bench -- speed`.
 */

const MIB = 2 ** 20;

/** What the process holds before any photo: Node, the runtime's and libvips' code, weights, ExifTool's helper. */
const BASE_BYTES = 230 * MIB;
/** A quarter of the machine, within bounds: people edit photos beside us. */
const BUDGET = { share: 1 / 4, least: 700 * MIB, most: 1400 * MIB } as const;
/** A photo larger than the budget is held whole all the same: its tiles get this, or overlaps would be all their work. */
const LEAST_TILE_BYTES = 400 * MIB;
/** Decoded photos that wait or are being written beside the one in work may take this share of the budget. */
const PIXELS_SHARE = 0.25;

/** Bytes that the whole engine process should stay within. */
export function memoryBudget(): number {
  return Math.min(BUDGET.most, Math.max(BUDGET.least, totalmem() * BUDGET.share));
}

/** Bytes of decoded photos that may be held at once; a single larger photo is let in alone. */
export function pixelBudget(): number {
  return memoryBudget() * PIXELS_SHARE;
}

/**
 * Largest tile area in pixels for a photo of `imageBytes` decoded, when a pixel of a tile costs `bytesPerPixel` of
 * activations. Peak memory is the budget, or for photos that leave too little of it their own size and some 630 MiB.
 */
export function tileAreaFor(imageBytes: number, bytesPerPixel: number): number {
  const pixels = Math.max(imageBytes, pixelBudget());
  const left = memoryBudget() - BASE_BYTES - pixels;
  return Math.floor(Math.max(left, leastTileBytes()) / bytesPerPixel);
}

/** On a machine of little memory a small photo's tiles get less than that: a large one's get no more. */
function leastTileBytes(): number {
  return Math.min(LEAST_TILE_BYTES, memoryBudget() - BASE_BYTES - pixelBudget());
}

/** Lets holders in while their bytes fit; whoever exceeds the limit alone still gets in, alone. First come first. */
export class ByteSemaphore {
  private held = 0;
  private readonly queue: { bytes: number; enter: () => void }[] = [];

  constructor(private readonly limit: number) {}

  /**
   * Waits for room and takes it; the function returned gives it back, once.
   * @throws AppError engine/cancelled when it is aborted while it waits.
   */
  async acquire(bytes: number, signal: AbortSignal): Promise<() => void> {
    await new Promise<void>((resolve, reject) => {
      const entry = {
        bytes,
        enter: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.queue.splice(this.queue.indexOf(entry), 1);
        reject(new AppError('engine/cancelled', 'cancelled'));
        // Whoever waited behind may fit.
        this.admit();
      };
      if (signal.aborted) {
        reject(new AppError('engine/cancelled', 'cancelled'));
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      this.queue.push(entry);
      this.admit();
    });
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.held -= bytes;
      this.admit();
    };
  }

  private admit(): void {
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      if (this.held > 0 && this.held + next.bytes > this.limit) return;
      this.held += next.bytes;
      this.queue.shift();
      next.enter();
    }
  }
}

/** Pixels of a photo so large that it matters when they are let go, in bytes. */
const LARGE_PIXELS = 128 * 2 ** 20;

let collect: (() => void) | undefined;

/**
 * Says that a photo's pixels are not needed any more. Large ones are given back at once: they are not on the heap of
 * JavaScript, which sees no reason to collect them, and would lie there for seconds beside the next photo's.
 * @param bytes of its pixels
 */
export function pixelsLetGo(bytes: number): void {
  if (bytes < LARGE_PIXELS) return;
  // Whoever held them is still to return.
  setImmediate(() => {
    collect ??= collector();
    collect();
  });
}

/** V8's own collector, which is a function of contexts that are made while the flag is set. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return gc;
}
