import type { LearningMethod } from '../../../preload/contract.js';

/** What can be learnt from what, in plain words: a recipe more is an entry more, and its texts. */

export interface Recipe {
  readonly method: LearningMethod;
  /** Keys of the texts. */
  readonly title: string;
  readonly needs: string;
  /** What it asks for besides photos. */
  readonly asks: 'nothing' | 'clean';
  /** What the photos are. */
  readonly photos: 'photos' | 'frames';
}

export const RECIPES = [
  { method: 'noisy', title: 'recipeNoisy', needs: 'recipeNoisyNeeds', asks: 'nothing', photos: 'photos' },
  { method: 'clean', title: 'recipeClean', needs: 'recipeCleanNeeds', asks: 'clean', photos: 'photos' },
  { method: 'pairs', title: 'recipePairs', needs: 'recipePairsNeeds', asks: 'nothing', photos: 'frames' },
] as const satisfies readonly Recipe[];

/** The recipe of a method. */
export const recipeOf = (method: LearningMethod): (typeof RECIPES)[number] =>
  RECIPES.find((recipe) => recipe.method === method)!;

/** Milliseconds that a part of 256x256 pixels takes to be measured and judged, about, on two cores: docs/learning.md. */
const MS_PER_PART = { fast: 120, other: 900 } as const;
const PARTS = { each: 16, most: 96 } as const;

/** What measuring takes besides the time that is chosen, in milliseconds, as far as can be said before. */
export function measuringMs(photos: number, parent: string): number {
  const parts = Math.min(PARTS.most, photos * PARTS.each);
  return Math.max(10_000, 3 * parts * (parent === 'fast' ? MS_PER_PART.fast : MS_PER_PART.other));
}
