import type { Progress } from './progress.js';

/** How long a run still takes. */

/** Evaluations and pictures take time besides that of the steps. */
const OVERHEAD = 1.15;
/** From so much of the training on its pace says more than the time that was asked for: few photos need less. */
const PACE_FROM = 0.02;

/** Time that a run has been at work, and what of it its phases took. */
export class RunClock {
  #active = 0;
  #since: number | null = null;
  /** When the round began, on this clock. */
  #roundFrom = 0;
  #round = 0;
  /** When training was first heard of, on this clock, and how far it was: one that goes on has a part behind it. */
  #begun: { readonly at: number; readonly fraction: number } | null = null;
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
  follow({ phase, round, fraction }: Pick<Progress, 'phase' | 'round' | 'fraction'>): void {
    const at = this.#elapsed;
    if (phase === 'training') this.#begun ??= { at, fraction };
    if (phase === 'training' && round !== this.#round) {
      this.#measuringMs = at - this.#roundFrom;
      this.#round = round;
    } else if (phase === 'measuring' && round === this.#round) {
      // The next round's measuring begins.
      this.#roundFrom = at;
    }
  }

  /**
   * Milliseconds to go; null where nothing can be said yet.
   * @param after what comes after the training
   */
  remaining(
    { phase, round, rounds, fraction }: Progress,
    minutes: number,
    after: 'judging' | 'nothing' = 'judging',
  ): number | null {
    const measuring = this.#measuringMs;
    if (measuring === null || phase === 'judging' || phase === 'starting') return null;
    if (after === 'nothing') return this.#training(fraction, minutes);
    // Judging asks the nets about as often as measuring does.
    return this.#training(fraction, minutes) + measuring * (rounds - round + 1);
  }

  #training(fraction: number, minutes: number): number {
    const asked = (1 - fraction) * minutes * 60_000 * OVERHEAD;
    const done = this.#begun === null ? 0 : fraction - this.#begun.fraction;
    if (done < PACE_FROM) return asked;
    return ((this.#elapsed - this.#begun!.at) * (1 - fraction)) / done;
  }

  get #elapsed(): number {
    return this.#active + (this.#since === null ? 0 : this.now() - this.#since);
  }
}
