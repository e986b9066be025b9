import type { EngineCall, EngineParams, EngineResult, ProviderFault } from '../../preload/engine-protocol.js';
import { abortable } from './abortable.js';
import { DiagnosticLog } from './diagnostics.js';
import {
  DEFAULT_TIMINGS,
  EngineClient,
  type EngineTimings,
  type PartListener,
  type ProgressListener,
} from './engine-client.js';
import { cancelled, EngineUnavailable, quoteLastLine } from './engine-errors.js';
import type { EngineLauncher } from './engine-transport.js';

/** What the queue and the commands need of an engine; the supervisor is one, and so are the doubles in tests. */
export interface Engine {
  call<C extends EngineCall>(
    signal: AbortSignal,
    name: C,
    params: EngineParams<C>,
    onProgress?: ProgressListener,
    onPart?: PartListener<C>,
  ): Promise<EngineResult<C>>;
}

/** How crashes space out restarts, in milliseconds. */
export interface RestartPolicy {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** So many failed starts in a row end the attempt... */
  readonly maxStarts: number;
  /** ...and calls within this time are refused without another. */
  readonly coolOffMs: number;
}

export const DEFAULT_RESTARTS: RestartPolicy = {
  firstDelayMs: 250,
  maxDelayMs: 10_000,
  maxStarts: 3,
  coolOffMs: 30_000,
};

/** Where an engine stands, for whoever watches; nothing is told of one that nobody has called yet. */
export type EngineState = 'starting' | 'ready' | 'restarting' | 'failed';

export interface SupervisorOptions {
  /** Hears of each change; `message` says why, for 'restarting' and 'failed'. */
  readonly onState?: (state: EngineState, message: string) => void;
  /** Hears that an accelerator was given up in the middle of a call, which the processor goes on with. */
  readonly onFault?: (fault: ProviderFault) => void;
  readonly log?: DiagnosticLog;
  readonly timings?: EngineTimings;
  readonly restarts?: RestartPolicy;
}

/** Delay before the next start after so many deaths without a good answer between: none, then doubling. */
export function restartDelayMs(deaths: number, policy: RestartPolicy): number {
  return deaths <= 1 ? 0 : Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (deaths - 2));
}

/** Keeps an engine process running: starts it with the first call, and again after it died, ever more slowly. */
export class EngineSupervisor implements Engine {
  readonly log: DiagnosticLog;
  readonly #timings: EngineTimings;
  readonly #restarts: RestartPolicy;
  readonly #onState: (state: EngineState, message: string) => void;
  readonly #onFault: ((fault: ProviderFault) => void) | undefined;
  #lastDeath: string | null = null;
  #client: EngineClient | null = null;
  #starting: Promise<EngineClient> | null = null;
  #deaths = 0;
  #refusal: { readonly error: EngineUnavailable; readonly until: number } | null = null;
  readonly #closing = new AbortController();

  constructor(
    private readonly launch: EngineLauncher,
    options: SupervisorOptions = {},
  ) {
    this.log = options.log ?? new DiagnosticLog();
    this.#timings = options.timings ?? DEFAULT_TIMINGS;
    this.#restarts = options.restarts ?? DEFAULT_RESTARTS;
    this.#onState = options.onState ?? (() => undefined);
    this.#onFault = options.onFault;
  }

  /**
   * Makes one call on the running engine, starting one if need be. The call is not repeated after a crash: its caller
   * knows what to change.
   * @throws EngineDeath, EngineUnavailable, or the engine's own AppError.
   */
  async call<C extends EngineCall>(
    signal: AbortSignal,
    name: C,
    params: EngineParams<C>,
    onProgress?: ProgressListener,
    onPart?: PartListener<C>,
  ): Promise<EngineResult<C>> {
    const client = await abortable(this.#running(), signal);
    const result = await client.call(signal, name, params, onProgress, onPart);
    this.#deaths = 0;
    return result;
  }

  /** Ends the engine cleanly; calls in flight are rejected, later ones refused. */
  async shutdown(): Promise<void> {
    this.#closing.abort();
    await (this.#starting ?? Promise.resolve(null)).catch(() => null);
    await this.#client?.shutdown();
  }

  /** Ends the engine at once. */
  kill(): void {
    this.#closing.abort();
    this.#client?.kill();
  }

  #running(): Promise<EngineClient> {
    if (this.#starting !== null) return this.#starting;
    if (this.#client?.isDoomed === false) return Promise.resolve(this.#client);
    const starting = this.#start().finally(() => {
      this.#starting = null;
    });
    this.#starting = starting;
    return starting;
  }

  async #start(): Promise<EngineClient> {
    if (this.#refusal !== null && Date.now() < this.#refusal.until) throw this.#refusal.error;
    let lastWords = '';
    // Two engines at once would want the same memory and the same accelerator.
    await this.#client?.ended;
    if (this.#lastDeath === null) this.#onState('starting', '');
    else this.#onState('restarting', this.#lastDeath);
    for (let start = 1; start <= this.#restarts.maxStarts; start++) {
      await pause(restartDelayMs(this.#deaths, this.#restarts), this.#closing.signal);
      if (this.#closing.signal.aborted) throw cancelled();
      this.log.startSection('engine start');
      const transport = this.launch((text) => {
        this.log.write(text);
      });
      const client = new EngineClient(transport, this.log, this.#timings, this.#onFault);
      this.#client = client;
      void client.ended.then((death) => {
        this.#deaths++;
        this.#lastDeath = death.message;
        if (this.#client === client) this.#client = null;
      });
      try {
        await client.ready;
        this.#onState('ready', '');
        return client;
      } catch (error) {
        lastWords = quoteLastLine(this.log.tail) || `: ${(error as Error).message}`;
      }
    }
    const error = new EngineUnavailable('engine/crashed', `the engine does not start${lastWords}`);
    this.#onState('failed', error.message);
    this.#refusal = { error, until: Date.now() + this.#restarts.coolOffMs };
    throw error;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
