import { z } from 'zod';
import { MAX_CURVE_POINTS, ModelName, VersionId } from './card.js';

/** What is known of a VAE that somebody trained: kept beside its two files. */

/** Against photos alone, or, continued from one that is there, against a discriminator as well. */
export const VaeMethod = z.enum(['vae', 'vae-gan']);
export type VaeMethod = z.infer<typeof VaeMethod>;

/** A step of a VAE: what its curves are drawn of. */
export const VaePoint = z.object({
  step: z.int(),
  /** The reconstruction's loss. */
  reconstruction: z.number(),
  /** Nats of a code. */
  kl: z.number(),
  /** Losses of the two players; null: the discriminator is not there, or not listened to. */
  generator: z.number().nullable(),
  discriminator: z.number().nullable(),
});
export type VaePoint = z.infer<typeof VaePoint>;

/** By name, on crops of held-out photos: `psnr` in dB, `kl` in nats, `active` numbers of a code, `sharpness`... */
export const VaeScores = z.record(z.string(), z.number());
export type VaeScores = z.infer<typeof VaeScores>;

const Count = z.int().min(0);
const VaeFile = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: Count });

export const VaeCard = z.object({
  v: z.literal(1),
  /** The first digits of the SHA-256 of both files' hashes. */
  id: VersionId,
  name: ModelName,
  files: z.object({ encoder: VaeFile, decoder: VaeFile }),
  /** ISO 8601, UTC. */
  created: z.iso.datetime(),
  method: VaeMethod,
  /** What it was continued from; null: random weights. */
  parent: z.object({ name: ModelName, id: VersionId }).nullable(),
  /** Of its pictures, in pixels. */
  side: Count,
  /** Numbers of a code. */
  latents: Count,
  /** The whole recipe: what continues it needs the net's shape. */
  recipe: z.json(),
  /** Learnt from, and held out. */
  photos: Count,
  heldOut: Count,
  steps: Count,
  seconds: z.number().min(0),
  scores: z.object({ before: VaeScores, after: VaeScores }),
  curves: z.array(VaePoint).max(MAX_CURVE_POINTS),
});
export type VaeCard = z.infer<typeof VaeCard>;

/** A card as whoever trained the VAE writes it: what follows from the files is added by the library. */
export const NewVaeCard = VaeCard.omit({ v: true, id: true, files: true, side: true, latents: true });
export type NewVaeCard = z.infer<typeof NewVaeCard>;
