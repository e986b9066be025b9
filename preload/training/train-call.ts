import { z } from 'zod';
import { RuntimeSettings } from '../contract/settings.js';
import { TrainingLength, TrainingRecipe } from './recipe.js';

/** What a host asks of the engine to have a net trained, and what it hears meanwhile. */

export const TrainRequest = z.strictObject({
  recipe: TrainingRecipe,
  /** Photos to learn from, absolute. */
  photos: z.array(z.string()),
  /** Folder of the run, which is there: its checkpoint, metrics and models. Absolute. */
  out: z.string(),
  /** A model whose weights are where it starts, absolute; null: the net's own. */
  init: z.string().nullable(),
  length: TrainingLength,
  /** Whether it goes on with the run in the folder; if not, there may be none. */
  resume: z.boolean(),
  runtime: RuntimeSettings,
});
export type TrainRequest = z.infer<typeof TrainRequest>;

/**
 * Quality on held-out photos. By name of the set for denoisers (dB of PSNR) and estimators (mean error of sigma in 255ths);
 * for autoencoders `psnr` in dB, `kl` in nats, `active` latents, `sharpness` (gradient energy, photos have 1) and `objective`.
 */
export const Scores = z.record(z.string(), z.number());
export type Scores = z.infer<typeof Scores>;

/** Named figures of a step: curves to draw. */
export const Parts = z.record(z.string(), z.number());
export type Parts = z.infer<typeof Parts>;

/** News of a run. */
export const TrainingNews = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    /** Step of the checkpoint that it goes on from; 0 for a new run. */
    step: z.int(),
    photos: z.int(),
    heldOut: z.int(),
    problems: z.array(z.object({ path: z.string(), message: z.string() })),
    parameters: z.int(),
    /** Bytes that the graph of a step needs, as it is computed. */
    memory: z.number(),
  }),
  z.object({
    type: z.literal('step'),
    step: z.int(),
    /** How far the whole run is, in [0,1]. */
    fraction: z.number(),
    /** Mean over the steps since the last news. */
    loss: z.number(),
    /** What the loss is made of and what else is watched, by name, each a mean likewise; empty for denoisers. */
    parts: Parts,
    learningRate: z.number(),
    gradientNorm: z.number(),
    /** Milliseconds per step since the last news. */
    msPerStep: z.number(),
    /** Time that the runtime waited for batches, of all time, since the last news. */
    waiting: z.number(),
  }),
  z.object({ type: z.literal('evaluated'), step: z.int(), scores: Scores, best: z.boolean() }),
  z.object({ type: z.literal('checkpoint'), step: z.int() }),
]);
export type TrainingNews = z.infer<typeof TrainingNews>;

export const TrainingReport = z.object({
  steps: z.int(),
  /** The best model by evaluation, or the last where nothing is held out. */
  model: z.string(),
  /** Further files of the same model: the decoder of an autoencoder. */
  beside: z.array(z.string()),
  /** Step that it is from. */
  bestStep: z.int(),
  scores: Scores,
  /** Scores before the first step. */
  before: Scores,
  seconds: z.number(),
});
export type TrainingReport = z.infer<typeof TrainingReport>;
