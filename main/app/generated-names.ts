import { basename, extname, join } from 'node:path';
import { lstat } from 'node:fs/promises';
import type { EncodeSettings } from '../../preload/contract.js';
import type { OutputFile } from '../../preload/generate/generate-calls.js';
import type { ExistingPolicy } from './disposition.js';
import { safeName } from './safe-name.js';

/** Names of generated files, and what becomes of those whose name is taken. */

const EXTENSIONS = { jpeg: '.jpg', png: '.png', tiff: '.tif', webp: '.webp', avif: '.avif' } as const;

/** The names of a photo's variations, without folder: PHOTO-LABEL.EXT. */
export function variationName(photo: string, label: string, format: EncodeSettings['format']): string {
  const own = extname(photo);
  const extension = format === 'keep' ? own : EXTENSIONS[format];
  return safeName(`${basename(photo, own)}-${label.replace(/\s+/g, '-')}`, extension);
}

/** The names of a row of files: PREFIX-001.EXT and on, as many digits as the last needs. */
export function numberedNames(prefix: string, count: number, extension: string): string[] {
  const digits = Math.max(3, String(count).length);
  return Array.from({ length: count }, (_, i) => `${prefix}-${String(i + 1).padStart(digits, '0')}${extension}`);
}

/**
 * Where a file of that name goes in a folder; null where one is there and stays.
 *
 * @param taken names given in this run already, which no other file gets; the name found is added
 */
export async function placeOutput(
  folder: string,
  name: string,
  policy: ExistingPolicy,
  taken: Set<string>,
): Promise<OutputFile | null> {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : safeName(`${stem} (${number})`, extension);
    if (taken.has(candidate)) continue;
    const path = join(folder, candidate);
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    if (isThere && policy === 'rename') continue;
    taken.add(candidate);
    if (isThere && policy === 'skip') return null;
    return { path, overwrite: policy === 'overwrite' };
  }
}
