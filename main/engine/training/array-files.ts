import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WrittenArray } from '../../../preload/training/gradient-calls.js';
import { AppError } from '../../core/errors.js';
import { writeNpy } from '../../core/npy.js';
import { writeAtomically, writeFault } from '../atomic-file.js';
import { errnoOf } from '../codec/faults.js';

/** Arrays named after a model's initializers, as .npy files of a folder. */

export interface NamedArray {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Leaves room for an ending and a number within the 255 bytes that file systems allow, whatever the script. */
const MAX_STEM_CHARACTERS = 80;
// oxlint-disable-next-line no-control-regex -- these are what Windows does not allow
const FORBIDDEN = process.platform === 'win32' ? /[<>:"|?*\\/\u0000-\u001f]/g : /[/\u0000]/g;
const FORBIDDEN_WHOLE = process.platform === 'win32' ? /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i : /^$/;
const ignoresCase = process.platform !== 'linux';

/**
 * A file name without ending for each name: characters that a file name cannot hold become `_`, and what would be the
 * name of another, or is reserved, gets a number.
 */
export function fileStems(names: readonly string[], reserved: readonly string[]): string[] {
  const key = (stem: string): string => (ignoresCase ? stem.toLowerCase() : stem);
  // Names that can stay as they are have the first right to them.
  const plain = new Set(names.filter((name) => stemOf(name) === name).map(key));
  const taken = new Set(reserved.map(key));
  return names.map((name) => {
    const wanted = stemOf(name);
    const isFree = (stem: string): boolean => !taken.has(key(stem)) && (stem === name || !plain.has(key(stem)));
    let stem = wanted;
    for (let number = 2; !isFree(stem); number++) stem = `${wanted}-${number}`;
    taken.add(key(stem));
    return stem;
  });
}

function stemOf(name: string): string {
  const safe = name.replace(FORBIDDEN, '_').replace(/^\.+/, (dots) => '_'.repeat(dots.length));
  const whole = FORBIDDEN_WHOLE.test(safe) ? `_${safe}` : safe;
  const short = Array.from(whole).slice(0, MAX_STEM_CHARACTERS).join('');
  return process.platform === 'win32' ? short.replace(/[. ]$/, '_') : short;
}

/** Makes a folder, and those that it is in. @throws AppError 'output/...' with the folder's name */
export async function makeFolder(folder: string): Promise<void> {
  // Not mkdir's own way to make parents: where none can be made, as below /proc, it tries for ever.
  const parent = dirname(folder);
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => null,
  );
  if (isThere === true) return;
  if (isThere === false) throw new AppError('output/failed', `${folder} is a file: choose a folder for the results`);
  if (parent !== folder) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    throw inFolder(await writeFault(error, parent), folder);
  }
}

/**
 * Writes arrays into a folder that is there.
 * @param stems names of their files
 * @param prefix what the files' names in the answer start with
 * @throws AppError 'output/...'
 */
export async function writeArrays(
  folder: string,
  prefix: string,
  arrays: readonly NamedArray[],
  stems: readonly string[],
): Promise<WrittenArray[]> {
  const written: WrittenArray[] = [];
  for (const [index, { name, dims, data }] of arrays.entries()) {
    const file = `${prefix}${stems[index]!}.npy`;
    await writeBytes(folder, file, writeNpy(dims, data));
    written.push({ name, file, shape: [...dims], norm: normOf(data) });
  }
  return written;
}

/** Writes a file of the folder, whole or not at all. @throws AppError 'output/...' with the file's name */
export async function writeBytes(folder: string, file: string, bytes: Uint8Array | string): Promise<void> {
  const target = join(folder, file);
  try {
    await writeAtomically(target, { overwrite: true }, (temp) => writeFile(temp, bytes));
  } catch (error) {
    throw error instanceof AppError ? inFolder(error, target) : error;
  }
}

/** Refuses a folder in which a result would take the place of a file that was read. @throws AppError 'output/conflict' */
export async function refuseOriginals(
  folder: string,
  files: readonly string[],
  originals: readonly string[],
): Promise<void> {
  const idOf = async (path: string): Promise<string | null> => {
    const found = await stat(path, { bigint: true }).catch(() => null);
    return found === null ? null : `${found.dev}:${found.ino}`;
  };
  const known = new Set(await Promise.all(originals.map(idOf)));
  for (const file of files) {
    const id = await idOf(join(folder, file));
    if (id !== null && known.has(id)) {
      throw new AppError(
        'output/conflict',
        `${join(folder, file)} would be replaced by a result: choose another folder`,
      );
    }
  }
}

const inFolder = (error: AppError, path: string): AppError =>
  new AppError(error.code, `${path}: ${error.message}`, { cause: error });

function normOf(data: Float32Array): number | null {
  const norm = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
  return Number.isFinite(norm) ? norm : null;
}
