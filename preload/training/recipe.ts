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
  /** An autoencoder for images of `side` x `side`; one entry per level, that of half the side first. */
  z
    .strictObject({
      kind: z.literal('vae'),
      side: z.int().min(32).max(512).default(128),
      /** Numbers of a code. */
      latent: z.int().min(2).max(4096).default(192),
      widths: z.array(z.int().min(4).max(1024)).min(1).max(7).default([24, 48, 96, 160, 256]),
      /** Residual blocks of each level, in the encoder and in the decoder. */
      depths: z.array(z.int().min(0).max(16)).min(1).max(7).default([0, 0, 1, 1, 1]),
      /** Channels in front of the decoder's last convolution, at full size. */
      tail: z.int().min(3).max(256).default(12),
    })
    .refine(({ widths, depths }) => widths.length === depths.length, {
      error: 'widths and depths have one entry for each level, and so as many',
    })
    .refine(({ side, widths }) => side % 2 ** widths.length === 0, {
      error: 'each level halves the side: it is a multiple of 2 to the number of widths',
    }),
  /** An .onnx file, its weights where training starts; relative to the recipe's file. */
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1) }),
]);
export type NetRecipe = z.infer<typeof NetRecipe>;

export const ImageLossRecipe = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('l1') }),
  z.strictObject({ kind: z.literal('mse') }),
  z.strictObject({ kind: z.literal('charbonnier'), epsilon: z.number().positive().max(1).default(1e-3) }),
  z.strictObject({
    kind: z.literal('multi-scale'),
    scales: z.int().min(1).max(5).default(3),
    /** How often images are halved before the first of them counts: of what is finer, any will do. */
    finest: z.int().min(0).max(4).default(0),
  }),
]);

/** What a denoiser learns by; `masked`: L1 where the input was changed, each crop alike. */
export const DenoiseLossRecipe = z.discriminatedUnion('kind', [
  ...ImageLossRecipe.options,
  z.strictObject({ kind: z.literal('masked') }),
]);

/** The second player of a VAE-GAN: what tells photos from what the decoder makes. */
export const AdversaryRecipe = z.strictObject({
  kind: z.literal('patch').default('patch'),
  /** Channels of each level, each half as high and wide as the one before. */
  widths: z.array(z.int().min(4).max(1024)).min(1).max(6).default([32, 64, 128]),
  /** Norm of its gradient at the decoder's last weights, as a share of the reconstruction's. */
  weight: z.number().positive().max(10).default(0.5),
  /** How much, within that, an image's likeness to its photo in the discriminator's features counts. */
  features: z.number().min(0).max(1000).default(0),
  /** Share of the run that is over when it begins. */
  startShare: share.default(0),
  /** Peak of the discriminator's learning rate; it follows the schedule of the other. */
  learningRate: z.number().positive().max(1).default(2e-4),
  balance: z
    .strictObject({
      /** Share of patches that it is right about, in the running mean, above which the discriminator waits... */
      most: share.default(0.85),
      /** ...and below which the generator does not listen to it. */
      least: share.default(0.55),
    })
    .refine(({ least, most }) => least < most, { error: 'least is below most' })
    .prefault({}),
});
export type AdversaryRecipe = z.infer<typeof AdversaryRecipe>;

export const KlRecipe = z.strictObject({
  /** Of one nat, in units of the reconstruction's loss. */
  weight: z.number().min(0).max(1e6).default(1e-5),
  /** Share of the run over which the weight rises to that. */
  warmupShare: share.default(0.25),
  /** Nats that each latent may carry for nothing. */
  freeBits: z.number().min(0).max(10).default(0.05),
});

export const ObjectiveRecipe = z.discriminatedUnion('task', [
  z.strictObject({
    task: z.literal('denoise'),
    loss: DenoiseLossRecipe.prefault({ kind: 'l1' }),
    /** Share of the crops for which the net is told the true noise level; for the others the estimator measures it. */
    told: share.default(0.55),
  }),
  z.strictObject({
    task: z.literal('estimate-noise'),
    /** Weight of estimates that are too low; of those too high it is what is left of 1. */
    under: share.default(0.7),
  }),
  /** Images through a small code and back; `data.noise` is on the input and not on the target. */
  z.strictObject({
    task: z.literal('autoencode'),
    reconstruction: ImageLossRecipe.prefault({ kind: 'multi-scale', scales: 4 }),
    kl: KlRecipe.prefault({}),
    /** Null: a VAE; else a VAE-GAN. */
    adversary: AdversaryRecipe.nullable().default(null),
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

const Recipe = z.strictObject({
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
  /** Which of them decide what is best: all kinds of noise alike, or the recipe's own mix. */
  judgedBy: z.enum(['all', 'recipe']).default('all'),
  /** Steps between checkpoints. */
  checkpointEvery: z.int().min(1).default(100),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
});

/** Patches side by side that a discriminator judges: it has 4x4 kernels of stride 2, then one of 3x3, and no padding. */
function patchesAcross(side: number, { widths }: AdversaryRecipe): number {
  return widths.reduce((size) => Math.floor((size - 4) / 2) + 1, side) - 2;
}

export const TrainingRecipe = Recipe.superRefine(({ net, objective, data, optimizer }, context) => {
  const refuse = (path: string[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  if ((net.kind === 'vae') !== (objective.task === 'autoencode')) {
    refuse(['objective', 'task'], 'autoencode is what nets of the kind vae are trained for, and no others');
  }
  if (net.kind === 'vae' && net.side !== data.crop) {
    refuse(['data', 'crop'], `is ${data.crop}, and the net is for images of ${net.side} pixels (net.side)`);
  }
  if (
    objective.task === 'autoencode' &&
    objective.adversary !== null &&
    patchesAcross(data.crop, objective.adversary) < 1
  ) {
    refuse(['objective', 'adversary', 'widths'], `has too many levels for images of ${data.crop} pixels`);
  }
  if (data.pairs.share > 0 && !(objective.task === 'denoise' && objective.told === 0)) {
    refuse(['objective', 'told'], 'is 0 for a denoiser that learns from pairs: their noise level is not known');
  }
  if (data.noise.masked.share > 0 && !(objective.task === 'denoise' && objective.loss.kind === 'masked')) {
    refuse(['objective', 'loss'], 'is masked where pixels are masked: the others are left as they are');
  }
  if (objective.task === 'autoencode' && objective.adversary !== null && optimizer.accumulate > 1) {
    refuse(['optimizer', 'accumulate'], 'is 1 with an adversary: the players take turns with each batch');
  }
});
export type TrainingRecipe = z.infer<typeof TrainingRecipe>;

/** When a run ends: after its steps, or when so much time was spent on them, and with `mostSteps` after those at the latest. */
export const TrainingLength = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('steps'), steps: z.int().min(1) }),
  z.strictObject({ by: z.literal('minutes'), minutes: z.number().positive(), mostSteps: z.int().min(1).optional() }),
]);
export type TrainingLength = z.infer<typeof TrainingLength>;
