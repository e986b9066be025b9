import { z } from 'zod';
import { VersionId } from '../models/card.js';
import { VaeCard } from '../models/vae-card.js';
import { ImageId } from './library.js';

/** The person's own VAEs ("picture models"): what pictures are generated with besides the one that ships. */

/** A VAE of the person's own by its id; null: the shipped one. */
export const VaeChoice = VersionId.nullable();
export type VaeChoice = z.infer<typeof VaeChoice>;

export const OwnVae = z.object({
  id: VersionId,
  card: VaeCard,
  /** Held-out photos, its reconstructions of them, and samples; null: nothing was held out. */
  sheet: ImageId.nullable(),
});
export type OwnVae = z.infer<typeof OwnVae>;

export const OwnVaes = z.object({
  /** By name, and within a name the most recent first. */
  versions: z.array(OwnVae),
  damaged: z.array(z.object({ id: z.string(), reason: z.string() })),
});
export type OwnVaes = z.infer<typeof OwnVaes>;

export const VAE_CALLS = {
  'vaes.list': { params: z.strictObject({}), result: OwnVaes },
  /** Opens the system's dialog for a folder and writes both files there; false: the person changed their mind. */
  'vaes.export': {
    params: z.strictObject({ version: VersionId }),
    result: z.object({ exported: z.boolean() }),
    host: 'desktop',
  },
  /** Prepares a zip of both files; `url` is relative to the page and works once. */
  'vaes.download': {
    params: z.strictObject({ version: VersionId }),
    result: z.object({ url: z.string(), name: z.string() }),
    host: 'web',
  },
} as const;

export const VAE_EVENTS = {
  /** Another is there. */
  'vaes.changed': OwnVaes,
} as const;
