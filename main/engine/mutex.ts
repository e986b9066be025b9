import { AppError } from '../core/errors.js';

/** Who goes first where inference waits: someone looks at a preview; a measurement is only a badge. */
export const PRIORITY = { preview: 2, photo: 1, measure: 0 } as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

/**
 * Called between the tiles of a piece of work: lets in what goes first, waits for it, and tells whether it did. What was
 * held until then (a session) may be gone.
 * @throws AppError engine/cancelled when the work is aborted while it waits.
 */
export type Pause = () => Promise<boolean>;

interface Waiting {
  readonly priority: Priority;
  /** Earlier numbers first among equals; who paused keeps its own. */
  readonly number: number;
  readonly enter: () => void;
}

/** One holder at a time, by priority, else first come first served: inference runs one photo at a time. */
export class PriorityMutex {
  private held = false;
  private numbers = 0;
  private readonly waiting: Waiting[] = [];

  /** Waits for its turn, runs the work alone but for its pauses, and passes on its outcome. */
  async run<T>(priority: Priority, signal: AbortSignal, work: (pause: Pause) => Promise<T>): Promise<T> {
    const number = ++this.numbers;
    await this.enter(priority, number, signal);
    const turn = { holds: true };
    const pause: Pause = async () => {
      if (!this.waiting.some((other) => other.priority > priority)) return false;
      turn.holds = false;
      this.leave();
      await this.enter(priority, number, signal);
      turn.holds = true;
      return true;
    };
    try {
      return await work(pause);
    } finally {
      if (turn.holds) this.leave();
    }
  }

  private enter(priority: Priority, number: number, signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const cancelled = (): void => {
        reject(new AppError('engine/cancelled', 'cancelled'));
      };
      if (signal.aborted) {
        cancelled();
        return;
      }
      const onAbort = (): void => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        cancelled();
      };
      const entry: Waiting = {
        priority,
        number,
        enter: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.push(entry);
      this.admit();
    });
  }

  private leave(): void {
    this.held = false;
    this.admit();
  }

  private admit(): void {
    if (this.held) return;
    const [next] = this.waiting.toSorted((a, b) => b.priority - a.priority || a.number - b.number);
    if (next === undefined) return;
    this.waiting.splice(this.waiting.indexOf(next), 1);
    this.held = true;
    next.enter();
  }
}
