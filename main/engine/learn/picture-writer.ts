import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CropSource } from '../../core/noise/crop.js';
import type { PlanarImage } from '../../core/noise/flat-patches.js';
import { writeAtomically } from '../atomic-file.js';
import { encodePicture } from '../codec.js';
import { toPixels } from './windows.js';

/** Writes pictures to learn from into a folder, as PNG: each is there whole or not at all. */
export class PictureWriter {
  /** Of what was written, in order. */
  readonly paths: string[] = [];

  private constructor(private readonly folder: string) {}

  /** @param folder made if it is not there */
  static async in(folder: string): Promise<PictureWriter> {
    await mkdir(folder, { recursive: true });
    return new PictureWriter(folder);
  }

  /**
   * @param name without an ending
   * @returns its path
   * @throws AppError 'output/...'
   */
  async write(name: string, image: CropSource | PlanarImage): Promise<string> {
    const { width, height, data } = image;
    const pixels = data instanceof Uint8Array ? { width, height, data } : toPixels({ width, height, data });
    const path = join(this.folder, `${name}.png`);
    await writeAtomically(path, { overwrite: true }, async (temp) =>
      writeFile(temp, await encodePicture({ ...pixels, channels: 3 }, 'png')),
    );
    this.paths.push(path);
    return path;
  }
}
