import { z } from 'zod';
import { ModelCard, ModelName, VersionId } from '../models/card.js';
import { PhotoId } from './library.js';

/** The person's own models: versions under names, one of each name promoted at most. */

export const OwnModel = z.object({
  id: VersionId,
  /** Whether its name stands for it. */
  promoted: z.boolean(),
  card: ModelCard,
});
export type OwnModel = z.infer<typeof OwnModel>;

export const OwnModels = z.object({
  /** By name, and within a name the most recent first. */
  versions: z.array(OwnModel),
  damaged: z.array(z.object({ id: z.string(), name: z.string().nullable(), reason: z.string() })),
  /** What is wrong with the record of promotions; null: nothing. */
  fault: z.string().nullable(),
});
export type OwnModels = z.infer<typeof OwnModels>;

/** Which model a photo gets that is denoised with 'auto'. */
export const ModelPick = z.object({
  photo: PhotoId,
  /** What it is called. */
  model: z.string(),
  /** The camera and ISO speed by which a model of the person's own was chosen; null: none suits, it is the default. */
  camera: z.object({ model: z.string(), iso: z.number() }).nullable(),
});
export type ModelPick = z.infer<typeof ModelPick>;

const Done = z.object({});

export const MODEL_CALLS = {
  'models.list': { params: z.strictObject({}), result: OwnModels },
  /** Lets a name stand for one of its versions. */
  'models.promote': { params: z.strictObject({ version: VersionId }), result: Done },
  /** Takes the last promotion of a name back; `version`: what the name stands for now; null: the model it came from. */
  'models.rollback': {
    params: z.strictObject({ name: ModelName }),
    result: z.object({ version: VersionId.nullable() }),
  },
  /** Opens the system's dialog and writes a version there; false: the person changed their mind. */
  'models.export': {
    params: z.strictObject({ version: VersionId }),
    result: z.object({ exported: z.boolean() }),
    host: 'desktop',
  },
  /** Prepares a version to be fetched; `url` is relative to the page and works once. */
  'models.download': {
    params: z.strictObject({ version: VersionId }),
    result: z.object({ url: z.string(), name: z.string() }),
    host: 'web',
  },
  /** Opens the system's dialog and takes in the file that is chosen there; null: the person changed their mind. */
  'models.import': {
    params: z.strictObject({}),
    result: z.object({ name: z.string(), isNew: z.boolean() }).nullable(),
    host: 'desktop',
  },
  /** Which model a photo gets when it is left to its camera. */
  'models.pick': { params: z.strictObject({ photo: PhotoId }), result: ModelPick },
} as const;

export const MODEL_EVENTS = {
  /** Another version is there, or in use. */
  'models.changed': OwnModels,
} as const;
