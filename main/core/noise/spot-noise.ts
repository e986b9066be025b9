import type { Random } from '../image/random.js';
import { NOISE_PATCH_PX, type NoisePatch } from './flat-patches.js';
import { fillNormals } from './normals.js';
import { below } from './sample-random.js';

/**
 * New noise that is correlated as patches of real noise are: white noise convolved with a patch is Gaussian, with just
 * the patch's autocorrelation and correlation between channels (Galerne, Gousseau and Morel, "Random Phase Textures",
 * IEEE Transactions on Image Processing 20, 2011).
 */

/** Side of a field in pixels; it goes on beyond its edges. */
export const NOISE_FIELD_PX = 128;
/** Patches that a field is made of, each with white noise of its own. */
const SPOTS = 2;

/**
 * A periodic field of noise: three planes of NOISE_FIELD_PX squared, mean 0, variance 1 on average over fields.
 * @param patches at least one; those without noise are passed over
 */
export function spotNoise(patches: readonly NoisePatch[], random: Random): Float32Array {
  const side = NOISE_FIELD_PX;
  const plane = side * side;
  const field = new Float32Array(3 * plane);
  const white = new Float32Array(plane);
  for (let spot = 0; spot < SPOTS; spot++) {
    const patch = patches[below(random, patches.length)]!;
    fillNormals(white, random);
    for (let channel = 0; channel < 3; channel++) {
      const variance = patch.variance[channel]!;
      if (variance <= 0) continue;
      const scale = 1 / (NOISE_PATCH_PX * Math.sqrt(variance * SPOTS));
      convolve(field.subarray(channel * plane, (channel + 1) * plane), white, patch.residual, channel, scale);
    }
  }
  return field;
}

/** Adds the circular convolution of the white noise with a channel of a patch to a plane. */
function convolve(
  target: Float32Array,
  white: Float32Array,
  residual: Float32Array,
  channel: number,
  scale: number,
): void {
  const side = NOISE_FIELD_PX;
  const start = channel * NOISE_PATCH_PX ** 2;
  for (let j = 0; j < NOISE_PATCH_PX; j++) {
    for (let i = 0; i < NOISE_PATCH_PX; i++) {
      const weight = residual[start + j * NOISE_PATCH_PX + i]! * scale;
      for (let y = 0; y < side; y++) {
        const from = y * side;
        const to = ((y + j) % side) * side;
        // In two pieces, up to the edge and from the other one on.
        for (let x = 0; x < side - i; x++) target[to + x + i]! += weight * white[from + x]!;
        for (let x = side - i; x < side; x++) target[to + x + i - side]! += weight * white[from + x]!;
      }
    }
  }
}
