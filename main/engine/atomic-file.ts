import { constants } from 'node:fs';
import { access, link, lstat, open, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../core/errors.js';
import { tempName } from '../core/temp-name.js';
import { errnoOf, messageOf } from './codec/faults.js';

/** Writes a file that is either there whole or not there at all. */

export interface WriteOptions {
  /** False: an existing target is 'output/exists', decided in the same step that creates it. */
  readonly overwrite: boolean;
  /** The original, which the target must not be, by whatever names and links: else 'output/conflict'. */
  readonly source?: string;
}

/** A file system with less room than this is full: libvips and ExifTool do not say why a write failed. */
const FULL_BELOW_BYTES = 256 * 1024;

let count = 0;

/**
 * When a folder's disk was last found full. libvips does not say why it failed, and by the time that one looks, another
 * write that failed for the same reason may have made room by removing its own file.
 */
const foundFull = new Map<string, number>();

/**
 * Calls `write` with the path of a temporary file beside `target`; when it returns, the file is synced and put in
 * place. On any failure the temporary file is removed and an 'output/...' error is thrown; an `AppError` of another
 * area passes through.
 */
export async function writeAtomically<T>(
  target: string,
  options: WriteOptions,
  write: (tempPath: string) => Promise<T>,
): Promise<T> {
  const folder = dirname(target);
  const temp = join(folder, tempName(basename(target), process.pid, ++count));
  const startedAt = performance.now();
  try {
    await refuseTarget(target, options);
    const result = await write(temp);
    await syncFile(temp);
    await (options.overwrite ? rename(temp, target) : moveWithoutClobber(temp, target));
    await syncFolder(folder);
    return result;
  } catch (error) {
    throw await writeFault(error, folder, startedAt);
  } finally {
    // After success there is nothing of that name; ExifTool's own temporary file is left if it was killed.
    await Promise.all([temp, `${temp}_exiftool_tmp`].map((path) => rm(path, { force: true }).catch(() => undefined)));
  }
}

/**
 * Puts a file of a cache in place, whole or not at all, replacing what was there. It is not synced: what a crash of the
 * machine takes is made again.
 */
export async function writeCacheFile(target: string, data: Uint8Array): Promise<void> {
  const temp = join(dirname(target), tempName(basename(target), process.pid, ++count));
  try {
    await writeFile(temp, data);
    await rename(temp, target);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw await writeFault(error, dirname(target));
  }
}

/**
 * Throws what `writeAtomically` would refuse before it writes, so that minutes of work are not spent in vain:
 * 'output/conflict' for the original itself, 'output/exists' for a file that may not be replaced.
 */
export async function refuseTarget(target: string, { overwrite, source }: WriteOptions): Promise<void> {
  if (source !== undefined) await refuseSameFile(source, target);
  if (!overwrite) await refuseExisting(target);
}

async function refuseSameFile(input: string, output: string): Promise<void> {
  const [a, b] = await Promise.all([input, output].map((path) => stat(path, { bigint: true }).catch(() => null)));
  if (a && b && a.ino === b.ino && a.dev === b.dev) {
    throw new AppError('output/conflict', 'the result would overwrite its own original: choose another name or folder');
  }
}

async function refuseExisting(target: string): Promise<void> {
  const exists = await lstat(target).then(
    () => true,
    () => false,
  );
  if (exists) throw existsError();
}

function existsError(): AppError {
  return new AppError('output/exists', 'a file of that name is already there');
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the new name itself durable. Windows cannot open folders, and some network shares cannot sync them. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF'].includes(errnoOf(error) ?? '')) throw error;
  } finally {
    await folder.close();
  }
}

/** A hard link fails if the name is taken, which no rename does. */
async function moveWithoutClobber(temp: string, target: string): Promise<void> {
  try {
    await link(temp, target);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw existsError();
    // FAT, exFAT and some network shares have no hard links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'].includes(errnoOf(error) ?? '')) throw error;
    await claimAndReplace(temp, target);
  }
}

/** Claims the name by creating it exclusively and empty, then renames over the claim that is ours. */
async function claimAndReplace(temp: string, target: string): Promise<void> {
  const claim = await open(target, 'wx').catch((error: unknown) => {
    throw errnoOf(error) === 'EEXIST' ? existsError() : error;
  });
  await claim.close();
  try {
    await rename(temp, target);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

/**
 * The 'output/...' error of a failure to write into `folder`; an `AppError` of another area passes through.
 * @param startedAt when the write began (`performance.now`), if others may be writing there, too
 */
export async function writeFault(error: unknown, folder: string, startedAt = Infinity): Promise<AppError> {
  if (error instanceof AppError && error.code !== 'output/failed') return error;
  const says = `${messageOf(error)} ${error instanceof Error ? messageOf(error.cause) : ''}`;
  const errno = errnoOf(error) ?? '';
  const cause = { cause: error };
  const isSaid = ['ENOSPC', 'EDQUOT'].includes(errno) || /no space left|quota exceeded/i.test(says);
  const full = isSaid || (await isFull(folder));
  if (full) foundFull.set(folder, performance.now());
  if (full || (foundFull.get(folder) ?? -Infinity) >= startedAt) {
    return new AppError('output/disk-full', 'no space left on the disk: make room or choose another folder', cause);
  }
  if (['EROFS', 'EACCES', 'EPERM'].includes(errno) || (await isReadOnly(folder))) {
    return new AppError('output/read-only', 'the folder cannot be written to: choose another', cause);
  }
  if (error instanceof AppError) return error;
  return new AppError(
    'output/failed',
    REASONS[errno] ?? `the result could not be written (${errno || 'no reason given'})`,
    cause,
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the folder for the result is not there',
  ENOTDIR: 'the folder for the result is not a folder',
  ENAMETOOLONG: "the result's name is longer than the system allows",
  EISDIR: "a folder has the result's name",
  ENOTEMPTY: "a folder has the result's name",
  EIO: 'the disk reports an error',
};

async function isFull(folder: string): Promise<boolean> {
  const stats = await statfs(folder).catch(() => null);
  return stats !== null && stats.bavail * stats.bsize < FULL_BELOW_BYTES;
}

async function isReadOnly(folder: string): Promise<boolean> {
  const errno = await access(folder, constants.W_OK).then(() => undefined, errnoOf);
  return errno === 'EROFS' || errno === 'EACCES' || errno === 'EPERM';
}
