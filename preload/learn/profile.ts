import { z } from 'zod';

/** What was measured of a camera's noise; see main/core/noise/profile.ts. */

const knots = z.array(z.number()).min(1);

export const NoiseProfile = z.object({
  /** Brightness of the knots in [0,1], rising. */
  brightness: knots,
  /** Standard deviation at each knot of R, G and B, in units of full scale. */
  sigma: z.tuple([knots, knots, knots]),
  /** Autocorrelation of luma noise at 0, 1, 2... pixels. */
  correlation: z.object({ across: z.array(z.number()), down: z.array(z.number()) }),
  /** Correlation of R with G, G with B, R with B. */
  channels: z.tuple([z.number(), z.number(), z.number()]),
  /** Flat patches that it was measured on. */
  patches: z.int(),
});
export type NoiseProfile = z.infer<typeof NoiseProfile>;

/** Noise of one camera at one ISO. */
export const CameraNoise = z.object({
  make: z.string().nullable(),
  model: z.string().nullable(),
  iso: z.number().nullable(),
  photos: z.int(),
  profile: NoiseProfile,
});
export type CameraNoise = z.infer<typeof CameraNoise>;
