import type { Random } from '../image/random.js';
import type { NoiseCrop } from './plane.js';
import { below, happens } from './sample-random.js';

/**
 * Blind spots: pixels that are replaced by a neighbour (Krull et al., Noise2Void, CVPR 2019). What a net makes of such a pixel
 * cannot be the noise that the pixel had, as long as neighbours have noise of their own.
 */

export interface MaskedMix {
  /** Share of the pixels that are replaced, in all channels. */
  readonly pixels: number;
  /** Largest distance of a neighbour in pixels, along rows and columns. */
  readonly reach: number;
}

/** Replaces pixels of a crop: what was clean is the target, whatever noise is in it. The level of that is not known: 0. */
export function drawMasked({ side, clean, noisy, sigma }: NoiseCrop, mix: MaskedMix, random: Random): void {
  noisy.set(clean);
  sigma.fill(0);
  const plane = side * side;
  const across = 2 * mix.reach + 1;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (!happens(random, mix.pixels)) continue;
      // Any place of the square but its middle.
      const drawn = below(random, across * across - 1);
      const place = drawn < (across * across - 1) / 2 ? drawn : drawn + 1;
      const fromX = mirrored(x + (place % across) - mix.reach, side);
      const fromY = mirrored(y + Math.floor(place / across) - mix.reach, side);
      for (let c = 0; c < 3; c++) noisy[c * plane + y * side + x] = clean[c * plane + fromY * side + fromX]!;
    }
  }
}

const mirrored = (at: number, side: number): number => (at < 0 ? -at : at >= side ? 2 * side - 2 - at : at);
