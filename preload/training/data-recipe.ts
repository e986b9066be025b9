import { z } from 'zod';

/**
 * What a training run learns from: how crops are cut from photos and which noise they get. Every part has a default, those
 * of the shipped models' card (models/README.md), so that a recipe states what it does differently.
 */

const CROP_STEP_PX = 16;

const share = z.number().min(0).max(1);

/** A range of numbers, [low, high], within bounds. */
function range(least: number, most: number) {
  const bound = z.number().min(least).max(most);
  return z
    .tuple([bound, bound])
    .refine(([low, high]) => low <= high, { error: 'is [low, high]: low may not exceed high' });
}

/** Standard deviations of 255. */
const sigma = range(0, 255);
/** Standard deviations of a Gaussian blur in pixels. */
const blur = range(0.2, 4);

const Gaussian = z.strictObject({
  share: share.default(0.4),
  sigma: sigma.default([0, 60]),
  low: z.strictObject({ share: share.default(0.15), sigma: sigma.default([0, 10]) }).prefault({}),
  /** Share clipped to what a file holds; 0.6 when training was continued. */
  clipped: share.default(0.3),
});

const Channels = z.strictObject({
  share: share.default(0.08),
  sigma: sigma.default([0, 60]),
  /** Share whose strength varies over the crop, by factors at 3x3 points. */
  varying: share.default(0.5),
  factor: range(0, 4).default([0.4, 1.6]),
  clipped: share.default(0.3),
});

const Grain = z.strictObject({
  share: share.default(0.1),
  /** In the midtones. */
  sigma: sigma.default([3, 40]),
  blur: blur.default([0.4, 1.3]),
  /** Share of the variance that each channel has for itself. */
  chroma: range(0, 1).default([0, 0.2]),
  /** Strength in black and white, as a share of that in the midtones. */
  ends: range(0, 1).default([0.1, 0.5]),
});

const Camera = z.strictObject({
  share: share.default(0.42),
  gamma: range(1, 4).default([1.8, 2.6]),
  exposure: range(0.01, 4).default([0.3, 1.1]),
  whiteBalance: range(0.25, 8).default([1.2, 2.4]),
  /** Variance of the shot noise per unit of linear light. */
  shot: range(1e-7, 1).default([1e-4, 1.5e-2]),
  /** ln(read variance) = slope * ln(shot) + offset + spread * n. */
  read: z
    .strictObject({
      slope: z.number().min(0).max(4).default(2.18),
      offset: z.number().min(-10).max(10).default(1.2),
      spread: z.number().min(0).max(3).default(0.3),
    })
    .prefault({}),
  mosaic: share.default(0.7),
  colourMatrix: share.default(0.5),
  blur: z.strictObject({ share: share.default(0.35), sigma: blur.default([0.35, 1]) }).prefault({}),
  /** Low-frequency colour noise; share 0.4 when training was continued. */
  blotches: z
    .strictObject({
      share: share.default(0),
      blur: blur.default([1.2, 3.5]),
      /** As a share of the crop's other noise. */
      strength: range(0, 4).default([0.2, 0.8]),
    })
    .prefault({}),
});

/** Noise found on photos (`stillgrain learn`), from a file of noise. */
const Bank = z.strictObject({
  share: share.default(0),
  /** Absolute path; needed where there is a share. */
  file: z.string().nullable().default(null),
  /** Factors of the strength that was measured. */
  gain: range(0.1, 10).default([0.75, 1.35]),
});

/** No noise: pixels replaced by a neighbour, so that what they were can be asked for of the others (loss `masked`). */
const Masked = z.strictObject({
  share: share.default(0),
  /** Share of the pixels. */
  pixels: z.number().positive().max(0.5).default(0.05),
  /** Neighbours are at most so many pixels away, along rows and columns. */
  reach: z.int().min(1).max(8).default(2),
});

/** The mix of noises; see main/core/noise for what each number does. */
export const NoiseRecipe = z
  .strictObject({
    gaussian: Gaussian.prefault({}),
    channels: Channels.prefault({}),
    grain: Grain.prefault({}),
    camera: Camera.prefault({}),
    bank: Bank.prefault({}),
    masked: Masked.prefault({}),
    jpeg: z
      .strictObject({
        share: share.default(0.45),
        quality: z
          .tuple([z.int().min(1).max(100), z.int().min(1).max(100)])
          .refine(([low, high]) => low <= high, { error: 'is [low, high]: low may not exceed high' })
          .default([55, 98]),
        subsampled: share.default(0.5),
      })
      .prefault({}),
    rounded: share.default(0.9),
  })
  .refine(
    ({ gaussian, channels, grain, camera, bank, masked }) =>
      gaussian.share + channels.share + grain.share + camera.share + bank.share + masked.share > 0,
    { error: 'has no kind of noise with a share above 0' },
  )
  .refine(({ bank }) => bank.share === 0 || bank.file !== null, {
    error: 'names no file of noise for the share of bank',
    path: ['bank', 'file'],
  });
export type NoiseRecipe = z.infer<typeof NoiseRecipe>;

/** The data of a training run. */
export const DataRecipe = z.strictObject({
  /** Side of a crop in pixels. */
  crop: z
    .int()
    .min(32)
    .max(512)
    .multipleOf(CROP_STEP_PX, { error: `is a multiple of ${CROP_STEP_PX}` })
    .default(96),
  /** Crops in a step. */
  batch: z.int().min(1).max(256).default(16),
  /** Share of crops whose colour is taken away. */
  grey: share.default(0.04),
  /** Mirror crops at random; `transpose`: and turn them on their side. */
  flips: z.boolean().default(true),
  transpose: z.boolean().default(true),
  /**
   * How much of a photo a crop shows: 0 is as many of its pixels as the crop has, 1 the largest square in it, scaled down;
   * what is between is drawn evenly, on a scale of ratios.
   */
  parts: range(0, 1).default([0, 0]),
  /**
   * Photos whose longer side exceeds this many pixels are scaled down to it, so that their own noise vanishes and a crop
   * shows something; but no shorter side below that of a crop. Null: never.
   */
  longestSide: z.int().min(64).max(16384).nullable().default(1024),
  /** Photos that are never trained on, to evaluate with: at least one unless share is 0, at most `most`. */
  heldOut: z
    .strictObject({ share: z.number().min(0).max(0.5).default(0.05), most: z.int().min(1).max(1000).default(16) })
    .prefault({}),
  noise: NoiseRecipe.prefault({}),
  /** Crops of frames of one scene in place of crops with noise (`stillgrain learn --pairs`). */
  pairs: z
    .strictObject({
      share: share.default(0),
      /** Absolute path of the list of scenes; needed where there is a share. */
      file: z.string().nullable().default(null),
    })
    .refine(({ share: wanted, file }) => wanted === 0 || file !== null, {
      error: 'names no file of scenes for the share of pairs',
      path: ['file'],
    })
    .prefault({}),
});
export type DataRecipe = z.infer<typeof DataRecipe>;
