import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RunMethod, TrainingRun, WireError } from '../../../preload/contract.js';
import { writeStored } from '../stored-file.js';
import { Progress } from './progress.js';

/** The run of the window, as it is remembered when the program is not running. */

export const StoredRun = z.object({
  v: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string(),
  method: RunMethod,
  /** null: a VAE from random weights. */
  parent: z
    .object({
      /** What the engine is told: a name, or an absolute path. */
      model: z.string(),
      /** What the person calls it. */
      name: z.string(),
      /** The shipped model that it descends from; of a VAE: its id. */
      base: z.string(),
    })
    .nullable(),
  minutes: z.number(),
  /** Absolute. */
  photos: z.array(z.string()),
  clean: z.array(z.string()),
  /** Of a VAE, as it was when the run began: another version of the program may ship another. */
  recipe: z.json().default(null),
  progress: Progress,
  error: WireError.nullable(),
  hopeless: z.boolean(),
  result: TrainingRun.shape.result,
});
export type StoredRun = z.infer<typeof StoredRun>;

/** The file of the one run. */
export class RunFile {
  readonly #file: string;

  /** @param folder of what the window remembers */
  constructor(folder: string) {
    this.#file = join(folder, 'training.json');
  }

  /** What is there; null: nothing, or nothing that can be read. */
  async read(): Promise<StoredRun | null> {
    try {
      return StoredRun.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return null;
    }
  }

  write(run: StoredRun | null): Promise<void> {
    return run === null ? rm(this.#file, { force: true }) : writeStored(this.#file, [`${JSON.stringify(run)}\n`]);
  }
}
