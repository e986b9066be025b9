import { readdir, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseTempName, tempName } from '../core/temp-name.js';
import { PROBE } from './output-folder.js';
import { isPidAlive } from './owner.js';

/**
 * A temporary file whose process is not among ours may belong to another machine that shares the folder; nobody
 * writes on one file for so long.
 */
const ABANDONED_MS = 3_600_000;

/** ExifTool writes beside the file that it is given. */
const EXIFTOOL_SUFFIX = /_exiftool_tmp$/;

/**
 * Removes temporary files that dead processes left in output folders, and says how many. `interrupted` are outputs
 * that a dead process of this machine was writing: theirs go at once, whatever their age.
 */
export async function sweepTemps(folders: Iterable<string>, interrupted: Iterable<string>): Promise<number> {
  // A kill may come before anything is known of the outputs: then the probe alone is left.
  const names = [PROBE, ...Array.from(interrupted, (output) => basename(output))];
  const ours = new Set(names.map((name) => stemOf(tempName(name, 0, 0))));
  let removed = 0;
  for (const folder of new Set(folders)) {
    for (const name of await readdir(folder).catch(() => [])) {
      const owner = parseTempName(name.replace(EXIFTOOL_SUFFIX, ''));
      if (owner === null || isPidAlive(owner.pid)) continue;
      const path = join(folder, name);
      if (!ours.has(stemOf(name)) && !(await isAbandoned(path))) continue;
      removed += await unlink(path).then(
        () => 1,
        () => 0,
      );
    }
  }
  return removed;
}

const stemOf = (temp: string): string => temp.slice(0, temp.lastIndexOf('.stillgrain-'));

async function isAbandoned(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > ABANDONED_MS;
}
