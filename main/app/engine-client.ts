import {
  ENGINE_CALLS,
  EngineMessage,
  type EngineCall,
  type EngineCallDeclaration,
  type EngineParams,
  type EnginePart,
  type EngineProgress,
  type EngineResult,
  type ProviderFault,
} from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import type { DiagnosticLog } from './diagnostics.js';
import { cancelled, EngineDeath, explainDeath, readWireError } from './engine-errors.js';
import type { EngineTransport } from './engine-transport.js';

/** Progress of one call: `fraction` is in [0,1] and never goes back. */
export type CallProgress = Pick<EngineProgress, 'stage' | 'fraction' | 'pixels'>;
export type ProgressListener = (progress: CallProgress) => void;
/** Hears what a call gives on its way. */
export type PartListener<C extends EngineCall> = (part: EnginePart<C>) => void;

/** Patience with the engine, in milliseconds. */
export interface EngineTimings {
  /** From launch to 'ready'. */
  readonly startMs: number;
  /** From a cancel message to its answer: a tile in hand blocks the engine's thread until it is done. */
  readonly cancelGraceMs: number;
  /** Longest silence while calls are in flight; beyond it the engine hangs (a driver's deadlock, as a rule). */
  readonly stallMs: number;
  /** From the shutdown message to the exit. */
  readonly shutdownMs: number;
}

export const DEFAULT_TIMINGS: EngineTimings = {
  startMs: 30_000,
  cancelGraceMs: 15_000,
  stallMs: 300_000,
  shutdownMs: 5_000,
};

interface Pending {
  readonly settle: (result: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly onProgress: ProgressListener;
  readonly onPart: (part: unknown) => void;
  fraction: number;
}

/** The life of one engine process, from 'ready' to its exit: typed calls, progress, cancelling, shutdown. */
export class EngineClient {
  /** Resolves when the engine can take calls; rejects when it dies or stays silent instead. */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the process has ended, whether or not that was asked for. */
  readonly ended: Promise<EngineDeath>;

  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #death: EngineDeath | null = null;
  /** Set when we kill it ourselves: the exit signal alone would be read as the kernel's. */
  #verdict: EngineDeath | null = null;
  #stall: NodeJS.Timeout | undefined;
  #onReady: () => void = () => undefined;

  constructor(
    private readonly transport: EngineTransport,
    private readonly log: DiagnosticLog,
    private readonly timings: EngineTimings = DEFAULT_TIMINGS,
    private readonly onFault: (fault: ProviderFault) => void = () => undefined,
  ) {
    this.ended = new Promise((resolve) => {
      transport.onExit((exit) => {
        this.#death = this.#verdict ?? explainDeath(exit, this.log.tail);
        clearTimeout(this.#stall);
        for (const pending of this.#pending.values()) pending.reject(this.#death);
        this.#pending.clear();
        resolve(this.#death);
      });
    });
    this.ready = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#condemn(`the engine was not ready after ${timings.startMs / 1000} s`);
      }, timings.startMs);
      this.#onReady = () => {
        clearTimeout(timer);
        resolve();
      };
      void this.ended.then((death) => {
        clearTimeout(timer);
        reject(death);
      });
    });
    // Whoever waits for `ready` gets the rejection; a client that is shut down before anyone waits must not crash the host.
    this.ready.catch(() => undefined);
    transport.onMessage((message) => {
      this.#receive(message);
    });
  }

  /** Whether the process has ended or is about to: it takes no more calls. */
  get isDoomed(): boolean {
    return this.#death !== null || this.#verdict !== null;
  }

  /**
   * Makes one call. An abort sends 'cancel' and waits for the engine's answer, which may still be the result if that
   * was on its way; an engine that gives none within the grace time is killed.
   * @throws AppError the engine's own error; engine/cancelled; EngineDeath when the process died meanwhile.
   */
  async call<C extends EngineCall>(
    signal: AbortSignal,
    name: C,
    params: EngineParams<C>,
    onProgress: ProgressListener = () => undefined,
    onPart: PartListener<C> = () => undefined,
  ): Promise<EngineResult<C>> {
    if (signal.aborted) throw cancelled();
    const doom = this.#death ?? this.#verdict;
    if (doom !== null) throw doom;
    const id = this.#nextId++;
    let grace: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      this.transport.postMessage({ type: 'cancel', id });
      grace = setTimeout(() => {
        this.#take(id)?.reject(cancelled());
        this.#condemn('the engine did not stop when asked and was killed');
      }, this.timings.cancelGraceMs);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await new Promise<unknown>((settle, reject) => {
        this.#pending.set(id, { settle, reject, onProgress, onPart: partReader(name, onPart), fraction: 0 });
        this.#watch();
        this.transport.postMessage({ type: 'call', id, call: name, params });
      });
      const parsed = ENGINE_CALLS[name].result.safeParse(answer);
      if (!parsed.success) throw new AppError('engine/internal', `the engine's answer to '${name}' is malformed`);
      return parsed.data as EngineResult<C>;
    } finally {
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Asks the engine to end, kills it if it does not, and resolves when it is gone. */
  async shutdown(): Promise<void> {
    this.#verdict ??= new EngineDeath('engine/cancelled', 'the engine was shut down');
    this.transport.postMessage({ type: 'shutdown' });
    const timer = setTimeout(() => {
      this.transport.kill();
    }, this.timings.shutdownMs);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends the process at once. */
  kill(): void {
    this.#verdict ??= new EngineDeath('engine/cancelled', 'the engine was shut down');
    this.transport.kill();
  }

  #receive(message: unknown): void {
    const parsed = EngineMessage.safeParse(message);
    if (!parsed.success) {
      this.#condemn('the engine sent a message that is not in the protocol');
      return;
    }
    const event = parsed.data;
    if (event.type === 'ready') {
      this.#onReady();
      return;
    }
    if (event.type === 'progress') {
      const pending = this.#pending.get(event.id);
      if (pending !== undefined) {
        pending.fraction = Math.min(1, Math.max(pending.fraction, event.fraction));
        pending.onProgress({ stage: event.stage, fraction: pending.fraction, pixels: event.pixels });
      }
    } else if (event.type === 'fault') {
      this.onFault(event.fault);
    } else if (event.type === 'part') {
      this.#pending.get(event.id)?.onPart(event.part);
    } else if (event.type === 'result') {
      this.#take(event.id)?.settle(event.result);
    } else {
      this.#take(event.id)?.reject(readWireError(event.error));
    }
    this.#watch();
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** Restarts the stall timer: every message is a sign of life, and an idle engine owes none. */
  #watch(): void {
    clearTimeout(this.#stall);
    if (this.#pending.size === 0 || this.#death !== null) return;
    this.#stall = setTimeout(() => {
      this.#condemn(`the engine gave no sign of life for ${Math.round(this.timings.stallMs / 1000)} s and was killed`);
    }, this.timings.stallMs);
    // The process's own channel keeps the host alive; a timer of minutes must not.
    this.#stall.unref();
  }

  #condemn(why: string): void {
    this.#verdict ??= new EngineDeath('engine/crashed', why);
    this.transport.kill();
  }
}

/** Checks what arrives on the way of a call; what is not in the protocol is dropped, since the result will tell. */
function partReader<C extends EngineCall>(name: C, listener: PartListener<C>): (part: unknown) => void {
  const declaration: EngineCallDeclaration = ENGINE_CALLS[name];
  return (part) => {
    const parsed = declaration.part?.safeParse(part);
    if (parsed?.success === true) listener(parsed.data as EnginePart<C>);
  };
}
