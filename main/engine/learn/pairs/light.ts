import type { Random } from '../../../core/image/random.js';
import type { CropSource } from '../../../core/noise/crop.js';

/**
 * A part of a frame as it would be in the light of another: divided by the gain of each channel, and with the mean of each
 * that the other's same part has, which noise hardly changes. Rounded up or down at random, so that it stays so on average.
 */
export function inLightOf(
  reference: CropSource,
  part: CropSource,
  gain: readonly [number, number, number],
  random: Random,
): CropSource {
  const wanted = meansOf(reference);
  const means = meansOf(part);
  const shift = ([0, 1, 2] as const).map((c) => wanted[c]! - means[c]! / gain[c]);
  return {
    ...part,
    data: part.data.map((level, i) => {
      const value = level / gain[(i % 3) as 0 | 1 | 2] + shift[i % 3]! + random.uniform();
      return Math.max(0, Math.min(255, Math.floor(value)));
    }),
  };
}

/** Of R, G and B, in levels. */
function meansOf({ width, height, data }: CropSource): number[] {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i++) sums[i % 3]! += data[i]!;
  return sums.map((sum) => sum / (width * height));
}
