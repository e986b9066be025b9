import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DenoiseSettings, RuntimeSettings } from '../../../preload/contract/settings.js';
import type { ParentPhoto, VariationRecipe } from '../../../preload/generate/recipe.js';
import { inputFault } from '../codec/faults.js';
import type { ModelStore } from '../models.js';
import { choosePrecision } from '../sessions.js';

/** Hashes of files that have been read, by path and stamp: each point of a map asks for those of the whole library. */
const known = new Map<string, { readonly stamp: string; readonly sha256: string }>();
const MOST_KNOWN = 20_000;

/** The name and the SHA-256 of a photo's file, which recipes know it by. @throws AppError input/... */
export async function identify(path: string): Promise<ParentPhoto> {
  const name = basename(path);
  try {
    const { ino, size, mtimeMs } = await stat(path);
    const stamp = `${ino} ${size} ${mtimeMs}`;
    const old = known.get(path);
    if (old?.stamp === stamp) return { name, sha256: old.sha256 };
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const sha256 = hash.digest('hex');
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(path, { stamp, sha256 });
    return { name, sha256 };
  } catch (error) {
    throw inputFault(error);
  }
}

/**
 * What a photo was denoised with, as recipes have it: a model of the person's own by its file's name, since folders are
 * nobody's business. Errors as `ModelStore.denoiser`.
 */
export async function denoisedWith(
  settings: DenoiseSettings,
  runtime: RuntimeSettings,
  models: ModelStore,
): Promise<VariationRecipe['denoise']> {
  const { sha256 } = await models.denoiser(settings.model, choosePrecision(runtime));
  return { settings: { ...settings, model: basename(settings.model) }, sha256 };
}

/** A short name for what some values determine. */
export function contentName(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
