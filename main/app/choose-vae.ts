import { resolve } from 'node:path';
import { exists } from './exists.js';
import type { VaeLibrary } from './vae-library.js';

/**
 * Where the VAE is that `--vae` means: one of the person's own by its name or id, else what lies at a path.
 * @returns absolute; null: the shipped one
 * @throws AppError 'model/not-found' for a plain word that is neither; 'model/invalid' for one that is damaged
 */
export async function chooseVae(wanted: string | null, library: VaeLibrary): Promise<string | null> {
  if (wanted === null) return null;
  const own = await library.find(wanted);
  if (own !== null) return own.folder;
  const place = resolve(wanted);
  const isPath = /[/\\]/.test(wanted) || (await exists(place)) || (await exists(`${place}-encoder.onnx`));
  return isPath ? place : (await library.get(wanted)).folder;
}
