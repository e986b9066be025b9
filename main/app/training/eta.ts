import type { Progress } from './progress.js';

/** How long a run still takes. */

/** Evaluations and pictures take time besides that of the steps. */
const OVERHEAD = 1.15;

/** Time that a run has been at work, and what of it its phases took. */
export class RunClock {
  #active = 0;
  #since: number | null = null;
  /** When the round began, on this clock. */
  #roundFrom = 0;
  #round = 0;
  /** What measuring took in the last round that has been measured; null before. */
  #measuringMs: number | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  run(): void {
    this.#since ??= this.now();
  }

  halt(): void {
    if (this.#since !== null) this.#active += this.now() - this.#since;
    this.#since = null;
  }

  /** Hears where the run is. */
  follow({ phase, round }: Pick<Progress, 'phase' | 'round'>): void {
    const at = this.#elapsed;
    if (phase === 'training' && round !== this.#round) {
      this.#measuringMs = at - this.#roundFrom;
      this.#round = round;
    } else if (phase === 'measuring' && round === this.#round) {
      // The next round's measuring begins.
      this.#roundFrom = at;
    }
  }

  /** Milliseconds to go; null where nothing can be said yet. */
  remaining({ phase, round, rounds, fraction }: Progress, minutes: number): number | null {
    const measuring = this.#measuringMs;
    if (measuring === null || phase === 'judging' || phase === 'starting') return null;
    const training = (1 - fraction) * minutes * 60_000 * OVERHEAD;
    // Judging asks the nets about as often as measuring does.
    return training + measuring * (rounds - round + 1);
  }

  get #elapsed(): number {
    return this.#active + (this.#since === null ? 0 : this.now() - this.#since);
  }
}
