import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  CallParams,
  LibrarySnapshot,
  NoiseEstimate,
  PhotoEntry,
  PhotoId,
  TrustReport,
} from '../../../preload/contract.js';
import { AppError, toWireError, type WireError } from '../../core/errors.js';
import type { Emit } from '../events.js';
import { inputError } from '../fs-errors.js';
import { mapWindow } from '../map-window.js';
import { saveFault, Saver } from '../stored-file.js';
import { Intake, type AddOptions } from './intake.js';
import { loadLibrary, saveLibrary } from './library-file.js';
import { entryOf, NOTHING_KNOWN, stampOf, type FileStamp, type PhotoRecord } from './photo-record.js';
import { Problems } from './problems.js';

/** Changes that come close together are told together. */
const CHANGES_MS = 60;
/** A long scan would have the whole list written again and again. */
const SAVE_MS = 1500;
const STAT_WINDOW = 64;
/** Errors that say nothing of a file's contents: they are over when it can be read again. */
const PASSING: ReadonlySet<string> = new Set(['input/not-found', 'input/unreadable', 'input/changed']);

/** What becomes known of a photo's contents. */
export type PhotoFacts = Partial<Pick<PhotoRecord, 'width' | 'height' | 'format' | 'noise' | 'trust' | 'error'>>;

export interface LibraryOptions {
  /** Where the list is kept. */
  readonly folder: string;
  readonly emit: Emit;
}

/** The photos of the window: what was added, what is known of them and how they are to be denoised. */
export class Library {
  readonly #photos = new Map<PhotoId, PhotoRecord>();
  readonly #problems = new Problems();
  readonly #changed = new Set<PhotoId>();
  readonly #emit: Emit;
  readonly #file: string;
  readonly #saver: Saver;
  readonly #intake: Intake;
  #changes: NodeJS.Timeout | undefined;
  #problemsTold: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ folder, emit }: LibraryOptions) {
    this.#emit = emit;
    this.#file = join(folder, 'library.jsonl');
    this.#saver = new Saver(
      () => saveLibrary(this.#file, this.#photos.values()),
      SAVE_MS,
      (error) => {
        emit('app.notice', saveFault('the list of photos', error));
      },
    );
    this.#intake = new Intake({
      admit: (records) => {
        this.#admit(records);
      },
      refuse: (path, name, error) => {
        this.#problems.set(path, { name, error });
        this.#tellProblems();
      },
      scanning: (state) => {
        emit('library.scan', state);
      },
    });
  }

  /** Reads what earlier sessions left. The files themselves are looked at afterwards; see `verify`. */
  async load(): Promise<void> {
    const { photos, lost } = await loadLibrary(this.#file);
    for (const photo of photos) {
      // What the engine failed at is worth another try by another process, or another version of it.
      if (photo.error?.code.startsWith('engine/') === true) photo.error = null;
      this.#photos.set(photo.id, photo);
    }
    if (lost > 0) {
      const message = `${lost} photos of the list could not be read; the list as it was is kept beside it`;
      this.#emit('app.notice', { level: 'warning', code: 'input/damaged', message });
    }
  }

  /** Looks whether the files are still there and as they were; what has changed comes as `library.changed`. */
  async verify(): Promise<void> {
    await mapWindow([...this.#photos.keys()], STAT_WINDOW, (id) =>
      this.#closed ? Promise.resolve() : this.refresh(id).then(nothing, nothing),
    );
  }

  list(): LibrarySnapshot {
    return {
      photos: Array.from(this.#photos.values(), entryOf),
      problems: this.#problems.list(),
      scan: this.#intake.state,
    };
  }

  /** Adds files and folders; photos arrive as events. Resolves when all have been found. */
  add(paths: readonly string[], options: AddOptions = {}): Promise<void> {
    return this.#intake.add(paths, options);
  }

  stopScan(): void {
    this.#intake.stop();
  }

  /** Takes photos off the list; those that are not on it are not missed. */
  remove(ids: readonly PhotoId[]): void {
    const photos = ids.filter((id) => this.#photos.delete(id));
    if (photos.length === 0) return;
    this.#emit('library.removed', { photos });
    this.#saver.touch();
  }

  clearProblems(): void {
    this.#problems.clear();
    this.#tellProblems();
  }

  has(id: PhotoId): boolean {
    return this.#photos.has(id);
  }

  /** What is known of a photo. @throws AppError input/not-found */
  get(id: PhotoId): PhotoRecord {
    const record = this.#photos.get(id);
    if (record === undefined) throw new AppError('input/not-found', 'this photo is not in the library any more');
    return record;
  }

  /** Sets the sliders of photos: all of it or nothing. @throws AppError input/not-found */
  adjust(changes: CallParams<'library.adjust'>['changes']): void {
    const records = changes.map(({ photos }) => photos.map((id) => this.get(id)));
    for (const [index, { adjustments }] of changes.entries()) {
      for (const record of records[index]!) this.#change(record, { adjustments });
    }
  }

  /** Writes down what became known of a photo's contents; a photo that is gone is not missed. */
  learn(id: PhotoId, facts: PhotoFacts): void {
    const record = this.#photos.get(id);
    if (record !== undefined) this.#change(record, facts);
  }

  /** Writes down what a finished result or a preview tells of a photo. */
  judge(id: PhotoId, noise: NoiseEstimate | null, trust: TrustReport | null): void {
    this.learn(id, { ...(noise === null ? {} : { noise: noise.sigma }), ...(trust === null ? {} : { trust }) });
  }

  /**
   * Looks at a photo's file: what was known of contents that have changed since is forgotten.
   * @throws AppError when it cannot be read, which its entry says from then on
   */
  async refresh(id: PhotoId): Promise<PhotoRecord> {
    const record = this.get(id);
    const info = await stat(record.path).catch(inputError);
    if (info instanceof AppError) {
      this.#fail(record, toWireError(info));
      throw info;
    }
    this.#restamp(record, stampOf(info));
    return record;
  }

  /** Ends scans and writes what is not written. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#intake.stop();
    clearTimeout(this.#changes);
    clearTimeout(this.#problemsTold);
    await this.#saver.flush();
  }

  #admit(records: readonly PhotoRecord[]): void {
    const added: PhotoEntry[] = [];
    for (const record of records) {
      if (this.#problems.settle(record.path)) this.#tellProblems();
      const known = this.#photos.get(record.id);
      if (known === undefined) {
        this.#photos.set(record.id, record);
        added.push(entryOf(record));
      } else this.#restamp(known, record);
    }
    if (added.length === 0) return;
    this.#emit('library.added', { photos: added });
    this.#saver.touch();
  }

  #restamp(record: PhotoRecord, { bytes, modifiedAt }: FileStamp): void {
    if (record.bytes !== bytes || record.modifiedAt !== modifiedAt) {
      this.#change(record, { bytes, modifiedAt, ...NOTHING_KNOWN });
    } else if (record.error !== null && PASSING.has(record.error.code)) this.#change(record, { error: null });
  }

  #fail(record: PhotoRecord, error: WireError): void {
    if (record.error?.code !== error.code || record.error.message !== error.message) this.#change(record, { error });
  }

  #change(record: PhotoRecord, patch: Partial<PhotoRecord>): void {
    Object.assign(record, patch);
    this.#changed.add(record.id);
    this.#saver.touch();
    if (this.#closed) return;
    this.#changes ??= setTimeout(() => {
      this.#changes = undefined;
      this.#tellChanges();
    }, CHANGES_MS);
  }

  #tellChanges(): void {
    const photos = [...this.#changed].flatMap((id) => this.#photos.get(id) ?? []).map(entryOf);
    this.#changed.clear();
    if (photos.length > 0) this.#emit('library.changed', { photos });
  }

  #tellProblems(): void {
    if (this.#closed) return;
    this.#problemsTold ??= setTimeout(() => {
      this.#problemsTold = undefined;
      this.#emit('library.problems', { problems: this.#problems.list() });
    }, CHANGES_MS);
  }
}

const nothing = (): void => undefined;
