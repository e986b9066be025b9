import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { DenoiseSettings, ExportSettings, PhotoId, PlaceId, RuntimeSettings } from '../../../preload/contract.js';
import { toWireError, type WireError } from '../../core/errors.js';
import type { Engine } from '../engine-supervisor.js';
import { groupBy } from '../../core/group-by.js';
import { ModelLibrary } from '../model-library.js';
import { parseTemplate } from '../naming.js';
import { checkFolder } from '../output-folder.js';
import { outputFolders } from '../photo-plan.js';
import { isSettled, type QueueItem } from '../queue-item.js';
import type { Queue } from '../queue.js';
import { runsFolder } from '../state-folder.js';
import { sweepTemps } from '../temp-sweep.js';
import { enlist, outcomeOf, type Enlisted } from './enlist.js';
import { lostPlace, noDestination, TEMPLATE_SUBJECT } from './export-plan.js';
import type { LibraryPhoto, ResolvedPlace } from './export-plan.js';
import { folderOf, Lanes, sweepOutbox } from './lanes.js';
import { settleModels } from './run-models.js';
import { RunBook, type BookEntry } from './run-book.js';
import { RunFiles, type Run, type RunPhoto } from './run.js';

/** What runs need of the rest of the host. */
export interface RunSources {
  /** The state folder. */
  readonly state: string;
  /** The engine for long work; its calls may wait for each other. */
  readonly engine: Engine;
  /** A photo of the library; null: there is none of this id. `relative` holds the folders that an export keeps. */
  readonly photoOf: (id: PhotoId) => LibraryPhoto | null;
  /** How a photo is to be denoised: its own settings, or the defaults. */
  readonly settingsOf: (id: PhotoId) => DenoiseSettings;
  /** A folder that the person has allowed; null: none of this id. */
  readonly placeOf: (id: PlaceId) => ResolvedPlace | null;
  readonly runtime: () => RuntimeSettings;
  /** Whether a path is a photo of the library, which no result may replace. Absent: only those of a run are safe. */
  readonly isOriginal?: (path: string) => boolean;
}

/** Brings runs into the queue: from a click, from a retry, from what an earlier process left. */
export class Runs {
  readonly book: RunBook;
  readonly #lanes: Lanes;
  readonly #files: RunFiles;
  /** Outputs that a killed process was writing. */
  readonly #interrupted = new Set<string>();
  #lastFolder: string | null = null;

  constructor(
    private readonly sources: RunSources,
    private readonly queue: Queue,
    private readonly onChange: (photo: PhotoId) => void,
  ) {
    this.#lanes = new Lanes(sources.state);
    this.#files = new RunFiles(runsFolder(sources.state));
    this.book = new RunBook(this.#files, sources.state);
  }

  /** The output folder of the last run; null: there was none. */
  get lastFolder(): string | null {
    return this.#lastFolder;
  }

  itemOf(entry: BookEntry): QueueItem {
    return entry.fixed ?? this.queue.item(entry.item)!;
  }

  /** What a click asks for. @throws AppError when the destination or the template cannot be used. */
  async create(signal: AbortSignal, photos: readonly PhotoId[], settings: ExportSettings): Promise<Run> {
    const { photoOf, settingsOf, placeOf, engine, state } = this.sources;
    const { destination } = settings;
    parseTemplate(settings.template, TEMPLATE_SUBJECT);
    if (destination === null) throw noDestination();
    const place = destination.kind === 'place' ? placeOf(destination.place) : null;
    if (destination.kind === 'place' && place === null) throw lostPlace();
    if (place !== null) await checkFolder(place.path);
    const jobs: RunPhoto[] = [];
    for (const id of new Set(photos)) {
      const photo = photoOf(id);
      if (photo === null) continue;
      const { path, root, relative } = photo;
      jobs.push({ photo: id, path, root, relative, index: jobs.length, settings: settingsOf(id), since: 0 });
    }
    return {
      v: 1,
      id: randomBytes(8).toString('hex'),
      createdAt: Date.now(),
      export: settings,
      out: place?.path ?? null,
      ...(await settleModels(signal, jobs, engine, new ModelLibrary(state))),
    };
  }

  /** Plans photos of a run. */
  enlist(run: Run, photos: readonly RunPhoto[]): Promise<Enlisted[]> {
    const { state, runtime, isOriginal = () => false } = this.sources;
    return enlist(run, photos, this.#lanes, { state, runtime: runtime(), ownerOf: this.book.ownerOf, isOriginal });
  }

  /** Whether the queue is about to do this very thing already. */
  isSame({ job, item }: Enlisted): boolean {
    const entry = this.book.entries.get(job.photo);
    const present = entry === undefined ? undefined : this.itemOf(entry);
    if (present === undefined || isSettled(present) || this.queue.isCancelled(present.id)) return false;
    return present.id === item.id && present.key === item.key && present.output === item.output;
  }

  /** Writes photos of a run down and gives them to the queue in the place of their earlier entries. */
  async admit(
    run: Run,
    enlisted: readonly Enlisted[],
    round: number,
    outcomes?: ReadonlyMap<string, QueueItem>,
  ): Promise<void> {
    const replaced = enlisted.map(({ job }) => this.book.entries.get(job.photo)).filter((entry) => entry !== undefined);
    // Its outcome is written before the new try is, so that it is not taken for that one's.
    await this.queue.cancel(replaced.map(itemOf));
    await this.queue.released(replaced.map(itemOf));
    await this.#sweep(enlisted);
    const stores = groupBy(enlisted, ({ store }) => store);
    const latest = Math.max(Date.now(), ...Array.from(stores.keys(), (store) => store?.records.latest ?? 0));
    const tried = new Map(enlisted.map(({ job }) => [job.photo, { ...job, since: latest + 1 }]));
    if (outcomes === undefined) {
      const known = this.book.runs.has(run.id);
      const photos = known ? run.photos.map((job) => tried.get(job.photo) ?? job) : [...tried.values()];
      await this.book.save({ ...run, photos });
    }
    for (const [store, group] of stores) {
      const fixed = new Map(outcomes);
      for (const { item } of group) if (item.error !== null) fixed.set(item.id, failedItem(item));
      const planned = group.map(({ item }) => item).filter(({ id }) => !fixed.has(id));
      const adding = store === null ? null : this.queue.add(planned, store);
      // Before the queue's first event, which comes when this function waits.
      for (const { job, item, label } of group) {
        this.#setEntry({
          run: run.id,
          job: tried.get(job.photo)!,
          item: item.id,
          output: item.output,
          label,
          fixed: fixed.get(item.id) ?? null,
          round,
        });
      }
      await adding;
    }
    await this.book.trim(replaced.filter((entry) => entry.run !== run.id));
    const first = enlisted[0];
    if (first !== undefined) this.#lastFolder = folderOf(run, first.job, this.sources.state);
  }

  #setEntry(entry: BookEntry): void {
    const old = this.book.entries.get(entry.job.photo);
    this.book.set(entry);
    if (old !== undefined && old.item !== entry.item) this.queue.forget([old.item]);
    this.onChange(entry.job.photo);
  }

  /** Once more when the work is over: the engine of a killed process may have lived a little longer than its host. */
  async settle(): Promise<void> {
    await sweepTemps(new Set(Array.from(this.#interrupted, (output) => dirname(output))), this.#interrupted);
    this.#interrupted.clear();
    const left = new Set<string>();
    for (const entry of this.book.entries.values()) {
      const item = this.itemOf(entry);
      if (!isSettled(item) || item.state === 'failed') left.add(entry.run);
    }
    for (const run of this.book.runs.values()) {
      if (!left.has(run.id) && run.export.destination?.kind !== 'download') await this.book.settle(run);
    }
  }

  /** Forgets settled entries. */
  async drop(entries: readonly BookEntry[]): Promise<void> {
    this.queue.forget(entries.map(({ item }) => item));
    await this.book.drop(entries.map(({ job }) => job.photo));
    await this.#closeUnused();
  }

  /** Takes up what earlier processes left; answers with what went wrong. */
  async restore(): Promise<WireError[]> {
    const { state } = this.sources;
    const problems: WireError[] = [];
    const runs = await this.#files.takeOver();
    await sweepOutbox(state, await this.#files.ids());
    const latest = new Map(runs.flatMap((run) => run.photos.map(({ photo }) => [photo, run.id] as const)));
    for (const run of runs) {
      const photos = run.photos.filter(({ photo }) => latest.get(photo) === run.id);
      await this.#takeUp({ ...run, photos }).catch((error: unknown) => problems.push(toWireError(error)));
    }
    await this.#closeUnused();
    return problems;
  }

  /** Leaves what is not done to the next process. */
  async close(): Promise<void> {
    await this.#lanes.keepOnly(new Set());
    await this.book.release();
  }

  /** Goes on with a run of an earlier process; one of which nothing is left is forgotten. */
  async #takeUp(run: Run): Promise<void> {
    const enlisted = await this.enlist(run, run.photos);
    const outcomes = new Map<string, QueueItem>();
    for (const photo of enlisted) {
      const outcome = await outcomeOf(photo);
      if (outcome !== null) outcomes.set(photo.item.id, outcome);
    }
    const worth = run.export.destination?.kind === 'download' ? ['done', 'failed'] : ['failed'];
    const states = Array.from(outcomes.values(), (item) => item.state);
    if (states.length === enlisted.length && !states.some((state) => worth.includes(state))) {
      await this.book.discard(run);
      return;
    }
    await this.book.save(run);
    await this.admit(run, enlisted, 0, outcomes);
  }

  async #closeUnused(): Promise<void> {
    const used = new Set<string>();
    for (const run of this.book.runs.values()) {
      for (const photo of run.photos) used.add(folderOf(run, photo, this.sources.state));
    }
    await this.#lanes.keepOnly(used);
  }

  /** Removes what killed processes left in the output folders. */
  async #sweep(enlisted: readonly Enlisted[]): Promise<void> {
    for (const store of new Set(enlisted.map((photo) => photo.store))) {
      for (const { output, attempt } of store?.records.items.values() ?? []) {
        if (attempt !== null) this.#interrupted.add(output);
      }
    }
    await sweepTemps(outputFolders(enlisted.map(({ item }) => item)), this.#interrupted);
  }
}

const itemOf = (entry: BookEntry): string => entry.item;

const failedItem = (item: Enlisted['item']): QueueItem => ({
  ...item,
  state: 'failed',
  fraction: 0,
  pixels: 0,
  skipped: null,
  report: null,
});
