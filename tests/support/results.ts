import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sharp } from './codec-photos.js';

/** Looks at what the program has written, by other means than its own where it can. */

/** Every file below a folder, hidden ones too, as paths with '/', sorted. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** What would change of each file if somebody wrote to it. */
export const stamps = (folder: string): Record<string, string> =>
  Object.fromEntries(
    filesIn(folder).map((file) => {
      const path = join(folder, file);
      const { mtimeNs, ino, size } = statSync(path, { bigint: true });
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      return [file, `${hash} ${size} ${ino} ${mtimeNs}`];
    }),
  );

/** Unpacks a zip by a program that is not ours, which checks its sums. */
export function unzip(path: string, folder: string): void {
  const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    z.extractall(sys.argv[2])`;
  execFileSync('python3', ['-c', script, path, folder]);
}

/** The pixels of a picture as they are in the file, with what tells how they are meant. */
export async function pixelsOf(path: string): Promise<{ readonly hash: string; readonly meaning: object }> {
  const image = sharp(path);
  const { depth, icc, orientation } = await image.metadata();
  const { data, info } = await image.raw({ depth }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const profile = icc === undefined ? null : sum(icc);
  return { hash: sum(data), meaning: { width, height, channels, depth, orientation, profile } };
}
