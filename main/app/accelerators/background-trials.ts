import type { Duty } from '../duty.js';
import type { Accelerators } from './accelerators.js';

/** How often to look whether nothing is going on, and how often in a row it must be so: nobody waits for a trial. */
export const QUIET = { everyMs: 5000, times: 3 } as const;

export interface BackgroundTrialsOptions {
  readonly accelerators: Pick<Accelerators, 'models' | 'testAll'>;
  readonly duty: Duty;
  /** Whether something runs that is not duty, such as a measurement of noise. */
  readonly isBusy: () => boolean;
  readonly quiet?: { readonly everyMs: number; readonly times: number };
  /** Hears of a fault, which nothing depends on. */
  readonly report: (text: string) => void;
}

/** Tries accelerators that are not known yet while the program has nothing to do; anything else stops it at once. */
export class BackgroundTrials {
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #quiet = 0;
  #trial: { readonly abort: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(private readonly options: BackgroundTrialsOptions) {
    options.duty.onChange(() => {
      if (!options.duty.busy) return;
      this.#quiet = 0;
      this.#trial?.abort.abort();
    });
  }

  /** From now on: the engine is up, and somebody is there. */
  start(): void {
    if (this.#closed) return;
    this.#timer ??= setInterval(
      () => {
        this.#look();
      },
      (this.options.quiet ?? QUIET).everyMs,
    ).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#trial?.abort.abort();
    await this.#trial?.ended;
  }

  #look(): void {
    if (this.options.duty.busy || this.options.isBusy()) {
      this.#quiet = 0;
      this.#trial?.abort.abort();
      return;
    }
    this.#quiet += 1;
    if (this.#trial !== null || this.#quiet < (this.options.quiet ?? QUIET).times) return;
    const abort = new AbortController();
    const ended = this.#test(abort.signal).finally(() => {
      this.#trial = null;
      this.#quiet = 0;
    });
    this.#trial = { abort, ended };
  }

  async #test(signal: AbortSignal): Promise<void> {
    const { accelerators, report } = this.options;
    try {
      // What has a verdict is not tried again, so that mostly this does nothing.
      await accelerators.testAll(signal, await accelerators.models(signal), { asked: false });
    } catch (error) {
      if (signal.aborted) return;
      clearInterval(this.#timer);
      report(`accelerators are not tried by themselves: ${String(error)}`);
    }
  }
}
