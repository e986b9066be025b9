/** Speed is measured over the last so many milliseconds: long enough to be steady, short enough to follow. */
const SPEED_WINDOW_MS = 15_000;
/** No estimate before this: it would be a guess. */
const WARM_UP_MS = 2_000;

interface Sample {
  readonly at: number;
  readonly work: number;
  readonly pixels: number;
}

export interface MeterReading {
  /** Share of the work done, in [0,1]. */
  readonly fraction: number;
  /** null until it can be told. */
  readonly etaMs: number | null;
  readonly megapixelsPerSecond: number | null;
}

/**
 * Turns progress into speed and remaining time. Work is counted in bytes of the photos' files, which are known before
 * a photo is opened; what needed no work counts as if it had never been there.
 */
export class ProgressMeter {
  readonly #samples: Sample[] = [];
  #startedAt: number | null = null;

  /** Takes a reading at time `at` (ms): `work` of `total` done, `pixels` denoised so far. */
  read(at: number, work: number, total: number, pixels: number): MeterReading {
    this.#startedAt ??= at;
    this.#samples.push({ at, work, pixels });
    while (this.#samples.length > 2 && at - this.#samples[0]!.at > SPEED_WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0]!;
    const fraction = total === 0 ? 1 : Math.min(1, work / total);
    const elapsed = at - first.at;
    if (at - this.#startedAt < WARM_UP_MS || elapsed === 0) return { fraction, etaMs: null, megapixelsPerSecond: null };
    const workSpeed = (work - first.work) / elapsed;
    const etaMs = workSpeed > 0 ? Math.max(0, (total - work) / workSpeed) : null;
    return { fraction, etaMs, megapixelsPerSecond: (pixels - first.pixels) / elapsed / 1000 };
  }
}
