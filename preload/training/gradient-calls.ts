import { z } from 'zod';
import { RuntimeSettings } from '../contract.js';

/** What `stillgrain gradient` asks of the engine: the gradient of a person's own model, and a check of it. */

export const LOSS_NAMES = ['mse', 'l1', 'charbonnier'] as const;

/** An array of NumPy's in a file (.npy, absolute path) for an input of a model. */
const NamedFile = z.strictObject({ name: z.string(), file: z.string() });
export type NamedFile = z.infer<typeof NamedFile>;

export const GradientRequest = z.strictObject({
  /** Absolute path of an .onnx file. */
  model: z.string(),
  inputs: z.array(NamedFile),
  /** Absolute path of the .npy file that the output is compared with. */
  target: z.string(),
  loss: z.enum(LOSS_NAMES),
  /** The output that the loss is of; null: the only one. */
  output: z.string().nullable(),
  /** Initializers that are not to be trained. */
  freeze: z.array(z.string()),
  /** Steps of AdamW; null for none. */
  training: z.strictObject({ steps: z.int().min(1), learningRate: z.number().min(0) }).nullable(),
  /** Absolute path of the folder for the results. */
  out: z.string(),
  runtime: RuntimeSettings,
});
export type GradientRequest = z.infer<typeof GradientRequest>;

/** An array that was written. */
const WrittenArray = z.object({
  /** The initializer. */
  name: z.string(),
  /** Below the folder for the results, with forward slashes. */
  file: z.string(),
  shape: z.array(z.int()),
  /** The root of the sum of squares; null where that is no finite number. */
  norm: z.number().nullable(),
});
export type WrittenArray = z.infer<typeof WrittenArray>;

export const GradientReport = z.object({
  loss: z.number(),
  /** The loss before each step; empty without steps. */
  losses: z.array(z.number()),
  gradients: z.array(WrittenArray),
  /** The weights after the steps; empty without steps. */
  weights: z.array(WrittenArray),
  /** Things the person should know. */
  notes: z.array(z.string()),
});
export type GradientReport = z.infer<typeof GradientReport>;

export const GradientCheckRequest = z.strictObject({
  model: z.string(),
  /** What the inputs are; noise for those that are left out. */
  inputs: z.array(NamedFile),
  runtime: RuntimeSettings,
});
export type GradientCheckRequest = z.infer<typeof GradientCheckRequest>;

/** ok: they agree. suspicious: they do not. unclear: the differences are too coarse to tell (kinks, rounding). */
export const VERDICTS = ['ok', 'suspicious', 'unclear'] as const;

export const GradientCheckReport = z.object({
  /** Shapes that the check was done at. */
  inputs: z.array(z.object({ name: z.string(), shape: z.array(z.int()) })),
  rows: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['weight', 'input']),
      shape: z.array(z.int()),
      /** The derivative along the direction that agreed least; null where it is no finite number. */
      analytic: z.number().nullable(),
      numeric: z.number().nullable(),
      /** Their difference, relative to the larger of them and of what such a direction gives on average. */
      error: z.number().nullable(),
      verdict: z.enum(VERDICTS),
    }),
  ),
});
export type GradientCheckReport = z.infer<typeof GradientCheckReport>;
