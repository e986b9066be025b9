import type { NoiseEstimate, RuntimeSettings } from '../../preload/contract.js';
import { reportNoise } from '../core/image/noise-report.js';
import { lcm, type Nets } from './denoise-image.js';
import type { Pause } from './mutex.js';
import { runOnSample, type PhotoSample } from './sample.js';

/**
 * A quick measure of a photo's noise: the estimator sees a few places of it in full resolution, with a pause between them.
 * @throws AppError engine/cancelled, engine/*
 */
export async function measureSample(
  signal: AbortSignal,
  sample: PhotoSample,
  runtime: RuntimeSettings,
  nets: Nets,
  pause: Pause,
): Promise<NoiseEstimate> {
  const { depth, channels, neutral } = sample;
  const estimator = await nets.models.estimator();
  const variant = { type: depth === 8 ? 'uint8' : 'uint16', channels } as const;
  const grid = await runOnSample(
    signal,
    sample,
    {
      session: () => nets.sessions.estimate(estimator, variant, runtime),
      multiple: lcm(estimator.multiple, 8),
      scalars: {},
    },
    pause,
  );
  return reportNoise(grid, neutral);
}
