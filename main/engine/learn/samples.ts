import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleFiles } from '../../../preload/learn/learn-call.js';
import type { PlanarImage } from '../../core/noise/flat-patches.js';
import { writeAtomically } from '../atomic-file.js';
import { encodePicture } from '../codec.js';
import type { ToldNet } from './told-net.js';
import { toPixels } from './windows.js';

/** Small pictures of held-out parts, by which a person sees the net get better while it learns. */

/** More would take time from the training and room from the window. */
const MOST_PARTS = 4;

type Denoiser = Pick<ToldNet, 'denoise'>;

/** What is shown of each part, whatever the net makes of it. */
interface Part {
  readonly noisy: PlanarImage;
  readonly files: Omit<SampleFiles, 'current'>;
}

export class Samples {
  private constructor(
    private readonly folder: string,
    private readonly parts: readonly Part[],
  ) {}

  /** Chooses parts and writes them as they are and as the parent makes them. @throws AppError 'output/...' */
  static async begin(folder: string, heldOut: readonly PlanarImage[], parent: Denoiser): Promise<Samples> {
    await mkdir(folder, { recursive: true });
    const parts: Part[] = [];
    for (const [index, noisy] of spread(heldOut).entries()) {
      parts.push({
        noisy,
        files: {
          noisy: await write(join(folder, `${index}-noisy.png`), noisy),
          parent: await write(join(folder, `${index}-parent.png`), await parent.denoise(noisy, 1)),
        },
      });
    }
    return new Samples(folder, parts);
  }

  /** Writes what a net makes of them; the name says after which step. @throws AppError 'output/...' */
  async make(net: Denoiser, round: number, step: number): Promise<SampleFiles[]> {
    const made: SampleFiles[] = [];
    for (const [index, { noisy, files }] of this.parts.entries()) {
      const path = join(this.folder, `${index}-${round}-${step}.png`);
      made.push({ ...files, current: await write(path, await net.denoise(noisy, 1)) });
    }
    return made;
  }
}

/** A few of them, evenly spread: neighbours are of one photo. */
function spread(all: readonly PlanarImage[]): PlanarImage[] {
  const count = Math.min(MOST_PARTS, all.length);
  return Array.from({ length: count }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / count)]!);
}

async function write(path: string, image: PlanarImage): Promise<string> {
  const png = await encodePicture({ ...toPixels(image), channels: 3 }, 'png');
  await writeAtomically(path, { overwrite: true }, (temp) => writeFile(temp, png));
  return path;
}
