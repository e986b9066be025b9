import { z } from 'zod';
import { EXISTING_POLICIES } from './constants.js';
import { PhotoId, Place, PlaceId } from './library.js';
import { EncodeSettings, FitReport, NoiseEstimate, TrustReport, WireError } from './settings.js';

/** Denoising photos into files: where to, what of, how far. */

/** What to do about a file that is already where a result should go. */
export const ExistingPolicy = z.enum(EXISTING_POLICIES);
export type ExistingPolicy = z.infer<typeof ExistingPolicy>;

export const Destination = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('place'), place: PlaceId }),
  /** A folder of this name in each original's own folder. */
  z.strictObject({ kind: z.literal('beside'), folder: z.string().trim().min(1).max(100) }),
  /** Kept by the host until it is downloaded as a zip: for a browser on another machine than the files. */
  z.strictObject({ kind: z.literal('download') }),
]);
export type Destination = z.infer<typeof Destination>;

export const ExportSettings = z.strictObject({
  /** null: not chosen yet. */
  destination: Destination.nullable(),
  encode: EncodeSettings,
  /** Such as `{name}-denoised`; see main/app/naming.ts for the tokens. */
  template: z.string().max(500),
  /** False: all results go straight into the destination. */
  keepFolders: z.boolean(),
  existing: ExistingPolicy,
});
export type ExportSettings = z.infer<typeof ExportSettings>;

/** What an export would do, without doing it. */
export const ExportPlan = z.object({
  photos: z.int(),
  /** Bytes of the originals. */
  bytes: z.number(),
  /** Results whose name is taken by a file that is there already. */
  existing: z.int(),
  /** Where the first photo's result would go, below the destination: "Concert/IMG_1-denoised.jpg". */
  example: z.string().nullable(),
  destination: Place.nullable(),
  /** Bytes free at the destination; null where the system does not say. */
  freeBytes: z.number().nullable(),
  /** What stands in the way: a template that is wrong, a destination that cannot be written to. */
  error: WireError.nullable(),
});
export type ExportPlan = z.infer<typeof ExportPlan>;

export const QUEUE_ITEM_STATES = ['waiting', 'running', 'done', 'skipped', 'failed', 'cancelled'] as const;

export const QueueEntry = z.object({
  photo: PhotoId,
  state: z.enum(QUEUE_ITEM_STATES),
  /** Share of the work done, in [0,1], never going back. */
  fraction: z.number(),
  error: WireError.nullable(),
  /** Why there was nothing to do; null unless skipped. */
  skipped: z.enum(['already-done', 'done-elsewhere', 'exists']).nullable(),
  /** Where the result is, below its destination, for people. */
  output: z.string(),
  noise: NoiseEstimate.nullable(),
  trust: TrustReport.nullable(),
  /** null where there was nothing to choose from. */
  fit: FitReport.nullable(),
  /** What could not be kept, in English. */
  notes: z.array(z.string()),
});
export type QueueEntry = z.infer<typeof QueueEntry>;

/** Numbers are of what was started since everything was last settled; older entries stay listed. */
export const QueueStatus = z.object({
  /** `paused`: nothing more starts until it is resumed, as after a restart with work left over. */
  state: z.enum(['idle', 'running', 'paused']),
  total: z.int(),
  done: z.int(),
  skipped: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  /** Share of all work done, in [0,1]. */
  fraction: z.number(),
  /** Milliseconds; null until it can be told. */
  etaMs: z.number().nullable(),
  megapixelsPerSecond: z.number().nullable(),
  /** Whether any results wait to be downloaded. */
  downloadable: z.boolean(),
});
export type QueueStatus = z.infer<typeof QueueStatus>;

export const QueueSnapshot = z.object({ items: z.array(QueueEntry), status: QueueStatus });
export type QueueSnapshot = z.infer<typeof QueueSnapshot>;
