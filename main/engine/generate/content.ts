import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ParentPhoto } from '../../../preload/generate/recipe.js';
import { inputFault } from '../codec/faults.js';

/** The name and the SHA-256 of a photo's file, which recipes know it by. @throws AppError input/... */
export async function identify(path: string): Promise<ParentPhoto> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw inputFault(error);
  }
  return { name: basename(path), sha256: hash.digest('hex') };
}

/** A short name for what some values determine. */
export function contentName(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
