import { z } from 'zod';
import { DenoiseSettings, EncodeSettings, NoiseEstimate, RuntimeSettings, WireError } from '../contract/settings.js';
import { MOST_INTERPOLATED } from './limits.js';
import { GenerationRecipe, MAX_STEP_STRENGTH, ParentPhoto, Seed, VariationRecipe, VariationSteps } from './recipe.js';

/**
 * What a host asks of the engine to have pictures generated. Latents never cross: photos are named by path, places in the
 * latent space by what leads there. Previews are files in a folder that the host gives, named by what is in them.
 */

export { MOST_INTERPOLATED } from './limits.js';

export const MOST_VARIATIONS = 64;
export const MOST_FRAMES = 1000;
export const MOST_SAMPLES = 1000;

/** Longest side of a picture that the decoder's small ones are enlarged to, in pixels. */
const Side = z.int().min(32).max(4096);

/** What all calls need to know. */
const common = {
  /** The two files of a VAE: NAME-encoder.onnx and NAME-decoder.onnx by their path up to the hyphen, or the folder that holds one such pair; null: the shipped one. */
  vae: z.string().nullable(),
  runtime: RuntimeSettings,
};

/** A file to be written. */
export const OutputFile = z.strictObject({
  /** Absolute. */
  path: z.string(),
  /** False: an existing file is 'output/exists'. */
  overwrite: z.boolean(),
});
export type OutputFile = z.infer<typeof OutputFile>;

const ImageSize = { width: z.int(), height: z.int() };
const Problem = z.object({ path: z.string(), error: WireError });
export type Problem = z.infer<typeof Problem>;

export const VARIATION_KINDS = ['around', 'directions'] as const;

export const VariationsRequest = z.strictObject({
  ...common,
  photo: z.string(),
  /** The variation that is varied further; empty: the photo itself. */
  parent: VariationSteps,
  kind: z.enum(VARIATION_KINDS),
  /** Most that are made: of the directions there may be fewer. */
  count: z.int().min(1).max(MOST_VARIATIONS),
  strength: z.number().min(0).max(MAX_STEP_STRENGTH),
  seed: Seed,
  settings: DenoiseSettings,
  /** Folder for the previews. */
  folder: z.string(),
  side: Side,
  /** Where a picture of all previews goes; null: nowhere. */
  sheet: OutputFile.nullable(),
});
export type VariationsRequest = z.infer<typeof VariationsRequest>;

/** One variation as a small picture. */
export const VariationPreview = z.object({
  recipe: VariationRecipe,
  /** What a person may call it: "warmer", or its number. */
  name: z.string(),
  file: z.string(),
  ...ImageSize,
  /** Root mean square difference from the photo's preview, in 8-bit units. */
  distance: z.number(),
});
export type VariationPreview = z.infer<typeof VariationPreview>;

export const VariationsReport = z.object({
  photo: ParentPhoto,
  /** The photo itself as a small picture. */
  base: z.string(),
  variations: z.array(VariationPreview),
  ms: z.number(),
});
export type VariationsReport = z.infer<typeof VariationsReport>;

export const ExportRequest = z.strictObject({
  ...common,
  photo: z.string(),
  settings: DenoiseSettings,
  encode: EncodeSettings,
  /** Variations to write at full resolution; the photo is denoised once for all of them. */
  items: z
    .array(z.strictObject({ steps: VariationSteps, output: OutputFile }))
    .min(1)
    .max(MOST_VARIATIONS),
});
export type ExportRequest = z.infer<typeof ExportRequest>;

/** One variation that was written, or why it was not. */
export const ExportedVariation = z.object({
  output: z.string(),
  recipe: VariationRecipe,
  notes: z.array(z.string()),
  error: WireError.nullable(),
});
export type ExportedVariation = z.infer<typeof ExportedVariation>;

export const ExportReport = z.object({
  ...ImageSize,
  noise: NoiseEstimate,
  items: z.array(ExportedVariation),
  ms: z.number(),
});

export const InterpolateRequest = z.strictObject({
  ...common,
  photos: z.array(z.string()).min(2).max(MOST_INTERPOLATED),
  frames: z.int().min(2).max(MOST_FRAMES),
  /** Whether the way leads back to the first photo. */
  closed: z.boolean(),
  /** Share of the photos' own detail near them, in [0,1]. */
  detail: z.number().min(0).max(1),
  side: Side,
  /** A file for each frame, or none. */
  outputs: z.array(OutputFile),
  /** An animated WebP of all frames. */
  animation: z.strictObject({ ...OutputFile.shape, framesPerSecond: z.number().min(0.1).max(60) }).nullable(),
});
export type InterpolateRequest = z.infer<typeof InterpolateRequest>;

/** A generated file and how it was made. */
export const GeneratedFile = z.object({ output: z.string(), recipe: GenerationRecipe, ...ImageSize });
export type GeneratedFile = z.infer<typeof GeneratedFile>;

export const SampleRequest = z.strictObject({
  ...common,
  /** Photos that the prior is fitted to; none: N(0, I), which looks poorer. */
  photos: z.array(z.string()),
  seed: Seed,
  side: Side,
  outputs: z.array(OutputFile).min(1).max(MOST_SAMPLES),
  /** Which samples of the seed they are, by number, one for each output; null: from 0 on. */
  indices: z.array(z.int().min(0).max(MOST_SAMPLES)).nullable(),
  /** Folder where latents of photos are kept between calls; null: none. */
  cache: z.string().nullable(),
});
export type SampleRequest = z.infer<typeof SampleRequest>;

export const SampleReport = z.object({
  files: z.array(GeneratedFile),
  /** Components of the mixture; 0: N(0, I). */
  components: z.int(),
  problems: z.array(Problem),
});

export const MapRequest = z.strictObject({
  ...common,
  photos: z.array(z.string()).min(1),
  cache: z.string().nullable(),
  /** Most similar photos that each is given. */
  neighbours: z.int().min(0).max(100),
  /** Where the report goes as JSON, and a picture of the map. */
  file: OutputFile.nullable(),
  picture: OutputFile.nullable(),
  side: Side,
});
export type MapRequest = z.infer<typeof MapRequest>;

export const MapReport = z.object({
  points: z.array(
    z.object({
      path: z.string(),
      photo: ParentPhoto,
      /** Coordinates along the two principal axes, in units of the latent space. */
      x: z.number(),
      y: z.number(),
      /** The photos nearest in the whole latent space, as indices into the list, nearest first. */
      neighbours: z.array(z.object({ index: z.int(), distance: z.number() })),
    }),
  ),
  /** Share of the variance that each axis has. */
  explained: z.tuple([z.number(), z.number()]),
  recipe: GenerationRecipe,
  problems: z.array(Problem),
});
export type MapReport = z.infer<typeof MapReport>;

export const MapPointRequest = z.strictObject({
  ...common,
  /** The photos of the map. */
  photos: z.array(z.string()).min(1),
  cache: z.string().nullable(),
  x: z.number(),
  y: z.number(),
  /** Share of what the nearest photo has beyond the two axes, in [0,1]. */
  detail: z.number().min(0).max(1),
  folder: z.string(),
  side: Side,
});
export type MapPointRequest = z.infer<typeof MapPointRequest>;

export const MapPointReport = z.object({ file: z.string(), ...ImageSize, nearest: z.string() });

/** The calls, for ENGINE_CALLS. */
export const GENERATE_CALLS = {
  /** Small pictures of variations of a photo. */
  variations: { params: VariationsRequest, result: VariationsReport },
  /** Variations at full resolution, built on the denoised photo. */
  exportVariations: { params: ExportRequest, part: ExportedVariation, result: ExportReport },
  /** Pictures on the way between photos. */
  interpolate: { params: InterpolateRequest, result: z.object({ files: z.array(GeneratedFile) }) },
  /** New pictures from the prior of some photos. */
  sample: { params: SampleRequest, result: SampleReport },
  /** Where photos lie beside each other in two dimensions. */
  latentMap: { params: MapRequest, result: MapReport },
  /** What lies at a point of such a map. */
  latentPoint: { params: MapPointRequest, result: MapPointReport },
} as const;
