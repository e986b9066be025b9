import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../../preload/generate/generate-calls.js';
import type { ParentPhoto } from '../../../preload/generate/recipe.js';
import { AppError, toWireError } from '../../core/errors.js';
import { writeCacheFile } from '../atomic-file.js';
import type { Report } from '../service.js';
import { PRIORITY } from '../mutex.js';
import { contentName, identify } from './content.js';
import { squareOf } from './squares.js';
import type { Vae } from './vae.js';
import { stopIfAborted, type Workbench } from './workbench.js';

/** Latents of many photos, remembered by the photos' contents. */

export interface PhotoLatent {
  readonly path: string;
  readonly photo: ParentPhoto;
  readonly latent: Float32Array;
}

/** The latents of the photos that could be read, in their order, and why the others could not. */
export async function latentsOf(
  signal: AbortSignal,
  paths: readonly string[],
  vae: Vae,
  cache: string | null,
  report: Report,
  bench: Workbench,
): Promise<{ readonly known: PhotoLatent[]; readonly problems: Problem[] }> {
  if (cache !== null) await mkdir(cache, { recursive: true });
  const known: PhotoLatent[] = [];
  const problems: Problem[] = [];
  for (const [index, path] of paths.entries()) {
    stopIfAborted(signal);
    try {
      const photo = await identify(path);
      const file = cache === null ? null : join(cache, `${contentName(photo.sha256, vae.hashes)}.latent`);
      const old = file === null ? null : await remembered(file, vae.size);
      const latent = old ?? (await encode(signal, path, vae, bench));
      if (file !== null && old === null) await writeCacheFile(file, bytesOf(latent));
      known.push({ path, photo, latent });
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('input/'))
        problems.push({ path, error: toWireError(error) });
      else throw error;
    }
    report('generate', (index + 1) / paths.length, 0);
  }
  return { known, problems };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

async function remembered(file: string, size: number): Promise<Float32Array | null> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes?.length !== size * Float32Array.BYTES_PER_ELEMENT) return null;
  const latent = new Float32Array(new Uint8Array(bytes).buffer);
  return latent.every(Number.isFinite) ? latent : null;
}

async function encode(signal: AbortSignal, path: string, vae: Vae, bench: Workbench): Promise<Float32Array> {
  const square = await bench.decoded(
    signal,
    path,
    () => undefined,
    (image) => squareOf(image, vae.side),
  );
  const { mean } = await bench.infer(PRIORITY.measure, signal, () => vae.encode(square));
  return mean;
}

/** Says that nothing is left to work with. */
export function requireSome(known: readonly PhotoLatent[], least: number, problems: readonly Problem[]): void {
  if (known.length >= least) return;
  const [first] = problems;
  const why = first === undefined ? '' : `; ${first.path}: ${first.error.message}`;
  throw new AppError('input/not-found', `${known.length} of the photos can be used, ${least} are needed${why}`);
}
