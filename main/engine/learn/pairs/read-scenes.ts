import { basename } from 'node:path';
import type { Scene } from '../../../../preload/learn/learn-call.js';
import { AppError, toWireError } from '../../../core/errors.js';
import { compareFrames, type FrameComparison } from '../../../core/alignment/compare-frames.js';
import { medianOf } from '../../../core/alignment/plane.js';
import type { CropSource } from '../../../core/noise/crop.js';
import { readHeader } from '../../codec.js';
import { cameraInfo } from '../../codec/camera.js';
import { sampleRandom } from '../../../core/noise/sample-random.js';
import type { PhotoProblem } from '../../training/photos.js';
import { readPhoto } from '../../training/read-photo.js';
import { cutWindows, splitter, tooLittle, WINDOW_PX, windowsOfEach, type Window } from '../windows.js';
import { inLightOf } from './light.js';

/** Reads scenes: parts of frames that show the same, as far as they do. */

/** Frames of a burst that are used: the mean of more is hardly better. */
const MOST_FRAMES = 8;
/** A frame whose noise has less than this share of the others' variance is the clean one. */
const CLEAN_SHARE = 1 / 6;
/** Variance of the noise below which frames are copies of each other, or clean. */
const LEAST_NOISE = (0.1 / 255) ** 2;
/** Scenes that are named where none can be used. */
const MOST_REASONS = 5;
/** Tells its random numbers from others. */
const LIGHT_STREAM = 0x6c697465;
/** From so many scenes on, some are held out whole; with fewer, some parts of each. */
const HOLD_OUT_SCENES_FROM = 4;

/** The same part of all frames of a scene. */
export interface ScenePart extends Pick<Window, 'camera' | 'photo' | 'heldOut'> {
  /** Noisy ones, in the light of the first; without a clean one at least two. */
  readonly frames: readonly CropSource[];
  readonly clean: CropSource | null;
}

export interface Scenes {
  readonly parts: readonly ScenePart[];
  /** Frames that are used. */
  readonly photos: number;
  /** Scenes that cannot be used, by their names. */
  readonly problems: readonly PhotoProblem[];
}

type ReadScene = Pick<ScenePart, 'camera' | 'frames' | 'clean'>[];

/** Reads scenes one after the other. @throws AppError 'learn/misaligned' when none can be used, 'engine/cancelled' */
export async function readScenes(
  signal: AbortSignal,
  scenes: readonly Scene[],
  onProgress: (fraction: number) => void,
): Promise<Scenes> {
  // In whatever order they are named: a run that goes on finds the same parts.
  const sorted = scenes.toSorted((a, b) => (a.frames[0]! < b.frames[0]! ? -1 : 1));
  const problems: PhotoProblem[] = [];
  const read: ReadScene[] = [];
  for (const [index, scene] of sorted.entries()) {
    try {
      read.push(await readScene(signal, scene, windowsOfEach(sorted.length)));
    } catch (error) {
      if (signal.aborted) throw error;
      problems.push({ path: scene.name, message: toWireError(error).message });
    }
    onProgress((index + 1) / sorted.length);
  }
  if (read.length === 0) throw noneUsable(problems);
  const parts = read.flatMap((scene, photo) => scene.map((part) => ({ ...part, photo })));
  if (parts.length === 1) throw tooLittle();
  const isHeldOut = splitter(read.length, parts.length, HOLD_OUT_SCENES_FROM);
  const photos = read.reduce((sum, [part]) => sum + part!.frames.length + Number(part!.clean !== null), 0);
  return { parts: parts.map((part, index) => ({ ...part, heldOut: isHeldOut(part.photo, index) })), photos, problems };
}

/** The parts of a scene, every frame compared with the first. @throws AppError with why it cannot be used */
async function readScene(signal: AbortSignal, { frames }: Scene, most: number): Promise<ReadScene> {
  const paths = frames.slice(0, MOST_FRAMES);
  const first = await readFrame(signal, paths[0]!);
  const cut = [cutWindows(first, most)];
  const comparisons: FrameComparison[] = [];
  for (const path of paths.slice(1)) {
    const frame = await readFrame(signal, path);
    const comparison = compareFrames(first, frame);
    if (comparison.fault !== null) {
      const against = `${basename(path)} ${comparison.fault} (compared with ${basename(paths[0]!)})`;
      throw new AppError('learn/misaligned', against);
    }
    comparisons.push(comparison);
    const { gain } = comparison.brightness;
    const inLight = cutWindows(frame, most).map((part, index) =>
      inLightOf(cut[0]![index]!, part, gain, sampleRandom(LIGHT_STREAM, cut.length, index)),
    );
    cut.push(inLight);
  }
  const cleanest = cleanOne(comparisons);
  const camera = cameraInfo((await readHeader(paths[0]!)).exif);
  return cut[0]!.map((_, part) => ({
    camera,
    frames: cut.filter((_, frame) => frame !== cleanest).map((parts) => parts[part]!),
    clean: cleanest === null ? null : cut[cleanest]![part]!,
  }));
}

async function readFrame(signal: AbortSignal, path: string): Promise<CropSource> {
  if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
  try {
    const photo = await readPhoto(path, null, WINDOW_PX);
    if (Math.min(photo.width, photo.height) >= WINDOW_PX) return photo;
    const size = `${photo.width} x ${photo.height} pixels are less than a part of ${WINDOW_PX}`;
    throw new AppError('input/unsupported', size);
  } catch (error) {
    const { code, message } = toWireError(error);
    throw new AppError(code, `${basename(path)}: ${message}`, { cause: error });
  }
}

/**
 * Which frame is the clean one: far less noisy than the others; null: none.
 * @throws AppError 'learn/misaligned' where there is no noise between them
 */
function cleanOne(comparisons: readonly FrameComparison[]): number | null {
  const noise = [medianOf(comparisons.map((each) => each.noise[0])), ...comparisons.map((each) => each.noise[1])];
  const most = Math.max(...noise);
  if (most < LEAST_NOISE) {
    throw new AppError('learn/misaligned', 'the frames do not differ by noise: they are clean, or copies of one');
  }
  const least = Math.min(...noise);
  const others = noise.filter((_, index) => index !== noise.indexOf(least));
  return least < CLEAN_SHARE * medianOf(others) ? noise.indexOf(least) : null;
}

function noneUsable(problems: readonly PhotoProblem[]): AppError {
  const reasons = problems.slice(0, MOST_REASONS).map(({ path, message }) => `${basename(path)}: ${message}`);
  const others = problems.length > MOST_REASONS ? `; and ${problems.length - MOST_REASONS} more` : '';
  return new AppError('learn/misaligned', `none of the scenes can be learnt from: ${reasons.join('; ')}${others}`);
}
