import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { AppError, toWireError, type WireError } from '../core/errors.js';
import { kindOf, type UnsupportedKind } from './file-kinds.js';
import { inputError } from './fs-errors.js';
import { naturalOrder } from './natural-order.js';
import { isInside } from './path-inside.js';

/** A photo to work on, and where it lies below the folder that was named. */
export interface Photo {
  /** Absolute. */
  readonly path: string;
  /** The folder that was named, or the one that holds the file that was named; absolute. */
  readonly root: string;
  /** From root to path. */
  readonly relative: string;
}

export type ScanEvent =
  /** `real` is its path with all links resolved: the file's identity. */
  | { readonly type: 'photo'; readonly photo: Photo; readonly real: string }
  /** An image of a kind that is not read; listed so that nobody wonders where it went. */
  | { readonly type: 'unsupported'; readonly path: string; readonly root: string; readonly kind: UnsupportedKind }
  | { readonly type: 'problem'; readonly path: string; readonly root: string; readonly error: WireError };

export interface ScanOptions {
  /** Whether folders within folders are walked. */
  readonly recursive: boolean;
  /** Folders that are not walked although they lie inside an input: where results go. */
  readonly exclude: readonly string[];
  /** Folders, links resolved, that nothing may lie outside of, links to elsewhere included; absent: anywhere. */
  readonly within?: readonly string[];
}

/**
 * Walks files and folders in natural order, as a stream. A named file is always given, whatever its name; in folders
 * the extension decides, and hidden files (our own temporary ones among them) are passed over. A file reached twice
 * is given once; a folder reached twice (a loop of links) is walked once.
 */
export async function* scan(inputs: readonly string[], options: ScanOptions): AsyncGenerator<ScanEvent, void> {
  const walk = new Walk(options.recursive, await folderIdentities(options.exclude), options.within);
  for (const input of inputs) yield* walk.input(resolve(input));
}

class Walk {
  readonly #seenFiles = new Set<string>();
  readonly #seenFolders = new Set<string>();

  constructor(
    private readonly recursive: boolean,
    private readonly excluded: ReadonlySet<string>,
    private readonly within: readonly string[] | undefined,
  ) {}

  async *input(path: string): AsyncGenerator<ScanEvent, void> {
    const info = await stat(path, { bigint: true }).catch(inputError);
    if (info instanceof AppError) yield problem(path, dirname(path), info);
    else if (info.isDirectory()) yield* this.#folder(path, path, info);
    else yield* this.#file(path, dirname(path), info.isFile(), await realpath(path));
  }

  async *#folder(path: string, root: string, info: BigIntStats): AsyncGenerator<ScanEvent, void> {
    const identity = identityOf(info);
    if (this.#seenFolders.has(identity)) return;
    this.#seenFolders.add(identity);
    const listing = await list(path).catch(inputError);
    if (listing instanceof AppError) {
      yield problem(path, root, listing);
      return;
    }
    if (!this.#mayRead(listing.real)) {
      yield problem(path, root, outside());
      return;
    }
    const folders: [string, BigIntStats][] = [];
    for (const entry of listing.entries) {
      if (entry.name.startsWith('.')) continue;
      const child = join(path, entry.name);
      const kind = kindOf(entry.name);
      if (entry.isFile()) {
        yield* this.#named(child, kind, root, true, join(listing.real, entry.name));
        continue;
      }
      // A folder, a link to anything, or something that is no file at all: only now is a look at it worth its time.
      if (kind === 'other' && !entry.isDirectory() && !entry.isSymbolicLink()) continue;
      const target = await stat(child, { bigint: true }).catch(inputError);
      if (target instanceof AppError) {
        if (kind === 'photo' || entry.isDirectory()) yield problem(child, root, target);
      } else if (target.isDirectory()) folders.push([child, target]);
      else if (kind !== 'other') yield* this.#named(child, kind, root, target.isFile(), await realpath(child));
    }
    if (!this.recursive) return;
    for (const [child, target] of folders) {
      if (!this.excluded.has(identityOf(target))) yield* this.#folder(child, root, target);
    }
  }

  *#named(
    path: string,
    kind: ReturnType<typeof kindOf>,
    root: string,
    regular: boolean,
    real: string,
  ): Generator<ScanEvent, void> {
    if (kind === 'photo') yield* this.#file(path, root, regular, real);
    else if (kind !== 'other' && this.#firstTime(real)) yield { type: 'unsupported', path, root, kind };
  }

  *#file(path: string, root: string, regular: boolean, real: string): Generator<ScanEvent, void> {
    if (!this.#firstTime(real)) return;
    if (!this.#mayRead(real)) yield problem(path, root, outside());
    // A pipe or a device would be waited on for ever.
    else if (!regular) yield problem(path, root, new AppError('input/unreadable', 'not a regular file'));
    else yield { type: 'photo', photo: { path, root, relative: relative(root, path) || basename(path) }, real };
  }

  #mayRead(real: string): boolean {
    return this.within === undefined || this.within.some((folder) => isInside(folder, real));
  }

  #firstTime(real: string): boolean {
    if (this.#seenFiles.has(real)) return false;
    this.#seenFiles.add(real);
    return true;
  }
}

async function list(path: string): Promise<{ readonly entries: Dirent[]; readonly real: string }> {
  const entries = await readdir(path, { withFileTypes: true });
  entries.sort((a, b) => naturalOrder(a.name, b.name));
  return { entries, real: await realpath(path) };
}

const identityOf = (info: BigIntStats): string => `${info.dev}:${info.ino}`;

async function folderIdentities(folders: readonly string[]): Promise<Set<string>> {
  const identities = new Set<string>();
  for (const folder of folders) {
    const info = await stat(folder, { bigint: true }).catch(() => null);
    if (info !== null) identities.add(identityOf(info));
  }
  return identities;
}

const problem = (path: string, root: string, error: AppError): ScanEvent => ({
  type: 'problem',
  path,
  root,
  error: toWireError(error),
});

const outside = (): AppError =>
  new AppError('request/refused', 'a link that leads out of the folders that may be read');
