/** How far the first lesson is: pure. */

export const LESSON_STEPS = ['drag', 'strength', 'denoise'] as const;
export type LessonStep = (typeof LESSON_STEPS)[number];

export interface Progress {
  /** Something was dragged in the picture. */
  readonly dragged: boolean;
  /** A slider has moved since the lesson began. */
  readonly adjusted: boolean;
  /** The photo is in the queue, or the way there has been opened. */
  readonly denoised: boolean;
}

/** Whether a step is done. */
export function isDone(step: LessonStep, progress: Progress): boolean {
  return { drag: progress.dragged, strength: progress.adjusted, denoise: progress.denoised }[step];
}

/** The step to take next; null: the lesson is over. */
export const nextStep = (progress: Progress): LessonStep | null =>
  LESSON_STEPS.find((step) => !isDone(step, progress)) ?? null;
