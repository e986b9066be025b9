import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { ScanState } from '../../../preload/contract.js';
import { AppError, toWireError, type WireError } from '../../core/errors.js';
import type { UnsupportedKind } from '../file-kinds.js';
import { inputError } from '../fs-errors.js';
import { mapWindow } from '../map-window.js';
import { scan, type Photo, type ScanEvent } from '../scan.js';
import { folderLabel, newRecord, stampOf, type PhotoRecord } from './photo-record.js';

/** How photos are added. */
export interface AddOptions {
  /**
   * A folder above what is added that photos are shown and exported relative to, its own name left out; absent: every
   * folder that is added counts for itself, by its name.
   */
  readonly base?: string;
  /** Folders, links resolved, that nothing may lie outside of; absent: anywhere. */
  readonly within?: readonly string[];
}

/** Where what scans find goes. */
export interface IntakeSink {
  admit(photos: readonly PhotoRecord[]): void;
  refuse(path: string, name: string, error: WireError): void;
  scanning(state: ScanState): void;
}

/** What was found is told after so long, so that the first photos are there at once... */
const FIRST_BATCH_MS = 50;
/** ...and then so often, or whenever there are so many. */
const NEXT_BATCH_MS = 150;
const BATCH_PHOTOS = 500;
const STAT_WINDOW = 64;

interface Found {
  readonly photo: Photo;
  readonly real: string;
}

/** Scans what is added, several lots at once, and passes on what it finds in batches. */
export class Intake {
  readonly #scans = new Set<AbortController>();
  #found = 0;

  constructor(private readonly sink: IntakeSink) {}

  get state(): ScanState {
    return { active: this.#scans.size > 0, found: this.#found };
  }

  /** Scans files and folders; resolves when that is over. */
  async add(paths: readonly string[], options: AddOptions = {}): Promise<void> {
    const controller = new AbortController();
    if (this.#scans.size === 0) this.#found = 0;
    this.#scans.add(controller);
    this.sink.scanning(this.state);
    try {
      await this.#scan(paths, options, controller.signal);
    } catch (error) {
      // A file that goes away at the wrong moment: the other lots, and what was found before, are not touched by it.
      this.sink.refuse(paths[0] ?? '', basename(paths[0] ?? ''), toWireError(inputError(error)));
    } finally {
      this.#scans.delete(controller);
      this.sink.scanning(this.state);
    }
  }

  /** Ends all scans; what they have found stays. */
  stop(): void {
    for (const controller of this.#scans) controller.abort();
  }

  async #scan(paths: readonly string[], options: AddOptions, signal: AbortSignal): Promise<void> {
    const within = options.within === undefined ? {} : { within: options.within };
    let batch: Found[] = [];
    let due = performance.now() + FIRST_BATCH_MS;
    for await (const event of scan(paths, { recursive: true, exclude: [], ...within })) {
      if (event.type === 'photo') batch.push(event);
      else this.#refuse(event, options);
      if (signal.aborted) break;
      if (batch.length < BATCH_PHOTOS && performance.now() < due) continue;
      await this.#admit(batch, options);
      batch = [];
      due = performance.now() + NEXT_BATCH_MS;
    }
    await this.#admit(batch, options);
  }

  async #admit(batch: readonly Found[], options: AddOptions): Promise<void> {
    if (batch.length === 0) return;
    const infos = await mapWindow(batch, STAT_WINDOW, ({ real }) => stat(real).catch(inputError));
    const records: PhotoRecord[] = [];
    for (const [index, { photo, real }] of batch.entries()) {
      const info = infos[index]!;
      const root = options.base === undefined ? photo.root : resolve(options.base);
      if (info instanceof AppError) this.sink.refuse(photo.path, nameOf(photo.path, root, options), toWireError(info));
      else records.push(newRecord({ ...photo, root }, real, stampOf(info), options.base === undefined));
    }
    this.#found += records.length;
    this.sink.admit(records);
    this.sink.scanning(this.state);
  }

  #refuse(event: Exclude<ScanEvent, { type: 'photo' }>, options: AddOptions): void {
    const root = options.base === undefined ? event.root : resolve(options.base);
    const error = event.type === 'unsupported' ? unsupported(event.kind) : event.error;
    this.sink.refuse(event.path, nameOf(event.path, root, options), error);
  }
}

/** A file that is not a photo of the library, for people: its name with the folder it came with. */
function nameOf(path: string, root: string, { base }: AddOptions): string {
  const name = basename(path);
  if (path === root) return name;
  const folder = folderLabel(root, dirname(path), base === undefined);
  return folder === '' ? name : `${folder}/${name}`;
}

const UNSUPPORTED: Readonly<Record<UnsupportedKind, string>> = {
  RAW: 'RAW files are not read: develop it to TIFF or JPEG first',
  HEIC: 'HEIC files are not read: convert it to JPEG, PNG or TIFF first',
  'other image': 'this kind of image is not read: convert it to JPEG, PNG, TIFF, WebP or AVIF first',
};

const unsupported = (kind: UnsupportedKind): WireError => ({ code: 'input/unsupported', message: UNSUPPORTED[kind] });
