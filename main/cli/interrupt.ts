/** Exit code of a command that was stopped from outside, as shells count it for Ctrl-C. */
export const EXIT_INTERRUPTED = 130;

const UNHEARD = Symbol('the reader of the output has gone');

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Stops a command from outside: the first signal asks it to finish cleanly, the second does not ask. */
export class Interrupt {
  readonly #controller = new AbortController();
  #lastResort: () => void = () => undefined;
  readonly #onSignal = (): void => {
    if (this.#controller.signal.aborted) {
      this.#lastResort();
      process.exit(EXIT_INTERRUPTED);
    }
    this.stop();
  };

  constructor() {
    for (const name of SIGNALS) process.on(name, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was stopped because nobody reads what it prints: then nothing more is to be said. */
  get isUnheard(): boolean {
    return this.signal.reason === UNHEARD;
  }

  /** Asks the command to stop, as the first signal does. */
  stop(): void {
    this.#controller.abort();
  }

  /** Asks the command to stop because the reader of its output has gone. */
  stopUnheard(): void {
    this.#controller.abort(UNHEARD);
  }

  /** What to do at the second signal, before the process ends at once. */
  onLastResort(action: () => void): void {
    this.#lastResort = action;
  }

  dispose(): void {
    for (const name of SIGNALS) process.off(name, this.#onSignal);
  }
}
