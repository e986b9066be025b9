import type { Random } from '../image/random.js';
import { drawMosaicNoise } from './bayer.js';
import { fillNormals } from './normals.js';
import { blur, blurredDeviation, clip, gaussianTaps, LUMA, planeOf, toGrey, type NoiseCrop } from './plane.js';
import { below, between, happens } from './sample-random.js';
import { powerTable, powerTableOfRoot, readPower, readPowerOfRoot } from './tone.js';

/**
 * The noise of a camera: shot and read noise of the sensor in linear light, and what developing does to it. The noise
 * model and the relation of its two parameters are those of Brooks et al., "Unprocessing images for learned raw
 * denoising" (2019). Developing the noise alone keeps the crop as sharp as it was.
 */

type Range = readonly [number, number];

/** How cameras vary from crop to crop. */
export interface CameraMix {
  /** The tone curve: encoded = linear^(1 / gamma). */
  readonly gamma: Range;
  /** Sensor's share of full scale where the crop is white: less is darker, and needs more gain. */
  readonly exposure: Range;
  /** Gains of red and blue; green has 1. */
  readonly whiteBalance: Range;
  /** Variance per unit of light of the shot noise; its logarithm is uniform. */
  readonly shot: Range;
  /** ln(read variance) = slope * ln(shot) + offset + spread * n, n normal. */
  readonly read: { readonly slope: number; readonly offset: number; readonly spread: number };
  /** Share with a Bayer mosaic and bilinear demosaicing. */
  readonly mosaic: number;
  /** Share whose noise goes through a colour matrix. */
  readonly colourMatrix: number;
  /** Some developers smooth: the share, and the standard deviation of the Gaussian in pixels. */
  readonly blur: { readonly share: number; readonly sigma: Range };
  /** Low-frequency colour noise. */
  readonly blotches: BlotchMix;
}

/** Patches of wrong colour, as weak smoothing of colour leaves them. */
export interface BlotchMix {
  readonly share: number;
  /** Standard deviation of the Gaussian that gives them their size, in pixels. */
  readonly blur: Range;
  /** Strength as a share of the crop's other noise. */
  readonly strength: Range;
}

/** How much a colour matrix takes from the other two channels, and the least part of it that each gives. */
const MATRIX_CROSSTALK: Range = [0.1, 0.8];
const MATRIX_SPLIT: Range = [0.1, 0.9];

/** One camera and its settings. */
export interface Camera {
  readonly gamma: number;
  readonly exposure: number;
  /** Gains of R, G, B. */
  readonly whiteBalance: readonly [number, number, number];
  readonly shot: number;
  readonly read: number;
  /** Parities of the mosaic's red sites; null: three values for each pixel. */
  readonly mosaic: { readonly row: 0 | 1; readonly column: 0 | 1 } | null;
  /** Row by row: what R, G, B become; rows sum to 1, so that grey stays grey. Null: nothing. */
  readonly matrix: readonly number[] | null;
  /** Standard deviation of a blur of the noise in pixels; null: none. */
  readonly blur: number | null;
}

/** Draws a camera from the mix. */
export function drawCamera(mix: CameraMix, random: Random): Camera {
  const shot = Math.exp(between(random, [Math.log(mix.shot[0]), Math.log(mix.shot[1])]));
  const read = Math.exp(mix.read.slope * Math.log(shot) + mix.read.offset + mix.read.spread * random.normal());
  return {
    shot,
    read,
    gamma: between(random, mix.gamma),
    exposure: between(random, mix.exposure),
    whiteBalance: [between(random, mix.whiteBalance), 1, between(random, mix.whiteBalance)],
    mosaic: happens(random, mix.mosaic) ? { row: below(random, 2) as 0 | 1, column: below(random, 2) as 0 | 1 } : null,
    matrix: happens(random, mix.colourMatrix) ? drawMatrix(random) : null,
    blur: happens(random, mix.blur.share) ? between(random, mix.blur.sigma) : null,
  };
}

/** Noise of a camera drawn from the mix, clipped to [0,1]. The sigma map is left to measure. */
export function drawCameraNoise(crop: NoiseCrop, mix: CameraMix, random: Random): void {
  addCameraNoise(crop, drawCamera(mix, random), random);
  if (happens(random, mix.blotches.share) && !crop.grey) {
    addBlotches(crop, between(random, mix.blotches.blur), between(random, mix.blotches.strength), random);
    clip(crop.noisy);
  }
}

/**
 * Adds the noise of one camera: linear = clean^gamma; the sensor sees x = linear * exposure / whiteBalance, with noise of
 * variance shot * x + read; the noise is demosaiced, divided by exposure / whiteBalance, taken through the matrix and
 * blurred; noisy = clip(linear + noise)^(1 / gamma).
 */
export function addCameraNoise({ side, grey, clean, noisy }: NoiseCrop, camera: Camera, random: Random): void {
  const { gamma, exposure, whiteBalance, shot, read, mosaic } = camera;
  const plane = side * side;
  const toLinear = powerTable(gamma);
  const linear = new Float32Array(clean.length);
  for (let i = 0; i < clean.length; i++) linear[i] = readPower(toLinear, clean[i]!);

  // Until the tone curve, `noisy` holds the noise; before it is drawn, the light.
  for (let c = 0; c < 3; c++) {
    const factor = exposure / whiteBalance[c]!;
    for (let i = c * plane; i < (c + 1) * plane; i++) noisy[i] = linear[i]! * factor;
  }
  if (mosaic === null) {
    const normals = new Float32Array(clean.length);
    fillNormals(normals, random);
    for (let i = 0; i < clean.length; i++) noisy[i] = Math.sqrt(shot * noisy[i]! + read) * normals[i]!;
  } else {
    drawMosaicNoise(noisy.slice(), side, shot, read, mosaic, random, noisy);
  }
  for (let c = 0; c < 3; c++) {
    const factor = whiteBalance[c]! / exposure;
    for (let i = c * plane; i < (c + 1) * plane; i++) noisy[i]! *= factor;
  }
  if (camera.matrix !== null) multiplyColours(noisy, camera.matrix);
  if (camera.blur !== null) {
    const taps = gaussianTaps(camera.blur);
    for (let c = 0; c < 3; c++) blur(planeOf(noisy, side, c), side, taps);
  }

  const toEncoded = powerTableOfRoot(1 / gamma);
  for (let i = 0; i < clean.length; i++) {
    const value = linear[i]! + noisy[i]!;
    noisy[i] = value <= 0 ? 0 : value >= 1 ? 1 : readPowerOfRoot(toEncoded, value);
  }
  if (grey) toGrey(noisy);
}

/**
 * Adds colour noise without luma to `noisy`, blurred to patches: its root mean square over the channels is `strength`
 * times that of the noise there is.
 */
export function addBlotches(crop: NoiseCrop, blurSigma: number, strength: number, random: Random): void {
  const { side, clean, noisy } = crop;
  const plane = side * side;
  let energy = 0;
  for (let i = 0; i < clean.length; i++) energy += (noisy[i]! - clean[i]!) ** 2;
  const taps = gaussianTaps(blurSigma);
  const fields = new Float32Array(clean.length);
  fillNormals(fields, random);
  for (let c = 0; c < 3; c++) blur(planeOf(fields, side, c), side, taps);
  const scale = (strength * Math.sqrt(energy / clean.length)) / (blurredDeviation(taps) * CHROMA_DEVIATION);
  for (let i = 0; i < plane; i++) {
    const red = fields[i]!;
    const green = fields[i + plane]!;
    const blue = fields[i + 2 * plane]!;
    const luma = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue;
    noisy[i]! += scale * (red - luma);
    noisy[i + plane]! += scale * (green - luma);
    noisy[i + 2 * plane]! += scale * (blue - luma);
  }
}

/** What taking the luma away leaves of three independent channels of deviation 1: root mean square over them. */
const CHROMA_DEVIATION = Math.sqrt(
  LUMA.reduce((sum, _, c) => sum + LUMA.reduce((s, weight, k) => s + (k === c ? 1 - weight : weight) ** 2, 0), 0) / 3,
);

/** A matrix such as leads from a sensor's colours to sRGB: each channel less some of the others. */
function drawMatrix(random: Random): number[] {
  return [0, 1, 2].flatMap((row) => {
    const crosstalk = between(random, MATRIX_CROSSTALK);
    const split = between(random, MATRIX_SPLIT);
    const others = [-crosstalk * split, -crosstalk * (1 - split)];
    return [0, 1, 2].map((column) => (column === row ? 1 + crosstalk : others[column > row ? column - 1 : column]!));
  });
}

function multiplyColours(planes: Float32Array, matrix: readonly number[]): void {
  const plane = planes.length / 3;
  const [rr, rg, rb, gr, gg, gb, br, bg, bb] = matrix as [
    ...[number, number, number],
    ...[number, number, number],
    ...[number, number, number],
  ];
  for (let i = 0; i < plane; i++) {
    const red = planes[i]!;
    const green = planes[i + plane]!;
    const blue = planes[i + 2 * plane]!;
    planes[i] = rr * red + rg * green + rb * blue;
    planes[i + plane] = gr * red + gg * green + gb * blue;
    planes[i + 2 * plane] = br * red + bg * green + bb * blue;
  }
}
