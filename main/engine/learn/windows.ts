import { basename } from 'node:path';
import type { CameraInfo } from '../../../preload/contract.js';
import { AppError, toWireError } from '../../core/errors.js';
import type { PlanarImage } from '../../core/noise/flat-patches.js';
import type { CropSource } from '../../core/noise/crop.js';
import { readHeader } from '../codec.js';
import { cameraInfo } from '../codec/camera.js';
import type { PhotoProblem } from '../training/photos.js';
import { readPhoto } from '../training/read-photo.js';

/** Parts of photos to measure noise in and to learn from: all of a small one, some of a large one. */

/** Side of a window in pixels: divides by what any net asks for. */
export const WINDOW_PX = 256;
/** Windows of all photos together, so that a round begins within a minute... */
const MOST_WINDOWS = 96;
/** ...and of one photo. */
const MOST_OF_ONE = 16;
/** From so many photos on, some are held out whole; with fewer, some windows of each. */
const HOLD_OUT_PHOTOS_FROM = 8;
/** Every fourth photo, or window, is held out. */
const HOLD_OUT_EVERY = 4;

export interface Window {
  /** 8-bit sRGB. */
  readonly pixels: CropSource;
  readonly camera: CameraInfo | null;
  /** Of the photo among those that can be used. */
  readonly photo: number;
  readonly heldOut: boolean;
}

export interface Windows {
  readonly windows: readonly Window[];
  /** Photos that could be used. */
  readonly photos: number;
  readonly problems: readonly PhotoProblem[];
}

/** Reads windows of photos, one photo after the other. @throws AppError 'engine/cancelled', 'input/not-found' */
export async function readWindows(
  signal: AbortSignal,
  paths: readonly string[],
  onProgress: (fraction: number) => void,
): Promise<Windows> {
  // In whatever order they are named: a run that goes on finds the same windows.
  const sorted = [...new Set(paths)].sort();
  const each = windowsOfEach(sorted.length);
  // More photos than windows: those between are left out evenly.
  const stride = Math.max(1, (2 * sorted.length) / MOST_WINDOWS);
  const chosen = sorted.filter((_, index) => Math.floor(index / stride) !== Math.floor((index - 1) / stride));
  const problems: PhotoProblem[] = [];
  const read: { pixels: CropSource[]; camera: CameraInfo | null }[] = [];
  for (const [index, path] of chosen.entries()) {
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    try {
      const photo = await readPhoto(path, null, WINDOW_PX);
      if (Math.min(photo.width, photo.height) < WINDOW_PX) {
        throw new AppError(
          'input/unsupported',
          `${photo.width} x ${photo.height} pixels are less than a window of ${WINDOW_PX}`,
        );
      }
      const camera = cameraInfo((await readHeader(path)).exif);
      read.push({ pixels: cutWindows(photo, each), camera });
    } catch (error) {
      problems.push({ path, message: toWireError(error).message });
    }
    onProgress((index + 1) / chosen.length);
  }
  if (read.length === 0) throw noneUsable(problems);
  const parts = read.flatMap(({ pixels, camera }, photo) => pixels.map((part) => ({ pixels: part, camera, photo })));
  if (parts.length === 1) throw tooLittle();
  const isHeldOut = splitter(read.length, parts.length, HOLD_OUT_PHOTOS_FROM);
  const windows = parts.map((part, index) => ({ ...part, heldOut: isHeldOut(part.photo, index) }));
  return { windows, photos: read.length, problems };
}

/** How many windows are cut of each of so many photos. */
export const windowsOfEach = (photos: number): number =>
  Math.min(MOST_OF_ONE, Math.max(2, Math.floor(MOST_WINDOWS / photos)));

/** What is held out: at least one window, and never all; whole photos from `wholeFrom` on. */
export function splitter(
  photos: number,
  windows: number,
  wholeFrom: number,
): (photo: number, window: number) => boolean {
  const isLast = (index: number): boolean => index % HOLD_OUT_EVERY === HOLD_OUT_EVERY - 1;
  if (photos >= wholeFrom) return (photo) => isLast(photo);
  if (windows >= HOLD_OUT_EVERY) return (_, window) => isLast(window);
  return (_, window) => window === windows - 1;
}

export const tooLittle = (): AppError =>
  new AppError(
    'input/unsupported',
    `there is one part of ${WINDOW_PX} x ${WINDOW_PX} pixels, and a second one is needed to judge with: add photos`,
  );

/** Windows spread evenly over a photo: as many as fit side by side, at most `most`. */
export function cutWindows(photo: CropSource, most: number): CropSource[] {
  const columns = Math.floor(photo.width / WINDOW_PX);
  const rows = Math.floor(photo.height / WINDOW_PX);
  const count = Math.min(most, columns * rows);
  return Array.from({ length: count }, (_, index) => {
    const cell = Math.floor(((index + 0.5) * columns * rows) / count);
    const place = (at: number, cells: number, size: number): number =>
      cells === 1 ? Math.floor((size - WINDOW_PX) / 2) : Math.floor((at * (size - WINDOW_PX)) / (cells - 1));
    const left = place(cell % columns, columns, photo.width);
    const top = place(Math.floor(cell / columns), rows, photo.height);
    return cutRectangle(photo, left, top);
  });
}

function cutRectangle({ width, data }: CropSource, left: number, top: number): CropSource {
  const out = new Uint8Array(3 * WINDOW_PX * WINDOW_PX);
  for (let y = 0; y < WINDOW_PX; y++) {
    const from = 3 * ((top + y) * width + left);
    out.set(data.subarray(from, from + 3 * WINDOW_PX), 3 * y * WINDOW_PX);
  }
  return { width: WINDOW_PX, height: WINDOW_PX, data: out };
}

/** Interleaved 8-bit samples as planes in [0,1]. */
export function toPlanes({ width, height, data }: CropSource): PlanarImage {
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) planes[c * plane + i] = data[3 * i + c]! / 255;
  return { width, height, data: planes };
}

/** Planes in [0,1] as interleaved 8-bit samples, rounded. */
export function toPixels({ width, height, data }: PlanarImage): CropSource {
  const plane = width * height;
  const pixels = new Uint8ClampedArray(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) pixels[3 * i + c] = 255 * data[c * plane + i]!;
  return { width, height, data: new Uint8Array(pixels.buffer) };
}

function noneUsable(problems: readonly PhotoProblem[]): AppError {
  const [first] = problems;
  const why = first === undefined ? '' : `: ${basename(first.path)}, ${first.message}`;
  return new AppError('input/not-found', `none of the photos can be learnt from${why}`);
}
