/** How the learning rate changes over a run: it rises in a line, then falls as half a cosine. */

export interface Schedule {
  /** The highest rate. */
  readonly peak: number;
  /** Share of the peak that is left at the end. */
  readonly floor: number;
  readonly warmupSteps: number;
  readonly steps: number;
}

/** The rate of a step, counted from 1 (Loshchilov and Hutter 2017, arXiv:1608.03983, one cycle); after the last, the floor. */
export function learningRate(step: number, { peak, floor, warmupSteps, steps }: Schedule): number {
  if (step <= warmupSteps) return (peak * step) / warmupSteps;
  const done = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * done)));
}
