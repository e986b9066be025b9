/** How the learning rate changes over a run: it rises in a line, then falls as half a cosine. */

export interface Schedule {
  /** The highest rate. */
  readonly peak: number;
  /** Share of the peak that is left at the end. */
  readonly floor: number;
  readonly warmupSteps: number;
}

/** Share of a run that warming up takes at most. */
const WARMUP_SHARE = 0.1;

/**
 * The rate of a step of a run of `steps`, both counted from 1 (Loshchilov and Hutter 2017, arXiv:1608.03983, one cycle);
 * after the last, the floor.
 */
export function learningRate(step: number, steps: number, { warmupSteps, ...schedule }: Schedule): number {
  const warmup = Math.min(warmupSteps, Math.ceil(steps * WARMUP_SHARE));
  if (step <= warmup) return (schedule.peak * step) / warmup;
  return cosine((step - warmup) / Math.max(1, steps - warmup), schedule);
}

/** The rate of a step of a run that ends by the clock: `fraction` of its time, in [0,1], is over. */
export function timedLearningRate(step: number, fraction: number, { warmupSteps, ...schedule }: Schedule): number {
  const warm = Math.max(warmupSteps === 0 ? 1 : step / warmupSteps, fraction / WARMUP_SHARE);
  return Math.min(1, warm) * cosine(fraction, schedule);
}

/** From the peak to the floor. */
function cosine(done: number, { peak, floor }: Pick<Schedule, 'peak' | 'floor'>): number {
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done))));
}
