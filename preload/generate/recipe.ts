import { z } from 'zod';
import { DenoiseSettings } from '../contract/settings.js';
import { MAX_SEED, MAX_STEP_STRENGTH, MAX_STEPS } from './limits.js';

/** What a generated picture was made of and how: the same recipe with the same files gives the same pixels. */

export { MAX_SEED, MAX_STEP_STRENGTH } from './limits.js';

const MAX_NAME_CHARS = 100;

export const Seed = z.int().min(0).max(MAX_SEED);
const Strength = z.number().min(0).max(MAX_STEP_STRENGTH);

/** One move of a photo's latent. */
export const VariationStep = z.discriminatedUnion('kind', [
  /** A random move; `index` numbers the variations of one seed. */
  z.strictObject({ kind: z.literal('around'), seed: Seed, index: z.int().min(0), strength: Strength }),
  /** A move along a direction that was measured to do what its name says ("warmer"). */
  z.strictObject({ kind: z.literal('direction'), name: z.string().min(1).max(MAX_NAME_CHARS), strength: Strength }),
]);
export type VariationStep = z.infer<typeof VariationStep>;

/** The moves of a variation, first to last: those of the variation that it was varied from, then its own. */
export const VariationSteps = z.array(VariationStep).max(MAX_STEPS);

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A photo as recipes name it: without its folder, which is nobody's business. */
export const ParentPhoto = z.strictObject({ name: z.string(), sha256: Sha256 });
export type ParentPhoto = z.infer<typeof ParentPhoto>;

export const VaeHashes = z.strictObject({ encoder: Sha256, decoder: Sha256 });
export type VaeHashes = z.infer<typeof VaeHashes>;

const common = { version: z.literal(1), vae: VaeHashes };

export const VariationRecipe = z.strictObject({
  ...common,
  made: z.literal('variation'),
  photo: ParentPhoto,
  steps: VariationSteps,
  denoise: z.strictObject({ settings: DenoiseSettings, sha256: Sha256 }),
});
export type VariationRecipe = z.infer<typeof VariationRecipe>;

export const InterpolationRecipe = z.strictObject({
  ...common,
  made: z.literal('interpolation'),
  photos: z.array(ParentPhoto).min(2),
  frames: z.int(),
  /** Number of the frame, from 0; null: all of them. */
  frame: z.int().nullable(),
  closed: z.boolean(),
  detail: z.number(),
});

export const SampleRecipe = z.strictObject({
  ...common,
  made: z.literal('sample'),
  /** Photos that the prior was fitted to; none: N(0, I). */
  photos: z.array(ParentPhoto),
  seed: Seed,
  index: z.int(),
});

export const MapRecipe = z.strictObject({ ...common, made: z.literal('map'), photos: z.array(ParentPhoto) });

export const SheetRecipe = z.strictObject({
  ...common,
  made: z.literal('sheet'),
  variations: z.array(VariationRecipe),
});

export const GenerationRecipe = z.discriminatedUnion('made', [
  VariationRecipe,
  InterpolationRecipe,
  SampleRecipe,
  MapRecipe,
  SheetRecipe,
]);
export type GenerationRecipe = z.infer<typeof GenerationRecipe>;
