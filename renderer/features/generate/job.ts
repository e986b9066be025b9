import { host } from '../../host.js';
import { errorCode } from '../../i18n/error-text.js';

/** Where a request to the generator stands. */
export interface JobState {
  readonly busy: boolean;
  /** Share done, in [0,1]; null: it cannot be told yet. */
  readonly fraction: number | null;
  /** What went wrong with the last one; null: nothing. */
  readonly error: unknown;
}

export const IDLE: JobState = { busy: false, fraction: null, error: null };

let tickets = 0;
const listeners = new Map<number, (fraction: number) => void>();
let hearing = false;

/** A number for one request; its progress goes to the listener until `endTicket`. */
export function newTicket(onProgress: (fraction: number) => void): number {
  if (!hearing) {
    hearing = true;
    host().on('generate.progress', ({ ticket, fraction }) => {
      listeners.get(ticket)?.(fraction);
    });
  }
  const ticket = ++tickets;
  listeners.set(ticket, onProgress);
  return ticket;
}

export function endTicket(ticket: number): void {
  listeners.delete(ticket);
}

/** Requests of one kind: a newer one cancels the one before, whose answer is not heard any more. */
export class Job {
  #abort: AbortController | null = null;

  constructor(private readonly onChange: (state: JobState) => void) {}

  /** The answer; null where it failed, which the state says, or where nobody wants it any more. */
  async run<T>(ask: (ticket: number, signal: AbortSignal) => Promise<T>): Promise<T | null> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const isNewest = (): boolean => this.#abort === abort;
    this.onChange({ busy: true, fraction: null, error: null });
    const ticket = newTicket((fraction) => {
      if (isNewest()) this.onChange({ busy: true, fraction, error: null });
    });
    try {
      const answer = await ask(ticket, abort.signal);
      if (!isNewest()) return null;
      this.onChange(IDLE);
      return answer;
    } catch (error) {
      if (isNewest()) this.onChange(errorCode(error) === 'engine/cancelled' ? IDLE : { ...IDLE, error });
      return null;
    } finally {
      endTicket(ticket);
      if (isNewest()) this.#abort = null;
    }
  }

  /** Ends what is under way. */
  cancel(): void {
    if (this.#abort === null) return;
    this.#abort.abort();
    this.#abort = null;
    this.onChange(IDLE);
  }
}
