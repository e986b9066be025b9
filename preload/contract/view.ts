import { z } from 'zod';
import { FORMATS, MAX_PREVIEW_SIDE_PX } from './constants.js';
import { ImageId, PhotoId } from './library.js';
import { DenoiseSettings, FitReport, NoiseEstimate, TrustReport } from './settings.js';

/**
 * Looking at one photo. The host keeps it upright in levels: level 0 in full size, each next level half as wide and
 * high (sides rounded up). Pixels come as files of raw RGBA: 4 bytes a pixel, rows from the top, no padding, alpha not
 * premultiplied, values in the photo's own encoding, of which `lut` makes sRGB.
 */

const side = z
  .int()
  .min(1)
  .max(2 ** 24);
const offset = z
  .int()
  .min(0)
  .max(2 ** 24);

export const Region = z.strictObject({ left: offset, top: offset, width: side, height: side });
/** A rectangle in pixels of a level. */
export type Region = z.infer<typeof Region>;

/** What the camera wrote into the file; null where it did not. */
export const CameraInfo = z.object({
  make: z.string().nullable(),
  model: z.string().nullable(),
  lens: z.string().nullable(),
  iso: z.number().nullable(),
  /** Seconds. */
  exposureTime: z.number().nullable(),
  /** f-number. */
  aperture: z.number().nullable(),
  /** Millimetres. */
  focalLength: z.number().nullable(),
  /** As the camera's clock had it, ISO 8601 without a zone. */
  takenAt: z.string().nullable(),
});
export type CameraInfo = z.infer<typeof CameraInfo>;

export const PhotoView = z.object({
  photo: PhotoId,
  /** Upright size of level 0. */
  width: z.int(),
  height: z.int(),
  /** Size of every level, level 0 first; the last fits in one tile. */
  levels: z.array(z.object({ width: z.int(), height: z.int() })),
  format: z.enum(FORMATS),
  depth: z.union([z.literal(8), z.literal(16)]),
  hasAlpha: z.boolean(),
  /** The colour channels are equal: it is denoised as grey. */
  neutral: z.boolean(),
  /**
   * From the photo's profile to sRGB: LUT_SIZE^3 colours as raw RGBA, red running fastest, then green, then blue; null
   * where the values are sRGB as they are.
   */
  lut: ImageId.nullable(),
  camera: CameraInfo.nullable(),
});
export type PhotoView = z.infer<typeof PhotoView>;

export const TileRequest = z.strictObject({
  photo: PhotoId,
  level: z.int().min(0).max(24),
  column: z
    .int()
    .min(0)
    .max(2 ** 16),
  row: z
    .int()
    .min(0)
    .max(2 ** 16),
});

/** A file of raw RGBA. */
export const RawImage = z.object({ image: ImageId, width: z.int(), height: z.int() });
export type RawImage = z.infer<typeof RawImage>;

/** Denoises what is on the screen. Its parts arrive as `preview.part` events, those nearest to the middle first. */
export const PreviewRequest = z.strictObject({
  photo: PhotoId,
  /** Chosen by the window; its parts carry it. */
  ticket: z.int().min(0),
  level: z.int().min(0).max(24),
  region: Region.refine(({ width, height }) => Math.max(width, height) <= MAX_PREVIEW_SIDE_PX, {
    message: `must be at most ${MAX_PREVIEW_SIDE_PX} pixels on each side`,
  }),
  model: DenoiseSettings.shape.model,
  fallback: DenoiseSettings.shape.fallback,
  sigma: DenoiseSettings.shape.sigma,
  /** Whether the second pass is wanted: for a strength above 1. */
  secondPass: z.boolean(),
});
export type PreviewRequest = z.infer<typeof PreviewRequest>;

/**
 * A part of a preview, as raw RGBA files of `region`'s size. A pass holds in red, green and blue what the net removes,
 * d = (byte - 128) / 255, and in alpha the fine detail that may be given back, likewise. With the weights of
 * `planRemoval`, and `detail` of the settings:
 *   result = image - luma.first L(d1) - chroma.first (d1 - L(d1)) - luma.second L(d2) - chroma.second (d2 - L(d2))
 *            + detail luma.first (a1 + luma.second a2)
 * with L the luma of a colour (LUMA_WEIGHTS; their mean for a neutral photo) in every channel.
 */
export const PreviewPart = z.object({
  ticket: z.int(),
  level: z.int(),
  region: Region,
  /** By the fast model, while the chosen one is still at work: a later part of the same place replaces it. */
  draft: z.boolean(),
  /** The photo itself. */
  image: ImageId,
  first: ImageId,
  /** null without a second pass. */
  second: ImageId.nullable(),
});
export type PreviewPart = z.infer<typeof PreviewPart>;

export const PreviewReport = z.object({
  noise: NoiseEstimate,
  /** Of what is on the screen; null where it is too small to be judged. */
  trust: TrustReport.nullable(),
  /**
   * One value a block of MAP_BLOCK_PX, as raw RGBA: red holds the noise level (255 is MAP_NOISE_PEAK), green the
   * detail at risk (255 is all of it). Columns and rows are the region's sides divided by the block, rounded up.
   */
  maps: RawImage,
  /** Absent where there was nothing to choose from. */
  fit: FitReport.optional(),
  ms: z.number(),
});
export type PreviewReport = z.infer<typeof PreviewReport>;
