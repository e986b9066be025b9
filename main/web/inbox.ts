import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, statfs, utimes, type FileHandle } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { safeName } from '../app/safe-name.js';
import { RequestRefused } from './answer.js';

/** Left free for the rest of the machine. */
const RESERVE_BYTES = 512 * 1024 * 1024;
const MAX_DEPTH = 32;
/** Files and folders that are kept. */
const MAX_FILES = 20_000;
/** With the inbox before it, within what every file system takes for a path. */
const MAX_PATH_BYTES = 2000;
/** Names that are tried for a file whose own is taken. */
const MAX_NAMESAKES = 1000;

/** Marks the folder of a request that is still arriving. */
const ARRIVING = '.part';

/** A private folder for photos that a browser sends: each request has a folder of its own in it. */
export class Inbox {
  constructor(private readonly folder: string) {}

  /** @throws RequestRefused when so many more files are too many. */
  async makeRoom(files: number): Promise<void> {
    const held = await readdir(this.folder, { recursive: true });
    if (held.length + files <= MAX_FILES) return;
    throw new RequestRefused(
      413,
      `At most ${MAX_FILES} files can be sent; start Stillgrain with --root to work on photos where they are.`,
    );
  }

  /** Makes the folder of one request. @throws RequestRefused when so many bytes do not fit. */
  async accept(bytes: number): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(this.folder);
    if (bytes > bavail * bsize - RESERVE_BYTES) throw full();
    const folder = join(this.folder, randomBytes(12).toString('hex') + ARRIVING);
    await mkdir(folder, { mode: 0o700 });
    return folder;
  }

  /** Keeps what has arrived for a request; returns where it is from now on. */
  async keep(folder: string): Promise<string> {
    const kept = folder.slice(0, -ARRIVING.length);
    await rename(folder, kept);
    return kept;
  }

  /** The folders of requests that have arrived as a whole. Takes away what is left of those that have not. */
  async kept(): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names) if (name.endsWith(ARRIVING)) await this.discard(join(this.folder, name));
    return names.filter((name) => !name.endsWith(ARRIVING)).map((name) => join(this.folder, name));
  }

  /** Takes a request's folder away with all that has arrived. */
  async discard(folder: string): Promise<void> {
    if (this.#holds(folder)) await rm(folder, { recursive: true, force: true });
  }

  /** Deletes a photo that has left the library, and folders that are empty without it; nothing outside the inbox. */
  async remove(file: string): Promise<void> {
    if (!this.#holds(file)) return;
    await rm(file, { force: true });
    for (let folder = dirname(file); this.#holds(folder); folder = dirname(folder)) {
      const emptied = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!emptied) return;
    }
  }

  #holds(path: string): boolean {
    const way = relative(this.folder, path);
    return way !== '' && way.split(sep)[0] !== '..' && !isAbsolute(way);
  }
}

/**
 * Writes one file of a request to where its path within the request says. Returns the absolute path.
 * @throws RequestRefused for a file that is too large, or a full disk
 */
export async function storeFile(
  folder: string,
  segments: readonly string[],
  content: Readable & { readonly truncated?: boolean },
  modifiedAt: number,
): Promise<string> {
  try {
    const parents = join(folder, ...segments.slice(0, -1));
    await mkdir(parents, { recursive: true, mode: 0o700 });
    const { path, handle } = await createFile(parents, segments.at(-1)!);
    await pipeline(content, handle.createWriteStream());
    if (content.truncated === true) {
      throw new RequestRefused(413, `"${segments.at(-1)!}" is larger than 2 GB, the most that can be sent.`);
    }
    const seconds = modifiedAt / 1000;
    await utimes(path, seconds, seconds);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOSPC' || code === 'EDQUOT' ? full() : error;
  }
}

/** Makes a file of this name, or with a number behind it where the name is taken. */
async function createFile(folder: string, name: string): Promise<{ path: string; handle: FileHandle }> {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  for (let copy = 1; ; copy++) {
    const path = join(folder, copy === 1 ? name : safeName(`${stem} (${copy})`, extension));
    try {
      return { path, handle: await open(path, 'wx', 0o600) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || copy === MAX_NAMESAKES) throw error;
    }
  }
}

const full = (): RequestRefused =>
  new RequestRefused(507, 'There is not enough space on the disk of the server for these files.');

/**
 * The segments of a path that a browser gives for a file, as names that this system can hold.
 * @throws RequestRefused for a path that no drop gives: one that climbs, starts at a root, or has no end
 */
export function safeSegments(path: string): string[] {
  const segments = path.split('/');
  const odd = segments.some((segment) => ['', '.', '..'].includes(segment) || segment.includes('\0'));
  if (odd || segments.length > MAX_DEPTH || Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new RequestRefused(400, 'A file was sent with a path that is none.');
  }
  return segments.map((segment, index) => {
    const extension = index === segments.length - 1 ? extname(segment) : '';
    return safeName(segment.slice(0, segment.length - extension.length), extension);
  });
}
