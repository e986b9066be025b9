import type { NoiseEstimate, RuntimeSettings } from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import { reportNoise } from '../core/image/noise-report.js';
import { isNeutral, samplesLike, type Pixels } from '../core/image/pixels.js';
import { planSamples } from '../core/image/samples.js';
import { StatisticsGrid } from '../core/image/statistics.js';
import { packTile } from '../core/image/tile-io.js';
import type { DecodedImage } from './codec.js';
import { lcm, type Nets } from './denoise-image.js';
import type { Pause } from './mutex.js';

/** A quick measure of a photo's noise: the estimator sees a few places of it in full resolution. */

/** What is kept of a photo: its pixels are let go before the estimator's turn comes. */
export interface NoiseSample {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly channels: 1 | 2 | 3 | 4;
  readonly neutral: boolean;
  readonly crops: readonly { readonly left: number; readonly top: number; readonly pixels: Pixels }[];
}

/** Cuts the places out of a photo that will be measured. */
export function takeSample(image: DecodedImage): NoiseSample {
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

/** Measures the noise of a sample, with a pause between its places. */
export async function measureSample(
  signal: AbortSignal,
  sample: NoiseSample,
  runtime: RuntimeSettings,
  nets: Nets,
  pause: Pause,
): Promise<NoiseEstimate> {
  const { width, height, depth, channels } = sample;
  const estimator = await nets.models.estimator();
  const multiple = lcm(estimator.multiple, 8);
  const grid = new StatisticsGrid(width, height);
  for (const { left, top, pixels } of sample.crops) {
    await pause();
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    const session = await nets.sessions.estimate(
      estimator,
      { type: depth === 8 ? 'uint8' : 'uint16', channels },
      runtime,
    );
    const tileWidth = Math.ceil(pixels.width / multiple) * multiple;
    const tileHeight = Math.ceil(pixels.height / multiple) * multiple;
    const data = samplesLike(pixels.data, tileWidth * tileHeight * channels);
    const whole = { tileWidth, tileHeight, overlap: 0, columns: [{ start: 0, size: pixels.width }] };
    packTile(pixels, { ...whole, rows: [{ start: 0, size: pixels.height }] }, 0, 0, data);
    const dims = [tileHeight, tileWidth, channels];
    const { statistics } = await session.run({
      pixels: data instanceof Uint8Array ? { type: 'uint8', dims, data } : { type: 'uint16', dims, data },
    });
    if (statistics?.type !== 'float32') throw new AppError('engine/internal', 'the estimator gave no statistics');
    const tile = { left, top, right: left + tileWidth, bottom: top + tileHeight };
    grid.add(statistics.data, tile, { left, top, right: left + pixels.width, bottom: top + pixels.height });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return reportNoise(grid, sample.neutral);
}
