import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.js';
import type { PlanarImage } from '../../core/noise/flat-patches.js';
import { writeAtomically } from '../atomic-file.js';
import { encodePicture } from '../codec.js';
import type { SmoothedWindow } from './measure-noise.js';
import type { ToldNet } from './told-net.js';
import { toPixels } from './windows.js';

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
  const target = join(folder, 'sources');
  await mkdir(target, { recursive: true });
  const paths: string[] = [];
  const write = async (name: string, image: PlanarImage): Promise<void> => {
    const path = join(target, name);
    await writeAtomically(path, { overwrite: true }, async (temp) =>
      writeFile(temp, await encodePicture({ ...toPixels(image), channels: 3 }, 'png')),
    );
    paths.push(path);
  };
  for (const [index, { window, noisy, smooth }] of windows.entries()) {
    if (window.heldOut) continue;
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    const name = String(index).padStart(4, '0');
    await write(`${name}.png`, await net.denoise(noisy, SOURCE_FACTOR));
    await write(`${name}-half.png`, halved(smooth));
  }
  return paths;
}

/** An image at half its size: the mean of each 2x2 pixels. */
function halved({ width, height, data }: PlanarImage): PlanarImage {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Float32Array(3 * w * h);
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const from = (c * height + 2 * y) * width + 2 * x;
        out[(c * h + y) * w + x] = (data[from]! + data[from + 1]! + data[from + width]! + data[from + width + 1]!) / 4;
      }
    }
  }
  return { width: w, height: h, data: out };
}
