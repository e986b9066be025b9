import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../core/errors.js';
import { ExifToolProcess, ExifToolUnavailable } from './metadata/exiftool-process.js';
import type { ExifToolAnswer } from './metadata/exiftool-process.js';
import { copyArguments, locationQuery } from './metadata/copy-arguments.js';
import type { MetadataJob } from './metadata/copy-arguments.js';

/** Carries EXIF, XMP and IPTC from an original to its result, by ExifTool. See docs/decisions/0001. */

export type MetadataOutcome =
  | { readonly kind: 'copied'; readonly notes: readonly string[] }
  /** Nothing was written; `reason` is one line. */
  | { readonly kind: 'failed'; readonly reason: string };

let shared: ExifToolProcess | null = null;
/** Commands run one after another: the process has one input and one output. */
let last: Promise<unknown> = Promise.resolve();

/** Copies what `job.policy` allows. Throws 'output/failed' if the target could not be written. */
export async function copyMetadata(job: MetadataJob): Promise<MetadataOutcome> {
  const { policy, orientation } = job;
  if (policy === 'none' && orientation === null) return { kind: 'copied', notes: [] };
  try {
    return await withSafePaths(job, async (safe) => {
      const leaveOut = policy === 'no-location' && (await run(locationQuery(safe.source))).stdout.trim() !== '';
      return outcome(await run(copyArguments(safe, leaveOut)));
    });
  } catch (error) {
    if (error instanceof ExifToolUnavailable) return { kind: 'failed', reason: error.message };
    throw error;
  }
}

/** ExifTool's version, or 'not available' when it cannot run. */
export async function metadataVersion(): Promise<string> {
  try {
    return (await run(['-ver'])).stdout.trim();
  } catch (error) {
    if (error instanceof ExifToolUnavailable) return 'not available';
    throw error;
  }
}

/** Ends the ExifTool process, if one runs; the next use starts another. */
export async function closeMetadata(): Promise<void> {
  await last.catch(() => undefined);
  await shared?.close();
  shared = null;
}

function run(args: readonly string[]): Promise<ExifToolAnswer> {
  const result = last.then(
    () => runNow(args),
    () => runNow(args),
  );
  last = result;
  return result;
}

/** A process that has died since its last use is replaced, and one that dies in use is given a second chance. */
async function runNow(args: readonly string[]): Promise<ExifToolAnswer> {
  if (shared?.isUsable) {
    try {
      return await shared.execute(args);
    } catch (error) {
      if (!(error instanceof ExifToolUnavailable)) throw error;
    }
  }
  shared = new ExifToolProcess();
  return shared.execute(args);
}

function outcome(answer: ExifToolAnswer): MetadataOutcome {
  const lines = answer.stderr.split('\n').map((line) => line.trim());
  const error = lines.find((line) => line.startsWith('Error:'));
  if (error !== undefined) {
    const reason = withoutPath(error);
    // ExifTool says 'Error writing', 'Error creating', 'Error renaming' when the disk refuses.
    if (/error (writing|creating|renaming)/i.test(reason)) throw new AppError('output/failed', reason);
    return { kind: 'failed', reason };
  }
  // A source that cannot be opened is but a warning to ExifTool.
  if (lines.some((line) => /error opening file/i.test(line))) {
    return { kind: 'failed', reason: 'the original could not be opened' };
  }
  const warning = lines.find((line) => line.startsWith('Warning:') && !/No writable tags set/.test(line));
  const notes = warning === undefined ? [] : [`Some metadata of the original is damaged: ${withoutPath(warning)}`];
  return { kind: 'copied', notes };
}

/** 'Error: Not a valid JPG - /tmp/x.jpg' without its first word and the path, which is of a temporary file. */
function withoutPath(line: string): string {
  return line.replace(/^(Error|Warning):\s*/, '').replace(/ - [^-]*[\\/].*$/, '');
}

/**
 * Calls `use` with paths that ExifTool's arguments can hold: they are lines, and in the name of a source '%' starts a
 * code that nothing escapes. Such paths are reached through links in a folder of our own.
 */
async function withSafePaths<T>(job: MetadataJob, use: (safe: MetadataJob) => Promise<T>): Promise<T> {
  const isSourceSafe = !/[\r\n%]/.test(job.source);
  const isTargetSafe = !/[\r\n]/.test(job.target);
  if (isSourceSafe && isTargetSafe) return use(job);
  const links = await mkdtemp(join(tmpdir(), 'stillgrain-'));
  try {
    const source = isSourceSafe ? job.source : await linkSource(job.source, join(links, 'source'));
    const target = isTargetSafe ? job.target : await linkTarget(job.target, join(links, 'folder'));
    return await use({ ...job, source, target });
  } finally {
    await rm(links, { recursive: true, force: true });
  }
}

/** A copy does as well where links need a privilege, as on Windows: the source is only read. */
async function linkSource(source: string, link: string): Promise<string> {
  await symlink(source, link).catch(() => copyFile(source, link));
  return link;
}

/** The folder is linked, so that a file rewritten through the link stays where it is. Windows has no such names. */
async function linkTarget(target: string, link: string): Promise<string> {
  await symlink(dirname(target), link);
  return join(link, basename(target));
}
