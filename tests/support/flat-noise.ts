import { spotNoise } from '../../main/core/noise/spot-noise.js';
import { findFlatPatches, type PlanarImage } from '../../main/core/noise/flat-patches.js';
import { fitProfile } from '../../main/core/noise/profile.js';
import type { NoiseBank } from '../../main/core/noise/bank.js';
import { fillNormals } from '../../main/core/noise/normals.js';
import { sampleRandom } from '../../main/core/noise/sample-random.js';

/** Pictures with an even part and a textured one, and noise that is known: along rows each pixel is like its neighbours. */

/** Autocorrelation along rows of noise blurred by 1-2-1: 4/6 and 1/6. */
export const KNOWN_CORRELATION = [1, 4 / 6, 1 / 6, 0] as const;
/** Standard deviation at a brightness. */
export const knownSigma = (brightness: number): number => 0.01 + 0.03 * brightness;
/** Share of the variance that the channels have in common, which is their correlation. */
export const KNOWN_COMMON = 0.25;

/** A picture of even steps of brightness on the left and of stripes on the right. */
export function evenAndStriped(width: number, height: number): PlanarImage {
  const data = new Float32Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    data[i] =
      x < width / 2 ? 0.2 + 0.6 * (Math.floor((y * 4) / height) / 3) : 0.5 + 0.2 * Math.sign(Math.sin(x + y / 3));
  }
  return { width, height, data };
}

/** The picture with noise of known strength and spread. */
export function withKnownNoise(picture: PlanarImage, seed: number): PlanarImage {
  const { width, height, data } = picture;
  const plane = width * height;
  const draw = (index: number): Float32Array => alongRows(width, height, seed, index);
  const common = draw(3);
  const noisy = new Float32Array(data.length);
  for (let channel = 0; channel < 3; channel++) {
    const own = draw(channel);
    for (let i = 0; i < plane; i++) {
      const at = channel * plane + i;
      const noise = Math.sqrt(KNOWN_COMMON) * common[i]! + Math.sqrt(1 - KNOWN_COMMON) * own[i]!;
      noisy[at] = data[at]! + knownSigma(data[at]!) * noise;
    }
  }
  return { width, height, data: noisy };
}

/** Unit noise blurred along rows. */
function alongRows(width: number, height: number, seed: number, index: number): Float32Array {
  const white = new Float32Array(width * height + 2);
  fillNormals(white, sampleRandom(seed, 0, index));
  return Float32Array.from(
    { length: width * height },
    (_, i) => (white[i]! + 2 * white[i + 1]! + white[i + 2]!) / Math.sqrt(6),
  );
}

/** A bank of the known noise. */
export function knownBank(fields = 6): NoiseBank {
  const picture = evenAndStriped(256, 256);
  const patches = findFlatPatches([{ noisy: withKnownNoise(picture, 5), smooth: picture }], 64);
  const make = (_: unknown, field: number): Float32Array => spotNoise(patches, sampleRandom(9, 0, field));
  return { groups: [{ weight: 1, profile: fitProfile(patches), fields: Array.from({ length: fields }, make) }] };
}
