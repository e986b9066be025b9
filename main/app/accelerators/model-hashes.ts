import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { inputError } from '../fs-errors.js';
import type { Engine } from '../engine-supervisor.js';

/** Hashes of models, by the name or path that the engine is told. */
export class ModelHashes {
  #shipped: ReadonlyMap<string, string> | null = null;
  readonly #files = new Map<string, string>();

  constructor(private readonly engine: Engine) {}

  /** Names of the shipped denoisers. @throws AppError when the engine does not start */
  async names(signal: AbortSignal): Promise<readonly string[]> {
    return [...(await this.#all(signal)).keys()];
  }

  /** null: there is no such model. @throws AppError as `names`; input/* for a file that cannot be read */
  async of(signal: AbortSignal, model: string): Promise<string | null> {
    return isAbsolute(model) ? this.#ofFile(model) : ((await this.#all(signal)).get(model) ?? null);
  }

  async #all(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    if (this.#shipped === null) {
      const models = await this.engine.call(signal, 'models', { kinds: ['denoiser'] });
      this.#shipped = new Map(models.map(({ name, sha256 }) => [name, sha256]));
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
