import { complexField, transform, transformBack, type ComplexField } from '../fourier.js';
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
  const normals = new Float32Array(plane);
  // By their transforms, convolutions are products. The white noise and a patch are real: red and green go as one.
  const sums = [complexField(side), complexField(side)] as const;
  for (let spot = 0; spot < SPOTS; spot++) {
    const patch = patches[below(random, patches.length)]!;
    fillNormals(normals, random);
    const white = complexField(side);
    white.real.set(normals);
    transform(white);
    for (const [pair, sum] of sums.entries()) {
      const channels = complexField(side);
      spread(channels.real, patch, 2 * pair);
      if (pair === 0) spread(channels.imaginary, patch, 1);
      transform(channels, NOISE_PATCH_PX);
      addProduct(sum, white, channels);
    }
  }
  for (const sum of sums) transformBack(sum);
  const field = new Float32Array(3 * plane);
  field.set(sums[0].real);
  field.set(sums[0].imaginary, plane);
  field.set(sums[1].real, 2 * plane);
  return field;
}

/** Puts a channel of a patch, at the strength of its share in a field, into the corner of a plane of zeros. */
function spread(plane: Float64Array, { residual, variance }: NoisePatch, channel: number): void {
  if (variance[channel]! <= 0) return;
  const scale = 1 / (NOISE_PATCH_PX * Math.sqrt(variance[channel]! * SPOTS));
  for (let i = 0; i < NOISE_PATCH_PX ** 2; i++) {
    const [x, y] = [i % NOISE_PATCH_PX, Math.floor(i / NOISE_PATCH_PX)];
    plane[y * NOISE_FIELD_PX + x] = scale * residual[channel * NOISE_PATCH_PX ** 2 + i]!;
  }
}

/** Adds the product of two fields, number by number. */
function addProduct({ real, imaginary }: ComplexField, a: ComplexField, b: ComplexField): void {
  for (let i = 0; i < real.length; i++) {
    real[i]! += a.real[i]! * b.real[i]! - a.imaginary[i]! * b.imaginary[i]!;
    imaginary[i]! += a.real[i]! * b.imaginary[i]! + a.imaginary[i]! * b.real[i]!;
  }
}
