import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import type { Format } from '../../../preload/contract.js';
import { AppError } from '../../core/errors.js';
import { inputFault } from './faults.js';
import { SNIFF_BYTES, sniff } from './sniff.js';
import { checkTiff } from './tiff-checks.js';
import { checkPng, checkWebp } from './chunk-checks.js';

/** Which file, and in which state: tells whether it was changed or replaced since. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: number;
  readonly modifiedNs: bigint;
}

/** What can be said of an image file from its structure, before any decoder sees it. */
export interface Inspection {
  readonly format: Format;
  readonly identity: FileIdentity;
  /** WebP: stored losslessly. */
  readonly lossless: boolean;
  /** TIFF: the compression tag of the first directory. */
  readonly tiffCompression: number | null;
}

const FORMATS_READ = 'Stillgrain reads JPEG, PNG, TIFF, WebP and AVIF';

/** Identifies the file at `path`, refusing with an `AppError` whatever is no photograph that we handle. */
export async function inspectFile(path: string): Promise<Inspection> {
  try {
    const identity = await identify(path);
    const file = await open(path, 'r');
    try {
      return await inspectOpen(file, identity);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw inputFault(error);
  }
}

/** Throws 'input/changed' if the file is no longer the one that was identified. */
export async function assertUnchanged(path: string, before: FileIdentity): Promise<void> {
  const now = await stat(path, { bigint: true }).then(identityOf, () => null);
  const same =
    now !== null &&
    now.inode === before.inode &&
    now.device === before.device &&
    now.size === before.size &&
    now.modifiedNs === before.modifiedNs;
  if (!same) throw new AppError('input/changed', 'the file changed while it was being read: try again');
}

async function identify(path: string): Promise<FileIdentity> {
  const stats = await stat(path, { bigint: true });
  if (stats.isDirectory()) throw new AppError('input/not-an-image', 'this is a folder, not an image file');
  if (!stats.isFile()) throw new AppError('input/not-an-image', 'this is a device or a pipe, not an image file');
  if (stats.size === 0n) throw new AppError('input/empty', 'the file is empty (0 bytes)');
  return identityOf(stats);
}

function identityOf(stats: BigIntStats): FileIdentity {
  return { device: stats.dev, inode: stats.ino, size: Number(stats.size), modifiedNs: stats.mtimeNs };
}

async function inspectOpen(file: FileHandle, identity: FileIdentity): Promise<Inspection> {
  const head = Buffer.alloc(Math.min(SNIFF_BYTES, identity.size));
  await file.read(head, 0, head.length, 0);
  const sniffed = sniff(head);
  if (sniffed.kind === 'unknown') {
    throw new AppError('input/not-an-image', `the contents are no image that we know: ${FORMATS_READ}`);
  }
  if (sniffed.kind === 'foreign') {
    throw new AppError('input/unsupported', `${sniffed.name} files are not supported: ${FORMATS_READ}`);
  }
  const { format } = sniffed;
  const tiff = format === 'tiff' ? await checkTiff(file, identity.size, head) : null;
  if (format === 'png') await checkPng(file, identity.size);
  const lossless = format === 'webp' && (await checkWebp(file, identity.size)).lossless;
  return { format, identity, lossless, tiffCompression: tiff?.compression ?? null };
}
