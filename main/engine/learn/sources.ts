import { join } from 'node:path';
import { AppError } from '../../core/errors.js';
import { halvedImage } from '../../core/noise/planar.js';
import type { SmoothedWindow } from './measure-noise.js';
import type { ToldNet } from './told-net.js';
import { PictureWriter } from './picture-writer.js';

/**
 * What stands for clean photos where there are none: the noisy ones, denoised more strongly than they will be, as they are
 * and at half their size. What the first have lost in detail the second have: averaging has made them sharp, and has
 * taken what noise was left.
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
  for (const [index, { window, noisy, smooth }] of windows.entries()) {
    if (window.heldOut) continue;
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    const name = String(index).padStart(4, '0');
    await writer.write(name, await net.denoise(noisy, SOURCE_FACTOR));
    await writer.write(`${name}-half`, halvedImage(smooth));
  }
  return writer.paths;
}
