import { lstat, mkdir, open, realpath, stat, statfs, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../core/errors.js';
import { tempName } from '../core/temp-name.js';
import { outputError } from './fs-errors.js';

/** What the file is named after that tells whether a folder can be written to; it lives for milliseconds. */
export const PROBE = 'probe';

export interface OutputFolder {
  /** Absolute, links resolved: the same folder always has the same path. */
  readonly path: string;
  readonly caseSensitive: boolean;
}

/**
 * Makes sure, before any work, that the output folder exists and can be written to.
 * @throws AppError output/read-only, output/disk-full or output/failed.
 */
export async function prepareOutputFolder(folder: string): Promise<OutputFolder> {
  const wanted = resolve(folder);
  try {
    await mkdir(wanted, { recursive: true });
    const path = await realpath(wanted);
    // Named like any temporary file of ours, so that a kill right here leaves nothing that is not cleared away later.
    const probe = join(path, tempName(PROBE, process.pid, 0));
    await (await open(probe, 'w')).close();
    const upper = join(path, tempName(PROBE.toUpperCase(), process.pid, 0));
    const caseSensitive = (await lstat(upper).catch(() => null)) === null;
    // Another process of ours may have cleared it away, thinking that nobody was behind it any more.
    await rm(probe, { force: true });
    return { path, caseSensitive };
  } catch (error) {
    throw outputError(error, wanted);
  }
}

/**
 * Makes sure that a chosen folder is still there: it would be made again on whatever disk is left in the place of the
 * one that is gone.
 * @throws AppError output/gone
 */
export async function checkFolder(folder: string): Promise<void> {
  const info = await stat(folder).catch(() => null);
  if (info?.isDirectory() === true) return;
  throw new AppError('output/gone', `the folder ${folder} is not there any more: is its disk connected?`);
}

/** Bytes that can still be written at a path; Infinity where the system does not say. */
export async function freeBytes(folder: string): Promise<number> {
  const info = await statfs(folder).catch(() => null);
  return info === null ? Number.POSITIVE_INFINITY : info.bavail * info.bsize;
}
