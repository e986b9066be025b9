import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Files and folders that Stillgrain was started with: by "open with", by a drop on its icon, or in a terminal. */

/** More than this in one start is a mistake; a folder says the same in one word. */
const MAX_OPENED = 10_000;

/**
 * The paths in a command line, absolute. Switches are passed over, Chromium's own among them; after `--` everything is
 * a path.
 * @param skip how many arguments come before: the program and, in development, the folder it is run from
 */
export function pathsOf(argv: readonly string[], cwd: string, skip: number): string[] {
  const args = argv.slice(skip);
  const end = args.indexOf('--');
  const before = end < 0 ? args : args.slice(0, end);
  const after = end < 0 ? [] : args.slice(end + 1);
  return [...before.filter((arg) => !arg.startsWith('-')), ...after]
    .flatMap((arg) => toPath(arg, cwd) ?? [])
    .slice(0, MAX_OPENED);
}

/** A desktop entry of Linux may hand over URLs: those of files are files, and no other is anything to us. */
function toPath(arg: string, cwd: string): string | undefined {
  if (arg === '' || arg.includes('\0')) return undefined;
  // Two letters at least: one is a drive of Windows.
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(arg)) return path.resolve(cwd, arg);
  try {
    return fileURLToPath(arg);
  } catch {
    return undefined;
  }
}

/** What a second start hands to the first: read as carefully as anything that comes from outside. */
export function handedPaths(data: unknown): string[] {
  if (typeof data !== 'object' || data === null || !('paths' in data) || !Array.isArray(data.paths)) return [];
  return data.paths
    .filter((entry): entry is string => typeof entry === 'string' && path.isAbsolute(entry))
    .slice(0, MAX_OPENED);
}
