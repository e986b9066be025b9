import { AppError } from '../core/errors.js';
import { isNeutral, samplesLike, type Pixels } from '../core/image/pixels.js';
import { planSamples } from '../core/image/samples.js';
import { StatisticsGrid } from '../core/image/statistics.js';
import { packTile } from '../core/image/tile-io.js';
import type { DecodedImage } from './codec.js';
import type { Pause } from './mutex.js';
import type { RuntimeSession, RuntimeTensor } from './runtime.js';

/** A few places of a photo in full resolution, which stand for all of it: what is measured on them takes little time. */

/** What is kept of a photo: its other pixels can be let go. */
export interface PhotoSample {
  /** Of the whole photo, as its file has it: not turned upright. */
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly channels: 1 | 2 | 3 | 4;
  readonly neutral: boolean;
  readonly crops: readonly { readonly left: number; readonly top: number; readonly pixels: Pixels }[];
}

/** Cuts the places out of a photo. */
export function takeSample(image: DecodedImage): PhotoSample {
  const { width, height, depth, channels, data } = image;
  const crops = planSamples(width, height).map(({ left, top, width: w, height: h }) => {
    const crop = samplesLike(data, w * h * channels);
    for (let y = 0; y < h; y++) {
      const from = ((top + y) * width + left) * channels;
      crop.set(data.subarray(from, from + w * channels), y * w * channels);
    }
    return { left, top, pixels: { width: w, height: h, channels, data: crop } };
  });
  return { width, height, depth, channels, neutral: isNeutral(image), crops };
}

export interface SampleRun {
  /** Asked for each place: a session may have made way for others in the pause before it. */
  readonly session: () => Promise<RuntimeSession>;
  /** Sides of what the session takes are multiples of this. */
  readonly multiple: number;
  /** What it is fed besides the pixels. */
  readonly scalars: Readonly<Record<string, RuntimeTensor>>;
}

/**
 * Gathers the statistics that a graph reports for a sample, with a pause between its places.
 * @throws AppError engine/cancelled, engine/*
 */
export async function runOnSample(
  signal: AbortSignal,
  sample: PhotoSample,
  { session, multiple, scalars }: SampleRun,
  pause: Pause,
): Promise<StatisticsGrid> {
  const { channels } = sample;
  const grid = new StatisticsGrid(sample.width, sample.height);
  for (const { left, top, pixels } of sample.crops) {
    await pause();
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    const opened = await session();
    const tileWidth = Math.ceil(pixels.width / multiple) * multiple;
    const tileHeight = Math.ceil(pixels.height / multiple) * multiple;
    const data = samplesLike(pixels.data, tileWidth * tileHeight * channels);
    const whole = { tileWidth, tileHeight, overlap: 0, columns: [{ start: 0, size: pixels.width }] };
    packTile(pixels, { ...whole, rows: [{ start: 0, size: pixels.height }] }, 0, 0, data);
    const dims = [tileHeight, tileWidth, channels];
    const { statistics } = await opened.run({
      pixels: data instanceof Uint8Array ? { type: 'uint8', dims, data } : { type: 'uint16', dims, data },
      ...scalars,
    });
    if (statistics?.type !== 'float32') throw new AppError('engine/internal', 'the graph gave no statistics');
    const tile = { left, top, right: left + tileWidth, bottom: top + tileHeight };
    grid.add(statistics.data, tile, { left, top, right: left + pixels.width, bottom: top + pixels.height });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return grid;
}
