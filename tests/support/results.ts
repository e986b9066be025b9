import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from './cli.js';

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

/** What `compare --json` says of two pictures: null for the same pixels, else the ratio in dB. */
export async function psnr(a: string, b: string, state: string): Promise<number | null> {
  const { code, stdout, stderr } = await runCli(['compare', a, b, '--json'], { state });
  if (code !== 0) throw new Error(`comparing ended with ${code}: ${stderr}`);
  return (JSON.parse(stdout) as { psnr: number | null }).psnr;
}
