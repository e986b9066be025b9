import { z } from 'zod';
import { DataRecipe } from './data-recipe.js';

/** A training run as data: what is trained, on what, with which loss and schedule. docs/training.md explains each entry. */

const share = z.number().min(0).max(1);

export const NetRecipe = z.discriminatedUnion('kind', [
  /** A residual U-Net; one entry per level, the finest first. */
  z
    .strictObject({
      kind: z.literal('unet'),
      widths: z.array(z.int().min(4).max(1024)).min(2).max(5),
      depths: z.array(z.int().min(0).max(16)).min(2).max(5),
    })
    .refine(({ widths, depths }) => widths.length === depths.length, {
      error: 'widths and depths have one entry for each level, and so as many',
    }),
  z.strictObject({ kind: z.literal('estimator'), width: z.int().min(4).max(512), depth: z.int().min(0).max(32) }),
  /** An .onnx file, its weights where training starts; relative to the recipe's file. */
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1) }),
]);
export type NetRecipe = z.infer<typeof NetRecipe>;

export const ImageLossRecipe = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('l1') }),
  z.strictObject({ kind: z.literal('mse') }),
  z.strictObject({ kind: z.literal('charbonnier'), epsilon: z.number().positive().max(1).default(1e-3) }),
  z.strictObject({ kind: z.literal('multi-scale'), scales: z.int().min(1).max(4).default(3) }),
]);

export const ObjectiveRecipe = z.discriminatedUnion('task', [
  z.strictObject({
    task: z.literal('denoise'),
    loss: ImageLossRecipe.prefault({ kind: 'l1' }),
    /** Share of the crops for which the net is told the true noise level; for the others the estimator measures it. */
    told: share.default(0.55),
  }),
  z.strictObject({
    task: z.literal('estimate-noise'),
    /** Weight of estimates that are too low; of those too high it is what is left of 1. */
    under: share.default(0.7),
  }),
]);
export type ObjectiveRecipe = z.infer<typeof ObjectiveRecipe>;

export const OptimizerRecipe = z.strictObject({
  /** Peak of the learning rate for a net that starts from random weights... */
  learningRate: z.number().positive().max(1),
  /** ...and for one that starts from trained ones. */
  continueRate: z.number().positive().max(1),
  /** What is left of the peak at the end. */
  floor: share.default(0.01),
  warmupSteps: z.int().min(0).max(100_000).default(200),
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]).default([0.9, 0.98]),
  epsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).max(1).default(1e-5),
  /** Largest norm of the gradient over all weights; null: any. */
  clipNorm: z.number().positive().nullable().default(0.3),
  /** Share that the running mean of the weights, which is what a run gives, keeps of itself in a step. */
  emaDecay: z.number().min(0).lt(1).default(0.999),
  /** Batches whose gradients make one step together. */
  accumulate: z.int().min(1).max(64).default(1),
});
export type OptimizerRecipe = z.infer<typeof OptimizerRecipe>;

export const TrainingRecipe = z.strictObject({
  /** Names the model's file: letters, digits, dots, dashes. */
  name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, {
    error: 'is a name of letters, digits, dots and dashes, since it names a file',
  }),
  description: z.string().default(''),
  net: NetRecipe,
  objective: ObjectiveRecipe,
  /** Initializers that are not trained, by name; `*` at the end stands for anything. */
  frozen: z.array(z.string().min(1)).default([]),
  data: DataRecipe.prefault({}),
  optimizer: OptimizerRecipe,
  steps: z.int().min(1).max(100_000_000),
  /** Steps between evaluations on held-out photos; the best of what they find is the result. */
  evaluateEvery: z.int().min(1).default(250),
  /** Steps between checkpoints. */
  checkpointEvery: z.int().min(1).default(100),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
});
export type TrainingRecipe = z.infer<typeof TrainingRecipe>;

/** When a run ends: after its steps, or when so much time was spent on them. */
export const TrainingLength = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('steps'), steps: z.int().min(1) }),
  z.strictObject({ by: z.literal('minutes'), minutes: z.number().positive() }),
]);
export type TrainingLength = z.infer<typeof TrainingLength>;
