import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { openSession, type RuntimeTensor } from '../../main/engine/runtime.js';
import { denoise, ROOT } from '../support/cli.js';
import { writeLargePhoto } from './photos.js';

const CHANNELS = 3;

/**
 * Measures the stored networks without the program around them, on the CPU: the estimator, then the denoiser, on one
 * tile of constant content again and again; the time of everything after the first. Returns megapixels per second.
 *
 * @param tile side in pixels
 * @param seconds to go on for
 */
export async function measureBareRate(model: string, tile: number, seconds: number): Promise<number> {
  const open = async (name: string) =>
    openSession(await readFile(path.join(ROOT, `models/${name}.onnx`)), { provider: 'cpu', threads: null });
  const estimator = await open('noise-estimator');
  const denoiser = await open(`denoise-${model}`);
  const constant = (value: number): RuntimeTensor => ({
    type: 'float32',
    dims: [1, CHANNELS, tile, tile],
    data: new Float32Array(CHANNELS * tile * tile).fill(value),
  });
  const [image, sigma] = [constant(0.5), constant(0.1)];
  const runBoth = async (): Promise<void> => {
    await estimator.run({ image });
    await denoiser.run({ image, sigma });
  };
  try {
    await runBoth();
    const start = performance.now();
    let tiles = 0;
    do {
      await runBoth();
      tiles += 1;
    } while (performance.now() - start < seconds * 1000);
    return (tiles * tile * tile) / ((performance.now() - start) * 1000);
  } finally {
    await estimator.release();
    await denoiser.release();
  }
}

/** How fast the program works through a folder. */
export interface FolderRate {
  /** Megapixels of photos per second, from the start of the process to its end. */
  readonly rate: number;
  readonly megapixels: number;
}

/** Makes a folder of large JPEGs: one, and copies of it under other names, since the work on each is the same. */
export async function makeFolder(folder: string, photos: number, megapixels: number): Promise<string[]> {
  const files = Array.from({ length: photos }, (_, i) => path.join(folder, `photo-${i + 1}.jpg`));
  await writeLargePhoto(files[0]!, megapixels, 1);
  for (const file of files.slice(1)) await copyFile(files[0]!, file);
  return files;
}

/** Times the real command over photos, JPEG in and JPEG out. */
export async function measureFolderRate(
  files: readonly string[],
  out: string,
  args: readonly string[],
): Promise<FolderRate> {
  const run = await denoise([...files, '--out', out, ...args]);
  const failed = run.files.find((file) => file.status !== 'done');
  if (failed || run.files.length !== files.length) {
    throw new Error(`the command failed: ${failed?.error?.message ?? `exit code ${run.exitCode}`}`);
  }
  const megapixels = run.files.reduce((sum, file) => sum + (file.width ?? 0) * (file.height ?? 0), 0) / 1e6;
  return { rate: (megapixels * 1000) / run.ms, megapixels };
}
