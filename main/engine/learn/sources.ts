import { join } from 'node:path';
import { AppError } from '../../core/errors.js';
import type { SmoothedWindow } from './measure-noise.js';
import type { ToldNet } from './told-net.js';
import { PictureWriter } from './picture-writer.js';

/**
 * What stands for clean photos where there are none: the noisy ones, denoised more strongly than they will be. Sharper
 * pictures (the same at half size, clean photos of another kind) teach to leave noise where these photos have no detail.
 */

/** How strongly what is learnt to be kept is denoised. */
const SOURCE_FACTOR = 1.7;

/**
 * Writes the windows that are not held out as pictures to learn from.
 * @returns their paths
 * @throws AppError 'output/...', 'engine/cancelled'
 */
export async function writeSources(
  signal: AbortSignal,
  folder: string,
  windows: readonly SmoothedWindow[],
  net: ToldNet,
): Promise<string[]> {
  const writer = await PictureWriter.in(join(folder, 'sources'));
  for (const [index, { window, noisy }] of windows.entries()) {
    if (window.heldOut) continue;
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    await writer.write(String(index).padStart(4, '0'), await net.denoise(noisy, SOURCE_FACTOR));
  }
  return writer.paths;
}
