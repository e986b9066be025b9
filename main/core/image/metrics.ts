import { AppError } from '../errors.js';
import { colourChannels, peakOf, type Pixels } from './pixels.js';

/** Which channels a measurement takes in. */
export interface MetricOptions {
  /** Leave the alpha channel out; false unless said otherwise. */
  readonly ignoreAlpha?: boolean;
}

/** Every measure of how image b differs from image a. */
export interface Comparison {
  /** dB; Infinity when the images are identical. */
  readonly psnr: number;
  /** 1 when the images are identical. */
  readonly ssim: number;
  /** mean(b) - mean(a) per channel, in 8-bit units. */
  readonly meanShift: number[];
  /** Largest absolute difference of any sample, in 8-bit units. */
  readonly maxDifference: number;
}

const PEAK_8BIT = 255;

/** Measures everything at once; images may differ in depth, not in size or channels. */
export function compareImages(a: Pixels, b: Pixels, options: MetricOptions = {}): Comparison {
  return {
    psnr: psnr(a, b, options),
    ssim: ssim(a, b, options),
    meanShift: meanShift(a, b, options),
    maxDifference: maxDifference(a, b, options),
  };
}

/**
 * Peak signal-to-noise ratio in dB over all samples of all channels: 10 log10(peak^2 / mean((a - b)^2)). Infinity when
 * the images are identical.
 */
export function psnr(a: Pixels, b: Pixels, options: MetricOptions = {}): number {
  const used = comparableChannels(a, b, options);
  const [toA, toB] = [samplesPer8Bit(a), samplesPer8Bit(b)];
  const { channels } = a;
  let sum = 0;
  for (let pixel = 0; pixel < a.data.length; pixel += channels) {
    for (let i = pixel; i < pixel + used; i++) {
      const difference = a.data[i]! / toA - b.data[i]! / toB;
      sum += difference * difference;
    }
  }
  const meanSquare = sum / (a.width * a.height * used);
  return 10 * Math.log10(PEAK_8BIT ** 2 / meanSquare);
}

/** mean(b) - mean(a) per channel, in 8-bit units. */
export function meanShift(a: Pixels, b: Pixels, options: MetricOptions = {}): number[] {
  const used = comparableChannels(a, b, options);
  const [toA, toB] = [samplesPer8Bit(a), samplesPer8Bit(b)];
  return Array.from({ length: used }, (_, channel) => {
    // Sums of integers below 2^53 are exact, so the mean of even a huge image is.
    let sumA = 0;
    let sumB = 0;
    for (let i = channel; i < a.data.length; i += a.channels) {
      sumA += a.data[i]!;
      sumB += b.data[i]!;
    }
    return (sumB / toB - sumA / toA) / (a.width * a.height);
  });
}

/** Largest absolute difference of any sample, in 8-bit units. */
export function maxDifference(a: Pixels, b: Pixels, options: MetricOptions = {}): number {
  const used = comparableChannels(a, b, options);
  const [toA, toB] = [samplesPer8Bit(a), samplesPer8Bit(b)];
  let largest = 0;
  for (let pixel = 0; pixel < a.data.length; pixel += a.channels) {
    for (let i = pixel; i < pixel + used; i++) {
      const difference = Math.abs(a.data[i]! / toA - b.data[i]! / toB);
      if (difference > largest) largest = difference;
    }
  }
  return largest;
}

/** Wang et al. use an 11x11 window: 5 samples on each side of the centre. */
const SSIM_RADIUS_PX = 5;
const SSIM_SIGMA_PX = 1.5;
const SSIM_C1 = (0.01 * PEAK_8BIT) ** 2;
const SSIM_C2 = (0.03 * PEAK_8BIT) ** 2;

/**
 * Structural similarity, mean over the channels (not of luma) of the mean over every position where the whole window
 * fits: Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment" (2004), 11x11 Gaussian window of sigma 1.5,
 * K1 = 0.01, K2 = 0.03, weighted population statistics. In an image narrower than the window the window shrinks to the
 * largest odd size that fits. Memory is a few rows, whatever the image's size.
 */
export function ssim(a: Pixels, b: Pixels, options: MetricOptions = {}): number {
  const used = comparableChannels(a, b, options);
  let sum = 0;
  for (let channel = 0; channel < used; channel++) sum += ssimOfChannel(a, b, channel);
  return sum / used;
}

/** Statistics kept per window: mean a, mean b, mean of a^2 + b^2, mean of a*b; SSIM needs no more than these. */
const MOMENTS = 4;

function ssimOfChannel(a: Pixels, b: Pixels, channel: number): number {
  const { width, height } = a;
  const across = gaussianWindow(width);
  const down = gaussianWindow(height);
  const columns = width - across.length + 1;

  // Rows enter one by one, filtered across; as many as the window is tall are kept, in a ring.
  const ring = Array.from(down, () => new Float64Array(columns * MOMENTS));
  const row = new Float64Array(width * MOMENTS);
  const shifted = Array.from(across, (_, k) => row.subarray(k * MOMENTS, (k + columns) * MOMENTS));
  const window = new Float64Array(columns * MOMENTS);
  let sum = 0;
  for (let y = 0; y < height; y++) {
    momentsOfRow(a, b, channel, y, row);
    weigh(shifted, across, ring[y % down.length]!);
    const top = y - down.length + 1;
    if (top < 0) continue;
    const rows = ring.map((_, k) => ring[(top + k) % down.length]!);
    weigh(rows, down, window);
    sum += ssimOfWindows(window);
  }
  return sum / (columns * (height - down.length + 1));
}

function momentsOfRow(a: Pixels, b: Pixels, channel: number, y: number, out: Float64Array): void {
  const [toA, toB] = [samplesPer8Bit(a), samplesPer8Bit(b)];
  let from = y * a.width * a.channels + channel;
  for (let i = 0; i < out.length; i += MOMENTS) {
    const x = a.data[from]! / toA;
    const z = b.data[from]! / toB;
    out[i] = x;
    out[i + 1] = z;
    out[i + 2] = x * x + z * z;
    out[i + 3] = x * z;
    from += a.channels;
  }
}

/** out = sum over k of weights[k] * rows[k]; the weights are symmetric, so rows are added in pairs first. */
function weigh(rows: readonly Float64Array[], weights: Float64Array, out: Float64Array): void {
  const middle = (weights.length - 1) / 2;
  const centre = rows[middle]!;
  for (let i = 0; i < out.length; i++) out[i] = weights[middle]! * centre[i]!;
  for (let k = 0; k < middle; k++) {
    const weight = weights[k]!;
    const [first, last] = [rows[k]!, rows[2 * middle - k]!];
    for (let i = 0; i < out.length; i++) out[i]! += weight * (first[i]! + last[i]!);
  }
}

/** SSIM = (2 ma mb + C1)(2 cov + C2) / ((ma^2 + mb^2 + C1)(var a + var b + C2)), summed over a row of windows. */
function ssimOfWindows(moments: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < moments.length; i += MOMENTS) {
    const meanA = moments[i]!;
    const meanB = moments[i + 1]!;
    const product = meanA * meanB;
    const squares = meanA * meanA + meanB * meanB;
    const variances = moments[i + 2]! - squares;
    const covariance = moments[i + 3]! - product;
    sum += ((2 * product + SSIM_C1) * (2 * covariance + SSIM_C2)) / ((squares + SSIM_C1) * (variances + SSIM_C2));
  }
  return sum;
}

function gaussianWindow(length: number): Float64Array {
  const radius = Math.min(SSIM_RADIUS_PX, Math.floor((length - 1) / 2));
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * SSIM_SIGMA_PX ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** 1 for 8-bit data, 257 for 16-bit: dividing, not multiplying, keeps v * 257 / 257 exactly v. */
function samplesPer8Bit(image: Pixels): number {
  return peakOf(image.data) / PEAK_8BIT;
}

/** Number of leading channels to measure, once it is sure that the images can be compared. */
function comparableChannels(a: Pixels, b: Pixels, options: MetricOptions): number {
  if (a.width !== b.width || a.height !== b.height || a.channels !== b.channels) {
    throw new AppError(
      'usage/invalid',
      `cannot compare images of different shape: ${a.width}x${a.height} with ${a.channels} channels, ` +
        `${b.width}x${b.height} with ${b.channels} channels`,
    );
  }
  return options.ignoreAlpha ? colourChannels(a.channels) : a.channels;
}
