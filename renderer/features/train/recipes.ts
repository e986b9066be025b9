import type { LearningMethod } from '../../../preload/contract.js';

/** What can be learnt from what, in plain words: a recipe more is an entry more, and its texts. */

export interface Recipe {
  readonly method: LearningMethod;
  /** Keys of the texts. */
  readonly title: string;
  readonly needs: string;
  readonly takes: string;
  /** What it asks for besides noisy photos. */
  readonly asks: 'nothing' | 'clean';
}

export const RECIPES = [
  { method: 'noisy', title: 'recipeNoisy', needs: 'recipeNoisyNeeds', takes: 'recipeNoisyTakes', asks: 'nothing' },
  { method: 'clean', title: 'recipeClean', needs: 'recipeCleanNeeds', takes: 'recipeCleanTakes', asks: 'clean' },
] as const satisfies readonly Recipe[];

/** Milliseconds that a part of 256x256 pixels takes to be measured and judged, about, on two cores: docs/learning.md. */
const MS_PER_PART = { fast: 120, other: 900 } as const;
const PARTS = { each: 16, most: 96 } as const;

/** What measuring takes besides the time that is chosen, in milliseconds, as far as can be said before. */
export function measuringMs(photos: number, parent: string): number {
  const parts = Math.min(PARTS.most, photos * PARTS.each);
  return Math.max(10_000, 3 * parts * (parent === 'fast' ? MS_PER_PART.fast : MS_PER_PART.other));
}
