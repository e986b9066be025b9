import { z } from 'zod';
import { MOST_VARIATIONS, VARIATION_KINDS } from '../generate/generate-calls.js';
import {
  FRAME_SIDES,
  MAX_STEP_STRENGTH,
  MOST_INTERPOLATED,
  MOST_MAPPED,
  MOST_PARENT_STEPS,
  MOST_POINTS,
  MOST_WINDOW_FRAMES,
  MOST_WINDOW_SAMPLES,
  SHEET_COUNT,
} from '../generate/limits.js';
import { Seed, VariationRecipe, VariationSteps } from '../generate/recipe.js';
import type { GenerationCallName } from './generate-names.js';
import { ImageId, PhotoId } from './library.js';
import { VaeChoice } from './own-vaes.js';
import { ExportSettings } from './queue.js';
import { WireError } from './settings.js';

/**
 * What the window asks to have pictures generated. Photos and pictures go by opaque ids; places in the latent space by
 * the steps or the coordinates that lead there. Of each kind of request the last one wins: one that is under way ends with
 * `engine/cancelled`. `ticket` is chosen by the window; `generate.progress` carries it.
 */

const ticket = z.int().min(0);
/** What it is generated with. */
const vae = VaeChoice.default(null);

/** A picture that was generated, as a JPEG or PNG in sRGB. */
export const GeneratedPicture = z.object({ image: ImageId, width: z.int(), height: z.int() });
export type GeneratedPicture = z.infer<typeof GeneratedPicture>;

export const VariationKind = z.enum(VARIATION_KINDS);
export type VariationKind = z.infer<typeof VariationKind>;

/** One variation on a sheet. */
export const SheetVariation = z.object({
  picture: GeneratedPicture,
  /** "warmer", or "variation 3". */
  name: z.string(),
  recipe: VariationRecipe,
  /** Root mean square difference from the photo, in 8-bit units. */
  distance: z.number(),
});
export type SheetVariation = z.infer<typeof SheetVariation>;

export const VariationSheet = z.object({
  /** The denoised photo itself, as small as the variations. */
  base: GeneratedPicture,
  variations: z.array(SheetVariation),
});
export type VariationSheet = z.infer<typeof VariationSheet>;

/** What became of an export. */
export const GeneratedExport = z.object({
  /** Files written. */
  files: z.int(),
  failed: z.array(z.object({ name: z.string(), error: WireError })),
  /** What could not be kept, in English. */
  notes: z.array(z.string()),
  /** Where they are, for people; null: they wait to be downloaded. */
  folder: z.string().nullable(),
  /** `url` is relative to the page and works once. */
  download: z.object({ url: z.string(), name: z.string() }).nullable(),
});
export type GeneratedExport = z.infer<typeof GeneratedExport>;

const betweenShape = {
  ticket,
  vae,
  photos: z.array(PhotoId).min(2).max(MOST_INTERPOLATED),
  frames: z.int().min(2).max(MOST_WINDOW_FRAMES),
  /** Whether the way leads back to the first photo. */
  closed: z.boolean(),
  /** Share of the photos' own detail near them. */
  detail: z.number().min(0).max(1),
};

const MappedPhotos = z.array(PhotoId).max(MOST_MAPPED);

/** Where a photo lies on the map, and which are most like it, nearest first. */
export const MapPoint = z.object({
  photo: PhotoId,
  x: z.number(),
  y: z.number(),
  neighbours: z.array(z.object({ photo: PhotoId, distance: z.number() })),
});
export type MapPoint = z.infer<typeof MapPoint>;

export const LibraryMap = z.object({
  points: z.array(MapPoint),
  /** Share of the variance that each axis has. */
  explained: z.tuple([z.number(), z.number()]),
  /** Photos that are not on it, and why. */
  problems: z.array(z.object({ photo: PhotoId, error: WireError })),
});
export type LibraryMap = z.infer<typeof LibraryMap>;

export const GENERATION_CALLS = {
  /** A sheet of variations of a photo, or of the variation that `parent` leads to. */
  'generate.variations': {
    params: z.strictObject({
      ticket,
      vae,
      photo: PhotoId,
      parent: VariationSteps.max(MOST_PARENT_STEPS),
      kind: VariationKind,
      count: z.int().min(1).max(SHEET_COUNT),
      strength: z.number().min(0).max(MAX_STEP_STRENGTH),
      seed: Seed,
    }),
    result: VariationSheet,
  },
  /** One variation, larger, and the photo in the same size. */
  'generate.look': {
    params: z.strictObject({ ticket, vae, photo: PhotoId, steps: VariationSteps.max(MOST_PARENT_STEPS + 1) }),
    result: z.object({ picture: GeneratedPicture, base: ImageId }),
  },
  /** Writes variations of a photo at full resolution. */
  'generate.exportVariations': {
    params: z.strictObject({
      ticket,
      vae,
      photo: PhotoId,
      items: z
        .array(z.strictObject({ name: z.string().min(1).max(100), steps: VariationSteps }))
        .min(1)
        .max(MOST_VARIATIONS),
      export: ExportSettings,
    }),
    result: GeneratedExport,
  },

  /** Small pictures on the way between photos. */
  'generate.between': {
    params: z.strictObject(betweenShape),
    result: z.object({ frames: z.array(GeneratedPicture) }),
  },
  'generate.exportBetween': {
    params: z.strictObject({
      ...betweenShape,
      side: z.literal(FRAME_SIDES),
      as: z.enum(['frames', 'animation']),
      framesPerSecond: z.number().min(1).max(60),
      export: ExportSettings,
    }),
    result: GeneratedExport,
  },

  /** New pictures from the prior of some photos; of none: from N(0, I). */
  'generate.samples': {
    params: z.strictObject({
      ticket,
      vae,
      photos: MappedPhotos,
      seed: Seed,
      count: z.int().min(1).max(MOST_WINDOW_SAMPLES),
    }),
    result: z.object({
      pictures: z.array(GeneratedPicture),
      /** Components of the mixture; 0: N(0, I). */
      components: z.int(),
      /** Photos that could not be used. */
      unused: z.int(),
    }),
  },
  /** Writes new pictures, each the one of its number. */
  'generate.exportSamples': {
    params: z.strictObject({
      ticket,
      vae,
      photos: MappedPhotos,
      seed: Seed,
      indices: z
        .array(
          z
            .int()
            .min(0)
            .max(MOST_WINDOW_SAMPLES - 1),
        )
        .min(1)
        .max(MOST_WINDOW_SAMPLES),
      export: ExportSettings,
    }),
    result: GeneratedExport,
  },

  /** Where photos lie beside each other. Their latents are remembered: a second map is quick. */
  'generate.map': { params: z.strictObject({ ticket, vae, photos: MappedPhotos.min(2) }), result: LibraryMap },
  /** What lies at points of the map of these photos. */
  'generate.points': {
    params: z.strictObject({
      ticket,
      vae,
      photos: MappedPhotos.min(2),
      points: z
        .array(z.strictObject({ x: z.number(), y: z.number() }))
        .min(1)
        .max(MOST_POINTS),
      /** Share of what the nearest photo has beyond the two axes. */
      detail: z.number().min(0).max(1),
    }),
    result: z.object({ pictures: z.array(z.object({ picture: GeneratedPicture, nearest: PhotoId })) }),
  },

  /** Shows what was exported last in the system's file manager. */
  'generate.reveal': { params: z.strictObject({}), result: z.object({}), host: 'desktop' },
} as const satisfies Record<GenerationCallName, unknown>;

export const GENERATION_EVENTS = {
  /** Share of a request's work done, in [0,1], never going back. */
  'generate.progress': z.object({ ticket: z.int(), fraction: z.number() }),
} as const;
