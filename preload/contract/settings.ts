import { z } from 'zod';
import { FORMATS, PRECISIONS, PROVIDERS } from './constants.js';

/**
 * The vocabulary that every process shares: settings, results and errors, each declared once with its schema.
 * Imports nothing of ours, so that the window can see it as well as the engine.
 */

export const Format = z.enum(FORMATS);
export type Format = z.infer<typeof Format>;

export const Provider = z.enum(PROVIDERS);
export type Provider = z.infer<typeof Provider>;

export const Precision = z.enum(PRECISIONS);
export type Precision = z.infer<typeof Precision>;

/** A name of the catalogue, never a path. */
export const FallbackName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "is the name of a shipped model, or 'none'");

/** How one photo is denoised. Ranges are those of the sliders. */
export const DenoiseSettings = z.strictObject({
  /** 'quality', 'fast', or the absolute path of an .onnx file. */
  model: z.string().min(1),
  /**
   * The shipped model that does a photo which it fits much better than `model` (main/core/image/fit.ts); 'none': `model`
   * does it all the same. Absent: a host takes the one that a model of the person's own descends from, the engine none.
   */
  fallback: FallbackName.optional(),
  /** Weight of what the model removes, up to 1; above 1 the model is told of more noise. 0 returns the input. */
  strength: z.number().min(0).max(2),
  /** Multiplies strength for the luma part of the noise. */
  luma: z.number().min(0).max(2),
  /** Multiplies strength for the colour part of the noise. */
  chroma: z.number().min(0).max(2),
  /** Share of the original's fine detail that is given back where there is texture. */
  detail: z.number().min(0).max(1),
  /** Standard deviation of the noise in 8-bit units, 0 to 255; null lets the estimator measure it. */
  sigma: z.number().min(0).max(255).nullable(),
});
export type DenoiseSettings = z.infer<typeof DenoiseSettings>;

export const METADATA_POLICIES = ['all', 'no-location', 'none'] as const;

/** How a result is encoded. */
export const EncodeSettings = z.strictObject({
  /** 'keep' writes the format that was read. */
  format: z.enum(['keep', ...FORMATS]),
  /** 1 to 100 for jpeg, webp and avif; null chooses a visually lossless default for the format. */
  quality: z.int().min(1).max(100).nullable(),
  /** 'keep' keeps the input's depth where the format can hold it. */
  bitDepth: z.union([z.literal('keep'), z.literal(8), z.literal(16)]),
  /** 'none' keeps what the pixels need all the same: the colour profile and the orientation. */
  metadata: z.enum(METADATA_POLICIES),
});
export type EncodeSettings = z.infer<typeof EncodeSettings>;

export const DEFAULT_ENCODE: EncodeSettings = { format: 'keep', quality: null, bitDepth: 'keep', metadata: 'all' };

/** How the engine uses the machine. */
export const RuntimeSettings = z.strictObject({
  provider: z.union([z.literal('auto'), Provider]),
  /** Threads of the runtime; null: one per physical core. */
  threads: z.int().min(1).max(256).nullable(),
  /** Side of a square tile in pixels, overlap included; null: chosen by provider and memory. */
  tile: z.int().min(64).max(8192).nullable(),
  /**
   * 'int8' is the 8-bit variant of a shipped denoiser: other models have none. 'auto': that where a trial has shown it to
   * be worth it (main/app/accelerators), otherwise 'float'. What was stored before there was a choice says nothing.
   */
  precision: z.union([z.literal('auto'), Precision]).default('float'),
});
export type RuntimeSettings = z.infer<typeof RuntimeSettings>;

/** Noise of one photo, as standard deviations in 8-bit units (0..255) whatever the file's depth. */
export const NoiseEstimate = z.object({
  /** Mean over the image and its channels. */
  sigma: z.number(),
  /** Mean per channel: one entry for a grey image, three for colour. */
  perChannel: z.array(z.number()),
  /** 10th and 90th percentile over the image. */
  low: z.number(),
  high: z.number(),
});
export type NoiseEstimate = z.infer<typeof NoiseEstimate>;

/** Whether the model fits the photo: see main/core/image/trust.ts. */
export const TrustReport = z.object({
  /** 1: what was removed looks like noise; towards 0: it looks like the picture. 1 minus the detail-loss score. */
  score: z.number().min(0).max(1),
  verdict: z.enum(['good', 'fair', 'poor']),
});
export type TrustReport = z.infer<typeof TrustReport>;

/** Which of two models did a photo, and how far each can be trusted on the places of it that were tried. */
export const FitReport = z.object({
  used: z.enum(['model', 'fallback']),
  /** What the fallback is called. */
  fallback: FallbackName,
  /** Scores as in TrustReport. */
  trust: z.object({ model: z.number().min(0).max(1), fallback: z.number().min(0).max(1) }),
});
export type FitReport = z.infer<typeof FitReport>;

export const WireError = z.object({ code: z.string(), message: z.string() });
export type WireError = z.infer<typeof WireError>;
