import type { DataRecipe } from '../../../preload/training/data-recipe.js';
import type { WireError } from '../../core/errors.js';
import type { TrainingBatch } from './batches.js';
import type { PhotoProblem } from './photos.js';

/** What the loader and its thread say to each other. */

/** What the thread starts with. */
export interface LoaderTask {
  readonly photos: readonly string[];
  readonly recipe: DataRecipe;
  readonly seed: number;
  readonly firstStep: number;
  /** Batches that may be made before any is taken. */
  readonly ahead: number;
  /** Bytes of photos to keep in memory; null: `photoBudget`. */
  readonly budget: number | null;
  /** Whether the photos are all there are, so that some are to be held out. */
  readonly holdOut: boolean;
}

/** The loader took a batch, so that another may be made; or it wants no more. */
export type LoaderRequest = { readonly type: 'taken' } | { readonly type: 'close' };

export type LoaderReply =
  | { readonly type: 'progress'; readonly fraction: number }
  | {
      readonly type: 'opened';
      readonly photos: readonly string[];
      readonly heldOut: readonly string[];
      readonly problems: readonly PhotoProblem[];
    }
  | { readonly type: 'batch'; readonly batch: TrainingBatch }
  | { readonly type: 'error'; readonly error: WireError };
