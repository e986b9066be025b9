import type { RuntimeSettings, VaeChoice } from '../../../preload/contract.js';
import type { EngineParams, EngineResult } from '../../../preload/engine-protocol.js';
import type { GENERATE_CALLS } from '../../../preload/generate/generate-calls.js';
import { toWireError } from '../../core/errors.js';
import type { Duty } from '../duty.js';
import type { PartListener } from '../engine-client.js';
import type { Engine } from '../engine-supervisor.js';
import type { Emit } from '../events.js';
import { firstAttempt, nextAttempt } from '../retry.js';

export type GenerationCall = keyof typeof GENERATE_CALLS;

/** The next move of a slider comes sooner than this: what is less urgent need not start in between. */
const LINGER_MS = 1500;

export interface DeskOptions {
  /**
   * The engine that denoises: one inference at a time, and generating needs its denoiser. Previews go before photos of the
   * queue there; thumbnails and tiles have the other engine to themselves.
   */
  readonly engine: Engine;
  readonly runtime: () => RuntimeSettings;
  readonly duty: Duty;
  readonly emit: Emit;
  /** Where a VAE of the person's own lies; null: the shipped one. @throws AppError model/not-found, model/invalid */
  readonly vaeFolder: (id: VaeChoice) => Promise<string | null>;
}

/** Tells the window how far a request is. */
export type Tell = (fraction: number) => void;

/** Has the engine generate: tries again, more carefully, when the accelerator or the memory failed. */
export class GenerationDesk {
  constructor(private readonly options: DeskOptions) {}

  get engine(): Engine {
    return this.options.engine;
  }

  /** What the engine is told of the VAE that a request chose. @throws AppError model/not-found, model/invalid */
  vae(chosen: VaeChoice): Promise<string | null> {
    return this.options.vaeFolder(chosen);
  }

  /** How far the request of a ticket is, never going back whatever is tried again. */
  progress(ticket: number): Tell {
    let shown = 0;
    return (fraction) => {
      if (fraction <= shown) return;
      shown = Math.min(1, fraction);
      this.options.emit('generate.progress', { ticket, fraction: shown });
    };
  }

  async call<C extends GenerationCall>(
    signal: AbortSignal,
    name: C,
    params: (runtime: RuntimeSettings) => EngineParams<C>,
    tell: Tell,
    onPart?: PartListener<C>,
  ): Promise<EngineResult<C>> {
    const { engine, runtime, duty } = this.options;
    const release = duty.begin();
    try {
      for (let attempt = firstAttempt(runtime()); ;) {
        try {
          return await engine.call(
            signal,
            name,
            params(attempt.runtime),
            ({ fraction }) => {
              tell(fraction);
            },
            onPart,
          );
        } catch (error) {
          const next = signal.aborted ? null : nextAttempt(attempt, toWireError(error).code);
          if (next === null) throw error;
          attempt = next;
        }
      }
    } finally {
      setTimeout(release, LINGER_MS).unref();
    }
  }
}
