import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { Precision } from '../../../preload/contract.js';
import { inputError } from '../fs-errors.js';
import type { Engine } from '../engine-supervisor.js';

/** The hashes of each shipped denoiser's files, by its name; null: it has none in that precision. */
type Shipped = ReadonlyMap<string, Readonly<Record<Precision, string | null>>>;

/** Hashes of models, by the name or path that the engine is told. */
export class ModelHashes {
  #shipped: Shipped | null = null;
  readonly #files = new Map<string, string>();

  constructor(private readonly engine: Engine) {}

  /** Names of the shipped denoisers. @throws AppError when the engine does not start */
  async names(signal: AbortSignal): Promise<readonly string[]> {
    return [...(await this.#all(signal)).keys()];
  }

  /**
   * null: there is no such model, or not in that precision.
   * @throws AppError as `names`; input/* for a file that cannot be read
   */
  async of(signal: AbortSignal, model: string, precision: Precision): Promise<string | null> {
    if (isAbsolute(model)) return precision === 'float' ? this.#ofFile(model) : null;
    return (await this.#all(signal)).get(model)?.[precision] ?? null;
  }

  async #all(signal: AbortSignal): Promise<Shipped> {
    if (this.#shipped === null) {
      const models = await this.engine.call(signal, 'models', { kinds: ['denoiser'] });
      this.#shipped = new Map(models.map(({ name, sha256, int8 }) => [name, { float: sha256, int8 }]));
    }
    return this.#shipped;
  }

  async #ofFile(path: string): Promise<string> {
    try {
      const { size, mtimeMs } = await stat(path);
      const key = `${path} ${size} ${mtimeMs}`;
      let hash = this.#files.get(key);
      if (hash === undefined) {
        const sum = createHash('sha256');
        for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
        hash = sum.digest('hex');
        this.#files.set(key, hash);
      }
      return hash;
    } catch (error) {
      throw inputError(error);
    }
  }
}
