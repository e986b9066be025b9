import { colourChannels, peakOf, type Pixels } from './pixels.js';
import type { Random } from './random.js';

/**
 * Returns a copy of the image with additive white Gaussian noise: sample + sigma * n, rounded to the nearest integer
 * and clipped to the depth's range, as a camera's file would hold it. Alpha is copied.
 *
 * @param sigma standard deviation in 8-bit units (0..255) whatever the image's depth
 */
export function addGaussianNoise<Image extends Pixels>(image: Image, sigma: number, random: Random): Image {
  const { channels, data } = image;
  const peak = peakOf(data);
  const scale = (sigma * peak) / 255;
  const colours = colourChannels(channels);
  const noisy = data.slice();
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    for (let c = pixel; c < pixel + colours; c++) {
      const value = Math.round(data[c]! + scale * random.normal());
      noisy[c] = value < 0 ? 0 : value > peak ? peak : value;
    }
  }
  return { ...image, data: noisy };
}
