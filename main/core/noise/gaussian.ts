import type { Random } from '../image/random.js';
import { fillNormals } from './normals.js';
import { clip, repeatFirst, type NoiseCrop } from './plane.js';
import { between, happens } from './sample-random.js';

/** Gaussian noise, whose strength is known exactly: independent from sample to sample. */

type Range = readonly [number, number];

/** White Gaussian noise of one strength. */
export interface GaussianMix {
  /** Standard deviation, of 255. */
  readonly sigma: Range;
  /** Some crops get their sigma from a range of its own: weak noise is common and needs its share. */
  readonly low: { readonly share: number; readonly sigma: Range };
  /** Share that is clipped to [0,1], as every file is. */
  readonly clipped: number;
}

/** Gaussian noise with a strength for each channel. */
export interface ChannelGaussianMix {
  /** Standard deviation of each channel, of 255. */
  readonly sigma: Range;
  /** Share whose strength varies over the crop. */
  readonly varying: number;
  /** Factors of the strength at the 3x3 points between which it varies. */
  readonly factor: Range;
  readonly clipped: number;
}

/** Points along each side of the grid between which strengths vary. */
const GRID = 3;

/** noisy = clean + sigma * n, without clipping; `sigma` in units of the crop (25 of 255 is 25 / 255). */
export function addGaussian(crop: NoiseCrop, sigma: number, random: Random): void {
  crop.sigma.fill(sigma);
  addWhite(crop, random);
}

/** Gaussian noise with the strength drawn from the mix. */
export function drawGaussian(crop: NoiseCrop, mix: GaussianMix, random: Random): void {
  const range = happens(random, mix.low.share) ? mix.low.sigma : mix.sigma;
  const clipped = happens(random, mix.clipped);
  addGaussian(crop, between(random, range) / 255, random);
  if (clipped) clip(crop.noisy);
}

/** Gaussian noise with strengths drawn for each channel; a grey crop has one. */
export function drawChannelGaussian(crop: NoiseCrop, mix: ChannelGaussianMix, random: Random): void {
  const { side, grey, sigma } = crop;
  const plane = side * side;
  const clipped = happens(random, mix.clipped);
  for (let c = 0; c < 3; c++) sigma.fill(between(random, mix.sigma) / 255, c * plane, (c + 1) * plane);
  if (happens(random, mix.varying)) {
    const factors = Float64Array.from({ length: GRID * GRID }, () => between(random, mix.factor));
    multiplyByGrid(sigma, side, factors);
  }
  if (grey) repeatFirst(sigma);
  addWhite(crop, random);
  if (clipped) clip(crop.noisy);
}

/** noisy = clean + sigma * n, n being the same in the three planes of a grey crop. */
function addWhite({ grey, clean, noisy, sigma }: NoiseCrop, random: Random): void {
  const plane = clean.length / 3;
  fillNormals(grey ? noisy.subarray(0, plane) : noisy, random);
  if (grey) repeatFirst(noisy);
  for (let i = 0; i < clean.length; i++) noisy[i] = clean[i]! + sigma[i]! * noisy[i]!;
}

/** Multiplies three planes by factors at 3x3 points, corners included, interpolated linearly between them. */
function multiplyByGrid(planes: Float32Array, side: number, factors: Float64Array): void {
  const plane = side * side;
  const cell = (side - 1) / (GRID - 1);
  for (let y = 0; y < side; y++) {
    const row = Math.min(GRID - 2, Math.floor(y / cell));
    const down = y / cell - row;
    for (let x = 0; x < side; x++) {
      const column = Math.min(GRID - 2, Math.floor(x / cell));
      const right = x / cell - column;
      const at = row * GRID + column;
      const upper = factors[at]! + right * (factors[at + 1]! - factors[at]!);
      const lower = factors[at + GRID]! + right * (factors[at + GRID + 1]! - factors[at + GRID]!);
      const factor = upper + down * (lower - upper);
      for (let i = y * side + x; i < planes.length; i += plane) planes[i]! *= factor;
    }
  }
}
