import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toWireError, type WireError } from '../../core/errors.js';
import { outputError } from '../fs-errors.js';
import { checkFolder, prepareOutputFolder, type OutputFolder } from '../output-folder.js';
import { QueueStore } from '../queue-store.js';
import { safeName } from '../safe-name.js';
import { queueFolder } from '../state-folder.js';
import type { Run, RunPhoto } from './run.js';

/** An output folder with its journals, ready for results. */
export interface Lane {
  readonly out: OutputFolder;
  readonly store: QueueStore;
}

/** Where results wait to be downloaded. */
export const outboxFolder = (state: string): string => join(state, 'outbox');

/** The folder that a photo's result goes into or below. */
export function folderOf(
  run: Pick<Run, 'id' | 'export' | 'out'>,
  { path }: Pick<RunPhoto, 'path'>,
  state: string,
): string {
  const { destination } = run.export;
  if (destination?.kind === 'beside') return besideFolder(path, destination.folder);
  if (destination?.kind === 'download') return join(outboxFolder(state), run.id);
  return run.out ?? '';
}

/** The folder of a name in a photo's own folder; a name never leads elsewhere. */
export const besideFolder = (photo: string, name: string): string => join(dirname(photo), safeName(name, ''));

/** The output folders in use: each is opened once, with one journal. */
export class Lanes {
  readonly #lanes = new Map<string, Promise<Lane>>();

  constructor(private readonly state: string) {}

  /** Opens the folders of a run's photos; a folder that cannot be used is answered with the reason. */
  async open(run: Run, photos: readonly RunPhoto[]): Promise<Map<string, Lane | WireError>> {
    const lanes = new Map<string, Lane | WireError>();
    for (const folder of new Set(photos.map((photo) => folderOf(run, photo, this.state)))) {
      lanes.set(folder, await this.#open(folder, run.out !== null).catch(toWireError));
    }
    return lanes;
  }

  /** Closes all folders but those in use. */
  async keepOnly(used: ReadonlySet<string>): Promise<void> {
    for (const [folder, opening] of this.#lanes) {
      if (used.has(folder)) continue;
      this.#lanes.delete(folder);
      await (await opening.catch(() => null))?.store.close();
    }
  }

  #open(folder: string, mustExist: boolean): Promise<Lane> {
    const known = this.#lanes.get(folder);
    if (known !== undefined) return known;
    const opening = this.#prepare(folder, mustExist);
    this.#lanes.set(folder, opening);
    opening.catch(() => this.#lanes.delete(folder));
    return opening;
  }

  async #prepare(folder: string, mustExist: boolean): Promise<Lane> {
    if (mustExist) await checkFolder(folder);
    const out = await prepareOutputFolder(folder);
    const store = await QueueStore.open(queueFolder(this.state, out.path)).catch((error: unknown) => {
      throw outputError(error, `the state folder ${this.state}`);
    });
    return { out, store };
  }
}

/** Removes what a run kept for download. */
export async function removeOutbox(state: string, run: string): Promise<void> {
  const folder = join(outboxFolder(state), run);
  await rm(folder, { recursive: true, force: true });
  await rm(queueFolder(state, folder), { recursive: true, force: true });
}

/** Removes what was kept for download by runs that no process has any more. */
export async function sweepOutbox(state: string, runs: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(outboxFolder(state)).catch(() => [])) {
    if (!runs.has(name)) await removeOutbox(state, name);
  }
}
