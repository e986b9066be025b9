/** Arithmetic on square planes of samples, stored row by row: what the kinds of noise are made of. */

/** A crop and its noise: three planes (R, G, B) of side x side each, gamma-encoded, clean in [0,1]. */
export interface NoiseCrop {
  readonly side: number;
  /** Whether the crop has no colour: its planes are equal, and its noise is to be. */
  readonly grey: boolean;
  readonly clean: Float32Array;
  /** Written: the crop with noise. */
  readonly noisy: Float32Array;
  /** Written: standard deviation of the noise per sample, in the units of the crop. */
  readonly sigma: Float32Array;
}

/** Rec. 601 luma, the one that JPEG and most conversions to black and white use. */
export const LUMA = [0.299, 0.587, 0.114] as const;

/** Side of the window over which the strength of measured noise is taken, in pixels. */
const RMS_WINDOW_PX = 13;
/** A Gaussian is cut off where less than 0.3 % of it is left. */
const BLUR_REACH_SIGMAS = 3;

/** One plane (0 R, 1 G, 2 B) of three: a view. */
export function planeOf(planes: Float32Array, side: number, channel: number): Float32Array {
  return planes.subarray(channel * side * side, (channel + 1) * side * side);
}

/** Limits every sample to [0,1]. */
export function clip(samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]!;
    samples[i] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
}

/** Limits to [0,1] and rounds to the 256 levels of an 8-bit file. */
export function roundTo8Bits(samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    const level = samples[i]! * 255;
    // Adding a half and cutting off is rounding, and several times as fast as Math.round.
    samples[i] = (level <= 0 ? 0 : level >= 255 ? 255 : (level + 0.5) | 0) / 255;
  }
}

/** Puts the luma of three planes into all of them. */
export function toGrey(planes: Float32Array): void {
  const [red, green, blue] = LUMA;
  const plane = planes.length / 3;
  for (let i = 0; i < plane; i++) {
    planes[i] = red * planes[i]! + green * planes[i + plane]! + blue * planes[i + 2 * plane]!;
  }
  repeatFirst(planes);
}

/** Copies the first of three planes to the others. */
export function repeatFirst(planes: Float32Array): void {
  const plane = planes.length / 3;
  planes.copyWithin(plane, 0, plane);
  planes.copyWithin(2 * plane, 0, plane);
}

/** The taps of a sampled Gaussian from its centre outwards; both halves sum to 1. */
export function gaussianTaps(sigma: number): Float64Array {
  const reach = Math.max(1, Math.ceil(BLUR_REACH_SIGMAS * sigma));
  const taps = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp((-0.5 * i * i) / (sigma * sigma)));
  const sum = taps.reduce((total, tap, i) => total + (i === 0 ? tap : 2 * tap), 0);
  return taps.map((tap) => tap / sum);
}

/** Standard deviation that white noise of deviation 1 has left after `blur` with these taps, away from the edges. */
export function blurredDeviation(taps: Float64Array): number {
  // Each direction leaves the root of the sum of squares; there are two.
  return taps.reduce((total, tap, i) => total + (i === 0 ? 1 : 2) * tap * tap, 0);
}

/**
 * Blurs a plane in both directions, in place; beyond the edges the plane is mirrored about its outermost samples, which
 * must be more than there are taps.
 */
export function blur(plane: Float32Array, side: number, taps: Float64Array): void {
  const reach = taps.length - 1;
  const line = new Float32Array(side + 2 * reach);
  for (const [step, next] of [
    [1, side],
    [side, 1],
  ] as const) {
    for (let start = 0; start < side; start++) {
      const first = start * next;
      for (let i = 0; i < side; i++) line[i + reach] = plane[first + i * step]!;
      for (let i = 1; i <= reach; i++) {
        line[reach - i] = line[reach + i]!;
        line[reach + side - 1 + i] = line[reach + side - 1 - i]!;
      }
      for (let i = 0; i < side; i++) {
        const centre = i + reach;
        let sum = taps[0]! * line[centre]!;
        for (let k = 1; k <= reach; k++) sum += taps[k]! * (line[centre - k]! + line[centre + k]!);
        plane[first + i * step] = sum;
      }
    }
  }
}

/**
 * Measures noise: per channel, the root mean square of noisy minus clean over the 13x13 pixels around each that lie in
 * the crop.
 */
export function measureSigma({ side, clean, noisy, sigma }: NoiseCrop): void {
  const half = (RMS_WINDOW_PX - 1) / 2;
  const plane = side * side;
  /** Sums of squares over the rows of the window, per column. */
  const columns = new Float64Array(side);
  for (let offset = 0; offset < 3 * plane; offset += plane) {
    columns.fill(0);
    const addRow = (row: number, sign: number): void => {
      for (let x = 0, at = offset + row * side; x < side; x++, at++) {
        const noise = noisy[at]! - clean[at]!;
        columns[x]! += sign * noise * noise;
      }
    };
    for (let row = 0; row < half; row++) addRow(row, 1);
    for (let y = 0; y < side; y++) {
      if (y + half < side) addRow(y + half, 1);
      if (y - half - 1 >= 0) addRow(y - half - 1, -1);
      const rows = Math.min(y + half, side - 1) - Math.max(y - half, 0) + 1;
      let sum = 0;
      for (let x = 0; x < half; x++) sum += columns[x]!;
      for (let x = 0; x < side; x++) {
        if (x + half < side) sum += columns[x + half]!;
        if (x - half - 1 >= 0) sum -= columns[x - half - 1]!;
        const across = Math.min(x + half, side - 1) - Math.max(x - half, 0) + 1;
        // Sums that should be 0 may come out a little below.
        sigma[offset + y * side + x] = Math.sqrt(Math.max(0, sum) / (rows * across));
      }
    }
  }
}
