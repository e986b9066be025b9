import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExportSettings, GeneratedExport, PlaceId, WireError } from '../../../preload/contract.js';
import type { OutputFile } from '../../../preload/generate/generate-calls.js';
import { AppError } from '../../core/errors.js';
import { Downloads, type Download } from '../export/downloads.js';
import { lostPlace, noDestination, type ResolvedPlace } from '../export/export-plan.js';
import { besideFolder } from '../export/lanes.js';
import { placeOutput } from '../generated-names.js';
import { checkFolder, prepareOutputFolder } from '../output-folder.js';

export interface DeliveriesOptions {
  /** Folder of this process alone, for what waits to be downloaded. */
  readonly folder: string;
  /** A folder that the person has allowed; null: none of this id. */
  readonly placeOf: (id: PlaceId) => ResolvedPlace | null;
  /** Keeps a place as a destination that is in use. */
  readonly remember: (id: PlaceId) => void;
  /** Whether a path is a photo of the library, which nothing generated may replace. */
  readonly isOriginal: (path: string) => boolean;
}

/** One file of an export, or why it is not there. */
export interface Delivered {
  readonly output: string;
  readonly notes: readonly string[];
  readonly error: WireError | null;
}

/** Where the files of one export go. */
export interface Delivery {
  /** A file of this name, or of one near it where that is taken. */
  readonly place: (name: string) => Promise<OutputFile>;
  /** Says what became of it. */
  readonly finish: (files: readonly Delivered[]) => GeneratedExport;
  /** After a failure of the whole. */
  readonly abandon: () => Promise<void>;
}

/** Brings generated files to where the person wants results: a folder, one beside the photo, or a download. */
export class Deliveries {
  readonly #downloads = new Downloads();
  readonly #folders = new Map<string, string>();
  #last: string | null = null;

  constructor(private readonly options: DeliveriesOptions) {}

  /**
   * Opens the destination of an export. `photo`: the path of the original that it goes beside; null: there is none.
   * @throws AppError usage/invalid, output/...
   */
  async open({ destination, existing }: ExportSettings, photo: string | null): Promise<Delivery> {
    if (destination === null) throw noDestination();
    switch (destination.kind) {
      case 'place': {
        const place = this.options.placeOf(destination.place);
        if (place === null) throw lostPlace();
        await checkFolder(place.path);
        const { path } = await prepareOutputFolder(place.path);
        this.options.remember(destination.place);
        return this.#delivery(path, existing, place.place.label);
      }
      case 'beside': {
        if (photo === null) {
          throw new AppError('usage/invalid', 'these pictures come from no photo to put them beside: choose a folder');
        }
        const { path } = await prepareOutputFolder(besideFolder(photo, destination.folder));
        return this.#delivery(path, existing, destination.folder);
      }
      case 'download': {
        const path = join(this.options.folder, randomBytes(8).toString('hex'));
        await mkdir(path, { recursive: true, mode: 0o700 });
        return this.#delivery(path, existing, null);
      }
    }
  }

  /** The zip of an id that an export gave, once; null: none. Its files go with it. */
  async takeDownload(id: string): Promise<Download | null> {
    const download = await this.#downloads.take(id);
    const folder = this.#folders.get(id);
    this.#folders.delete(id);
    if (download !== null && folder !== undefined) download.stream.once('close', () => void remove(folder));
    return download;
  }

  /** What was exported last. @throws AppError output/gone */
  get last(): string {
    if (this.#last === null) throw new AppError('output/gone', 'nothing has been exported yet');
    return this.#last;
  }

  #delivery(folder: string, existing: ExportSettings['existing'], label: string | null): Delivery {
    const taken = new Set<string>();
    return {
      place: async (name) => {
        if (existing === 'overwrite' && !this.options.isOriginal(join(folder, name))) {
          const place = await placeOutput(folder, name, 'overwrite', taken);
          if (place !== null && !this.options.isOriginal(place.path)) return place;
        }
        // A name says nothing of what is in a picture with a seed: what is there already is never taken for it.
        return (await placeOutput(folder, name, 'rename', taken))!;
      },
      finish: (files) => {
        const written = files.filter(({ error }) => error === null);
        const failed = files.flatMap(({ output, error }) =>
          error === null ? [] : [{ name: basename(output), error }],
        );
        const notes = [...new Set(written.flatMap((file) => file.notes))];
        const result = { files: written.length, failed, notes };
        if (label !== null) {
          this.#last = written[0]?.output ?? this.#last;
          return { ...result, folder: label, download: null };
        }
        if (written.length === 0) return { ...result, folder: null, download: null };
        const entries = written.map(({ output }) => ({ path: output, name: basename(output) }));
        const { id, name } = this.#downloads.prepare(entries, new Date());
        this.#folders.set(id, folder);
        return { ...result, folder: null, download: { url: `download/${id}`, name } };
      },
      abandon: () => (label === null ? remove(folder) : Promise.resolve()),
    };
  }
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true }).catch(() => undefined);
