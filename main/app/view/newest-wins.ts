import { cancelled } from '../engine-errors.js';

/** Runs one piece of work at a time, the newest: who comes later ends what is under way and whatever waits. */
export class NewestWins {
  #newest: AbortController | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** Runs work when what came before has ended. @throws AppError engine/cancelled once something newer has come */
  async run<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const own = new AbortController();
    this.#newest?.abort();
    this.#newest = own;
    const either = AbortSignal.any([signal, own.signal]);
    const before = this.#last;
    const running = before.then(() => {
      if (either.aborted) throw cancelled();
      return work(either);
    });
    this.#last = running.catch(() => undefined);
    return running;
  }
}
