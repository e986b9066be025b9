import type { PhotoId, RuntimeSettings } from '../../../preload/contract.js';
import { toWireError } from '../../core/errors.js';
import type { Duty } from '../duty.js';
import type { Engine } from '../engine-supervisor.js';
import { EngineDeath } from '../engine-errors.js';
import type { Library } from './library.js';

/** A photo that the engine died of twice is left alone until the program starts again. */
const MAX_DEATHS = 2;

export interface MeasuringOptions {
  readonly library: Library;
  /** The inference engine. */
  readonly engine: Engine;
  /** Previews and the queue, which go first. */
  readonly duty: Duty;
  readonly runtime: () => RuntimeSettings;
}

/** Measures the noise of photos when there is nothing better to do: one at a time, those asked for last. */
export class Measuring {
  #wanted: readonly PhotoId[] = [];
  readonly #deaths = new Map<PhotoId, number>();
  #running: AbortController | null = null;
  #closed = false;

  constructor(private readonly options: MeasuringOptions) {
    options.duty.onChange(() => {
      if (options.duty.busy) this.#running?.abort();
      else this.#next();
    });
  }

  /** Has these photos measured, in this order, instead of what was asked for before. */
  want(photos: readonly PhotoId[]): void {
    this.#wanted = photos;
    this.#next();
  }

  /** Whether one is being measured. */
  get busy(): boolean {
    return this.#running !== null;
  }

  close(): void {
    this.#closed = true;
    this.#running?.abort();
  }

  #next(): void {
    if (this.#running !== null || this.#closed || this.options.duty.busy) return;
    const index = this.#wanted.findIndex((id) => this.#needed(id));
    const photo = this.#wanted[index];
    this.#wanted = index < 0 ? [] : this.#wanted.slice(index);
    if (photo === undefined) return;
    const controller = new AbortController();
    this.#running = controller;
    void this.#measure(photo, controller.signal).finally(() => {
      this.#running = null;
      this.#next();
    });
  }

  #needed(id: PhotoId): boolean {
    if (!this.options.library.has(id) || (this.#deaths.get(id) ?? 0) >= MAX_DEATHS) return false;
    const { noise, error } = this.options.library.get(id);
    return noise === null && error === null;
  }

  async #measure(id: PhotoId, signal: AbortSignal): Promise<void> {
    const { library, engine, runtime } = this.options;
    try {
      const { path } = await library.refresh(id);
      const { noise } = await engine.call(signal, 'measure', { input: path, runtime: runtime() });
      library.learn(id, { noise: noise.sigma });
    } catch (error) {
      if (signal.aborted) return;
      const wire = toWireError(error);
      if (wire.code.startsWith('input/')) library.learn(id, { error: wire });
      // Whatever else it was is not the photo's fault, or not for sure: it is left out for now and can be asked for again.
      else if (error instanceof EngineDeath) this.#deaths.set(id, (this.#deaths.get(id) ?? 0) + 1);
      this.#wanted = this.#wanted.filter((other) => other !== id || (this.#deaths.get(id) ?? MAX_DEATHS) < MAX_DEATHS);
    }
  }
}
