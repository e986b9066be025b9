import { rm } from 'node:fs/promises';
import type { PhotoId } from '../../../preload/contract.js';
import { groupBy } from '../../core/group-by.js';
import { pathKey } from '../output-plan.js';
import type { QueueItem } from '../queue-item.js';
import { removeOutbox } from './lanes.js';
import type { Run, RunFiles, RunPhoto } from './run.js';

/** A photo of the window's queue. */
export interface BookEntry {
  readonly run: string;
  readonly job: RunPhoto;
  /** Names its item in the queue. */
  readonly item: string;
  readonly output: string;
  /** The output for people. */
  readonly label: string;
  /** Settled without the queue: it cannot be done, or it was done before a restart. */
  readonly fixed: QueueItem | null;
  /** Work that was started while other work was left over counts with it. */
  round: number;
}

/** Which photo belongs to which run, in memory and on the disk: one entry a photo, its latest. */
export class RunBook {
  readonly #runs = new Map<string, Run>();
  /** Runs that are on the disk. */
  readonly #written = new Set<string>();
  readonly #entries = new Map<PhotoId, BookEntry>();
  readonly #byItem = new Map<string, PhotoId>();
  readonly #byOutput = new Map<string, PhotoId>();

  constructor(
    private readonly files: RunFiles,
    private readonly state: string,
  ) {}

  get entries(): ReadonlyMap<PhotoId, BookEntry> {
    return this.#entries;
  }

  get runs(): ReadonlyMap<string, Run> {
    return this.#runs;
  }

  /** The photo of an item of the queue; undefined for one that was replaced. */
  photoOf(item: string): PhotoId | undefined {
    return this.#byItem.get(item);
  }

  /** The photo whose result an output is or will be; null: none. */
  readonly ownerOf = (output: string): PhotoId | null => this.#byOutput.get(pathKey(output, true)) ?? null;

  /** Writes down a run, before anything of it is done. */
  async save(run: Run): Promise<void> {
    await this.files.save(run);
    this.#written.add(run.id);
    this.#runs.set(run.id, run);
  }

  /** Sets the entry of a photo whose run is written down. What it replaces is left to `trim`. */
  set(entry: BookEntry): void {
    const { photo } = entry.job;
    this.#forget(photo);
    this.#entries.set(photo, entry);
    this.#byItem.set(entry.item, photo);
    this.#byOutput.set(pathKey(entry.output, true), photo);
  }

  /** Leaves what is on the disk to the next process. */
  async release(): Promise<void> {
    await this.files.release(this.#runs.values());
  }

  /** Takes entries off, and off their runs' files. */
  async drop(photos: readonly PhotoId[]): Promise<void> {
    const gone = photos.map((photo) => this.#entries.get(photo)).filter((entry) => entry !== undefined);
    for (const photo of photos) this.#forget(photo);
    await this.trim(gone);
  }

  /** Takes entries that are gone or were replaced off the files of their runs; results kept for download go with them. */
  async trim(gone: readonly BookEntry[]): Promise<void> {
    for (const [id, entries] of groupBy(gone, ({ run }) => run)) {
      const run = this.#runs.get(id);
      if (run === undefined) continue;
      const left = new Set(entries.map(({ job }) => job.photo));
      const photos = run.photos.filter(({ photo }) => !left.has(photo));
      if (photos.length === 0) await this.discard(run);
      else {
        const rest = { ...run, photos };
        if (this.#written.has(id)) await this.save(rest);
        else this.#runs.set(id, rest);
        if (run.export.destination?.kind === 'download') {
          for (const { output } of entries) await rm(output, { force: true });
        }
      }
    }
  }

  /** Takes a run off the disk of which nothing is left to do: its entries stay until the process ends. */
  async settle(run: Run): Promise<void> {
    if (this.#written.delete(run.id)) await this.files.remove(run);
  }

  /** Forgets a run and what it kept for download. */
  async discard(run: Run): Promise<void> {
    this.#runs.delete(run.id);
    this.#written.delete(run.id);
    await this.files.remove(run);
    if (run.export.destination?.kind === 'download') await removeOutbox(this.state, run.id);
  }

  #forget(photo: PhotoId): void {
    const known = this.#entries.get(photo);
    if (known === undefined) return;
    this.#entries.delete(photo);
    if (this.#byItem.get(known.item) === photo) this.#byItem.delete(known.item);
    const key = pathKey(known.output, true);
    if (this.#byOutput.get(key) === photo) this.#byOutput.delete(key);
  }
}
