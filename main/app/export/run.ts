import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DenoiseSettings, ExportSettings, PhotoId } from '../../../preload/contract.js';
import { tempName } from '../../core/temp-name.js';
import { isRunning, newOwner, ownerToken, parseOwner } from '../owner.js';

/** One photo of a run: all that is needed to do it without the library. */
export const RunPhoto = z.object({
  photo: PhotoId,
  path: z.string(),
  root: z.string(),
  relative: z.string(),
  /** Its number in the run, from 0, which it keeps when others leave. */
  index: z.int(),
  settings: DenoiseSettings,
  /** Milliseconds since 1970: an outcome in the journals that is older belongs to an earlier try. */
  since: z.number(),
});
export type RunPhoto = z.infer<typeof RunPhoto>;

/** What one click on Denoise asked for. */
export const Run = z.object({
  v: z.literal(1),
  id: z.string().regex(/^[a-z0-9]+$/),
  createdAt: z.number(),
  export: ExportSettings,
  /** The folder behind a destination that is a place; null for the others. */
  out: z.string().nullable(),
  /** What each model's results depend on, by the model as settings name it. */
  models: z.record(z.string(), z.string()),
  /** What people call each model, where that is not how settings name it. */
  modelNames: z.record(z.string(), z.string()).default({}),
  photos: z.array(RunPhoto),
});
export type Run = z.infer<typeof Run>;

const SUFFIX = '.json';
const DAMAGED = '.damaged';

/**
 * The runs of a window on the disk, one file each, so that they outlive the process. A file is named after its run and
 * its owner: who comes later takes over what closed or killed processes left, by renaming it, which only one can do.
 */
export class RunFiles {
  readonly #owner = ownerToken(newOwner());
  #count = 0;

  constructor(private readonly folder: string) {}

  /** Takes over the runs that nobody works on, oldest first. */
  async takeOver(): Promise<Run[]> {
    await mkdir(this.folder, { recursive: true });
    const runs: Run[] = [];
    for (const name of await readdir(this.folder)) {
      if (!name.endsWith(SUFFIX)) continue;
      const [id, token] = splitName(name);
      const owner = token === '' ? null : parseOwner(token);
      if (owner !== null && isRunning(owner)) continue;
      try {
        await rename(join(this.folder, name), this.#path(id));
      } catch (error) {
        // Another process was faster.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
        throw error;
      }
      const run = parseRun(await readFile(this.#path(id), 'utf8'));
      if (run !== null) runs.push(run);
      else await rename(this.#path(id), this.#path(id) + DAMAGED);
    }
    return runs.sort((a, b) => a.createdAt - b.createdAt);
  }

  /** Ids of all runs that any process has, this one included. */
  async ids(): Promise<Set<string>> {
    const names = await readdir(this.folder);
    return new Set(names.filter((name) => name.endsWith(SUFFIX)).map((name) => splitName(name)[0]));
  }

  /** Writes a run, all or nothing. */
  async save(run: Run): Promise<void> {
    const path = this.#path(run.id);
    const temp = join(this.folder, tempName(run.id, process.pid, ++this.#count));
    await mkdir(this.folder, { recursive: true });
    try {
      const file = await open(temp, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(run));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temp, path);
    } finally {
      await rm(temp, { force: true });
    }
  }

  async remove(run: Run): Promise<void> {
    await rm(this.#path(run.id), { force: true });
  }

  /** Leaves runs to whoever comes next. */
  async release(runs: Iterable<Run>): Promise<void> {
    for (const { id } of runs) await rename(this.#path(id), join(this.folder, id + SUFFIX)).catch(() => undefined);
  }

  #path(id: string): string {
    return join(this.folder, `${id}.${this.#owner}${SUFFIX}`);
  }
}

/** A run's id and its owner's token, empty if it has none. */
function splitName(name: string): [id: string, token: string] {
  const stem = name.slice(0, -SUFFIX.length);
  const dot = stem.indexOf('.');
  return dot < 0 ? [stem, ''] : [stem.slice(0, dot), stem.slice(dot + 1)];
}

function parseRun(text: string): Run | null {
  try {
    return Run.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
