import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import {
  DEFAULT_DENOISE,
  DEFAULT_PREFERENCES,
  DEFAULT_RUNTIME,
  type DenoiseSettings,
  type EventName,
  type EventPayload,
  type ExportSettings,
  type PhotoId,
  type PlaceId,
  type QueueEntry,
} from '../../preload/contract.js';
import type { Engine } from '../../main/app/engine-supervisor.js';
import type { LibraryPhoto } from '../../main/app/export/export-plan.js';
import { QueueService } from '../../main/app/queue-service.js';
import { tempFolder } from './temp-folder.js';
import { ToyEngine } from './toy-engine.js';

type Told = { [N in EventName]: { name: N; payload: EventPayload<N>; at: number } }[EventName];

/** The id of a photo of the bench. */
export const idOf = (name: string): PhotoId => createHash('sha256').update(name).digest('hex').slice(0, 24) as PhotoId;

/** A queue service over real files in a folder of its own, with a library that is a list of names. */
export class QueueBench {
  readonly folder = tempFolder();
  readonly photos = join(this.folder, 'photos');
  readonly out = join(this.folder, 'out');
  readonly state = join(this.folder, 'state');
  readonly told: Told[] = [];
  readonly settings = new Map<PhotoId, DenoiseSettings>();
  readonly #photos = new Map<PhotoId, LibraryPhoto>();

  constructor(...names: string[]) {
    mkdirSync(this.out);
    mkdirSync(this.photos);
    for (const name of names) this.write(name);
  }

  path = (name: string): string => join(this.photos, name);

  /** Writes a photo, "a.jpg" or "folder/a.jpg", and has it in the library. */
  write(name: string, contents = `pixels of ${name}`): PhotoId {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
    this.list(name);
    return idOf(name);
  }

  /** Has a photo in the library, whether it is there or not. */
  list(name: string): void {
    const path = this.path(name);
    this.#photos.set(idOf(name), { path, root: this.photos, relative: relative(this.photos, path), bytes: 20 });
  }

  /** A service over the bench's folders; closed when the test ends. */
  service(engine: Engine = new ToyEngine()): QueueService {
    const service = new QueueService({
      state: this.state,
      engine,
      emit: (name, payload) => this.told.push({ name, payload, at: performance.now() } as Told),
      photoOf: (id) => this.#photos.get(id) ?? null,
      settingsOf: (id) => this.settings.get(id) ?? DEFAULT_DENOISE,
      placeOf: (id) => {
        const path = id === 'placeout0' ? this.out : id === 'placein00' ? this.photos : null;
        return path === null ? null : { place: { id, name: basename(path), label: basename(path) }, path };
      },
      runtime: () => DEFAULT_RUNTIME,
      isOriginal: (path) => Array.from(this.#photos.values()).some((photo) => photo.path === path),
    });
    onTestFinished(() => service.close());
    return service;
  }

  /** Export settings into the bench's output folder. */
  export(changes: Partial<ExportSettings> = {}): ExportSettings {
    const destination = { kind: 'place', place: 'placeout0' as PlaceId } as const;
    return { ...DEFAULT_PREFERENCES.export, destination, ...changes };
  }

  result = (name: string): string | null =>
    existsSync(join(this.out, name)) ? readFileSync(join(this.out, name), 'utf8') : null;

  /** What became of each photo: its error's code, why it was skipped, or its state. */
  async states(service: QueueService): Promise<Record<string, string>> {
    const { items } = await service.list();
    return Object.fromEntries(
      items.map((entry) => [this.nameOf(entry), entry.error?.code ?? entry.skipped ?? entry.state]),
    );
  }

  nameOf({ photo }: Pick<QueueEntry, 'photo'>): string {
    return this.#photos.get(photo)?.relative ?? photo;
  }

  /** Waits until nothing is left to do. */
  async settled(service: QueueService): Promise<Record<string, string>> {
    await expect.poll(async () => (await service.list()).status.state, { timeout: 60_000, interval: 5 }).toBe('idle');
    return this.states(service);
  }

  /** The payloads of one kind of event. */
  events<N extends EventName>(name: N): EventPayload<N>[] {
    return this.told.filter((event) => event.name === name).map((event) => event.payload as EventPayload<N>);
  }
}
