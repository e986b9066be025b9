import type { CompareReport } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { compareImages } from '../core/image/metrics.js';
import { samplesLike, type Pixels } from '../core/image/pixels.js';
import type { DecodedImage } from './codec.js';

/**
 * Compares the colours of two images; depths may differ, and a grey image equals a colour image with equal channels.
 * @throws AppError usage/invalid when their sizes differ.
 */
export function compareDecoded(a: DecodedImage, b: DecodedImage): CompareReport {
  if (a.width !== b.width || a.height !== b.height) {
    throw new AppError(
      'usage/invalid',
      `the images differ in size: ${a.width} x ${a.height} and ${b.width} x ${b.height} pixels; compare photos of one size`,
    );
  }
  const channels = Math.max(colours(a), colours(b)) as 1 | 3;
  const { psnr, ssim, meanShift, maxDifference } = compareImages(withColours(a, channels), withColours(b, channels));
  const { width, height } = a;
  return { width, height, psnr: Number.isFinite(psnr) ? psnr : null, ssim, meanShift, maxDifference };
}

const colours = ({ channels }: DecodedImage): 1 | 3 => (channels < 3 ? 1 : 3);

/** The image without alpha, grey repeated if three channels are asked for; itself if there is nothing to change. */
function withColours(image: DecodedImage, channels: 1 | 3): Pixels {
  if (image.channels === channels) return image;
  const { width, height, data } = image;
  const target = samplesLike(data, width * height * channels);
  const grey = image.channels < 3;
  for (let i = 0, from = 0; i < target.length; i += channels, from += image.channels) {
    for (let c = 0; c < channels; c++) target[i + c] = data[from + (grey ? 0 : c)]!;
  }
  return { width, height, channels, data: target };
}
