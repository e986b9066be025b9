import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EventPayload } from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import { tempName } from '../core/temp-name.js';
import { outputError } from './fs-errors.js';

/** Small files of the state folder, such as the list of photos. */

let count = 0;

/** Writes a file that is either there whole, and on the disk, or as it was before. */
export async function writeStored(path: string, chunks: Iterable<string | Uint8Array>): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temp = join(folder, tempName(basename(path), process.pid, ++count));
  try {
    const file = await open(temp, 'w', 0o600);
    try {
      // Chunk by chunk, so that a long list is put into words between other work and not in one go.
      for (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temp, path);
  } finally {
    await rm(temp, { force: true }).catch(() => undefined);
  }
}

/**
 * Writes a file of the person's own choice, whole or not at all; what is there already stays.
 * @throws AppError 'output/exists', and what `outputError` makes of the rest
 */
export async function writeNew(path: string, data: Uint8Array): Promise<void> {
  const temp = join(dirname(path), tempName(basename(path), process.pid, ++count));
  try {
    const file = await open(temp, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await putInPlace(temp, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new AppError('output/exists', `${path} is there already: choose another name`, { cause: error });
    }
    throw outputError(error, path);
  } finally {
    await rm(temp, { force: true }).catch(() => undefined);
  }
}

/** A hard link fails with EEXIST if the name is taken, which no rename does; where there are none, the name is claimed. */
async function putInPlace(temp: string, path: string): Promise<void> {
  try {
    await link(temp, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
    await (await open(path, 'wx')).close();
    await rename(temp, path);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  'output/disk-full': 'the disk is full',
  'output/read-only': "the folder of the program's data cannot be written to",
};

/** What the person is told when something could not be written: `what` begins the sentence. */
export function saveFault(what: string, error: unknown): EventPayload<'app.notice'> {
  const { code } = outputError(error, '');
  const reason = REASONS[code] ?? ((error as NodeJS.ErrnoException).code || String(error));
  return { level: 'warning', code, message: `${what} could not be saved: ${reason}` };
}

/** Writes behind changes: soon after the first of them, one write at a time, never fewer than are needed. */
export class Saver {
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param onFault hears of a write that failed: the change is kept in memory and written with the next */
  constructor(
    private readonly write: () => Promise<void>,
    private readonly delayMs: number,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** Something has changed. */
  touch(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.delayMs);
  }

  /** Writes what is not written yet, now; resolves when it is on the disk or could not be written. */
  flush(): Promise<void> {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.write()).catch(this.onFault);
    }
    return this.#writing;
  }
}
