import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { TrainingRecipe } from '../../../preload/training/recipe.js';
import { Scores } from '../../../preload/training/train-call.js';
import { AppError } from '../../core/errors.js';

/** What a checkpoint notes beside the arrays. */
export const Notes = z.object({
  recipe: TrainingRecipe,
  /** SHA-256 of the model that the run started from. */
  parent: z.string().nullable(),
  /** Hash of the photos' names. */
  photos: z.string(),
  /** Steps done. */
  step: z.int(),
  /** Time spent on them. */
  seconds: z.number(),
  /** Step of the last evaluation; -1 before the first. */
  evaluated: z.int(),
  /** Numbers that the task needs for its next step. */
  kept: z.record(z.string(), z.number()).default({}),
  before: Scores,
  best: z.object({ step: z.int(), scores: Scores }).nullable(),
});
export type Notes = z.infer<typeof Notes>;

/** The notes, if the run is that of a recipe. @throws AppError 'usage/invalid', naming what differs */
export function sameRun(notes: Notes, recipe: TrainingRecipe): Notes {
  const keys = Object.keys(recipe) as (keyof TrainingRecipe)[];
  // How long it lasts may be changed: docs/training.md.
  const different = keys.filter((key) => key !== 'steps' && !isDeepStrictEqual(notes.recipe[key], recipe[key]));
  if (different.length === 0) return notes;
  throw new AppError(
    'usage/invalid',
    `the run in this folder has another recipe (${different.join(', ')}): give the same, or choose another folder`,
  );
}
