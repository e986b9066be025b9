import { createHash } from 'node:crypto';
import { realpathSync, type Dirent } from 'node:fs';
import { access, constants, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { Place, PlaceId, PlaceListing } from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import type { Emit } from './events.js';
import { kindOf } from './file-kinds.js';
import { inputError, outputError } from './fs-errors.js';
import { mapWindow } from './map-window.js';
import { naturalOrder } from './natural-order.js';
import { isInside } from './path-inside.js';
import { safeName } from './safe-name.js';
import { saveFault, Saver, writeStored } from './stored-file.js';

/** Destinations that are remembered; the oldest go first. */
const MAX_REMEMBERED = 50;
/** Of each kind, in one listing: a folder with more cannot be looked through anyway, but it can be added. */
const MAX_LISTED = 10_000;
const LOOK_WINDOW = 32;
const SAVE_MS = 300;

const Remembered = z.array(z.string());

export interface PlacesOptions {
  /** Where remembered places are kept. */
  readonly folder: string;
  /** Web: the folders that the server was started with; nothing outside of them is a place. null: dialogs decide. */
  readonly roots: readonly string[] | null;
  readonly emit: Emit;
}

/**
 * The folders that the window may name, by opaque ids: those chosen in a dialog, or those below the folders that the
 * server was started with. An id stands for what was seen or remembered here; no path ever comes from the window.
 */
export class Places {
  readonly #file: string;
  readonly #saver: Saver;
  readonly #paths = new Map<string, string>();
  /** Destinations, the most recent last. */
  #remembered: string[] = [];
  /** Links resolved. */
  #roots: readonly string[] | null = null;

  constructor(private readonly options: PlacesOptions) {
    this.#file = join(options.folder, 'places.json');
    this.#saver = new Saver(
      () => writeStored(this.#file, [JSON.stringify(this.#remembered)]),
      SAVE_MS,
      (error) => {
        options.emit('app.notice', saveFault('the list of folders', error));
      },
    );
  }

  /** Reads what was remembered. @throws AppError when a root cannot be read */
  async load(): Promise<void> {
    const { roots } = this.options;
    if (roots !== null) {
      this.#roots = await Promise.all(roots.map((root) => realpath(root).catch(rethrowInput)));
    }
    const text = await readFile(this.#file, 'utf8').catch(() => '[]');
    this.#remembered = parseRemembered(text);
    for (const path of this.#remembered) this.#paths.set(placeId(path), path);
  }

  get hasRoots(): boolean {
    return (this.#roots?.length ?? 0) > 0;
  }

  /** The roots with their links resolved; undefined: anything may be read. */
  get within(): readonly string[] | undefined {
    return this.#roots ?? undefined;
  }

  /** Remembered folders that are still there. */
  async remembered(): Promise<Place[]> {
    const places = await mapWindow(this.#remembered, LOOK_WINDOW, async (path) => {
      const real = await realpath(path).catch(() => null);
      return real !== null && this.#allows(real) ? this.#place(path) : null;
    });
    return places.filter((place) => place !== null);
  }

  /** Allows a folder that the person chose in a dialog, and remembers it. */
  async grant(path: string): Promise<Place> {
    const real = await realpath(path).catch(rethrowInput);
    const place = this.#place(real);
    this.remember(place.id);
    return place;
  }

  /** Keeps a place for later sessions, as a destination that is in use. */
  remember(id: PlaceId): void {
    const path = this.#paths.get(id);
    if (path === undefined || this.#remembered.at(-1) === path) return;
    this.#remembered = [...this.#remembered.filter((known) => known !== path), path].slice(-MAX_REMEMBERED);
    this.#saver.touch();
  }

  /**
   * The path of a place, links resolved, if it is still where it was allowed to be.
   * @throws AppError request/refused, input/not-found
   */
  async resolve(id: PlaceId): Promise<string> {
    const path = this.#paths.get(id);
    if (path === undefined) throw new AppError('input/not-found', 'this folder is not known any more: choose it again');
    const real = await realpath(path).catch(rethrowInput);
    if (!this.#allows(real)) throw refusedPlace();
    return real;
  }

  /** A place and its path, for whoever has no time to wait; null: there is none of this id, or no longer. */
  find(id: PlaceId): { readonly place: Place; readonly path: string } | null {
    const path = this.#paths.get(id);
    if (path === undefined) return null;
    try {
      const real = realpathSync.native(path);
      return this.#allows(real) ? { place: this.#place(real), path: real } : null;
    } catch {
      return null;
    }
  }

  /** What is in a folder; null: the roots. */
  async list(id: PlaceId | null): Promise<PlaceListing> {
    if (id === null) {
      const folders = (this.#roots ?? []).map((root) => this.#place(root));
      return { place: null, parent: null, folders, photos: [], writable: false };
    }
    const path = await this.resolve(id);
    const entries = await readdir(path, { withFileTypes: true }).catch(rethrowInput);
    const children = await mapWindow(entries, LOOK_WINDOW, (entry) => this.#child(path, entry));
    const sorted = children.filter((child) => child !== null).sort((a, b) => naturalOrder(a.name, b.name));
    const pick = (folder: boolean): Place[] =>
      sorted
        .filter((child) => child.folder === folder)
        .slice(0, MAX_LISTED)
        .map((child) => this.#place(child.path));
    return {
      place: this.#place(path),
      parent: this.#isRoot(path) ? null : this.#place(dirname(path)).id,
      folders: pick(true),
      photos: pick(false),
      writable: await access(path, constants.W_OK).then(
        () => true,
        () => false,
      ),
    };
  }

  /** Makes a folder in a place. @throws AppError request/invalid, output/exists or another output error */
  async create(id: PlaceId, name: string): Promise<Place> {
    if (name.startsWith('.') || safeName(name, '') !== name) {
      throw new AppError('request/invalid', 'a folder cannot have this name: leave out / and a dot at its start');
    }
    const path = join(await this.resolve(id), name);
    await mkdir(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
        throw new AppError('output/exists', 'there is a file or folder of this name already', { cause: error });
      }
      throw new AppError(outputError(error, name).code, 'the folder cannot be made here: choose another place', {
        cause: error,
      });
    });
    return this.#place(path);
  }

  close(): Promise<void> {
    return this.#saver.flush();
  }

  #allows(real: string): boolean {
    if (this.#roots === null) return true;
    return this.#roots.some((root) => isInside(root, real));
  }

  #isRoot(path: string): boolean {
    return this.#roots?.includes(path) ?? true;
  }

  async #child(folder: string, entry: Dirent): Promise<{ name: string; path: string; folder: boolean } | null> {
    if (entry.name.startsWith('.')) return null;
    const isPhoto = kindOf(entry.name) === 'photo';
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return { name: entry.name, path, folder: true };
    if (entry.isFile()) return isPhoto ? { name: entry.name, path, folder: false } : null;
    if (!entry.isSymbolicLink()) return null;
    const real = await realpath(path).catch(() => null);
    if (real === null || !this.#allows(real)) return null;
    const info = await stat(real).catch(() => null);
    if (info?.isDirectory() === true) return { name: entry.name, path, folder: true };
    return info?.isFile() === true && isPhoto ? { name: entry.name, path, folder: false } : null;
  }

  #place(path: string): Place {
    const id = placeId(path);
    this.#paths.set(id, path);
    return { id, name: basename(path) || path, label: this.#label(path) };
  }

  /** From the root's own name on, or from the home folder, with '/' on every system. */
  #label(path: string): string {
    const root = this.#roots?.find((folder) => isInside(folder, path));
    const home = homedir();
    const from = root !== undefined ? dirname(root) : isInside(home, path) && path !== home ? home : '';
    return (from === '' ? path : relative(from, path)).split(sep).filter(Boolean).join('/') || path;
  }
}

const placeId = (path: string): PlaceId =>
  createHash('sha256').update(`place\0${path}`).digest('hex').slice(0, 32) as PlaceId;

const refusedPlace = (): AppError =>
  new AppError('request/refused', 'this folder lies outside of the folders that the server was started with');

function rethrowInput(error: unknown): never {
  throw inputError(error);
}

function parseRemembered(text: string): string[] {
  try {
    return Remembered.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}
