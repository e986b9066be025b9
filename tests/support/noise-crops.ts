import { createHash } from 'node:crypto';
import { createRandom } from '../../main/core/image/random.js';
import type { NoiseCrop } from '../../main/core/noise/plane.js';

/** Crops to put noise on, and statistics of what comes of it. */

/** A crop of one colour, or with a colour for each pixel. */
export function flatCrop(
  side: number,
  colour: readonly [number, number, number] | ((channel: number, x: number, y: number) => number),
  grey = false,
): NoiseCrop {
  const plane = side * side;
  const clean = Float32Array.from({ length: 3 * plane }, (_, i) => {
    const channel = Math.floor(i / plane);
    return typeof colour === 'function' ? colour(channel, i % side, Math.floor((i % plane) / side)) : colour[channel]!;
  });
  return { side, grey, clean, noisy: new Float32Array(3 * plane), sigma: new Float32Array(3 * plane) };
}

/** A crop of 8-bit levels with edges, gradients and colours: what a photo might hold. */
export function pictureCrop(side: number, grey = false): NoiseCrop {
  const random = createRandom(77);
  const texture = Float32Array.from({ length: side * side }, () => random.uniform());
  return flatCrop(
    side,
    (c, x, y) => {
      const channel = grey ? 0 : c;
      const edge = (x - side / 2) ** 2 + (y - side / 3) ** 2 < (side / 4) ** 2 ? 0.35 : 0;
      const value = 0.2 + (0.3 * x) / side + 0.05 * channel * (y / side) + edge + 0.04 * texture[y * side + x]!;
      return Math.round(255 * value) / 255;
    },
    grey,
  );
}

/** Noisy minus clean of one channel. */
export function noiseOf({ side, clean, noisy }: NoiseCrop, channel: number): Float64Array {
  const plane = side * side;
  return Float64Array.from({ length: plane }, (_, i) => noisy[channel * plane + i]! - clean[channel * plane + i]!);
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Standard deviation. */
export function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return Math.sqrt(sum / values.length);
}

/** Correlation of two fields of the same length. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [ca, cb] = [mean(a), mean(b)];
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - ca) * (b[i]! - cb);
  return sum / a.length / (deviation(a) * deviation(b));
}

/** Correlation of a square field with itself, shifted. */
export function autocorrelation(field: Float64Array, side: number, right: number, down: number): number {
  const a: number[] = [];
  const b: number[] = [];
  for (let y = 0; y + down < side; y++) {
    for (let x = 0; x + right < side; x++) {
      a.push(field[y * side + x]!);
      b.push(field[(y + down) * side + x + right]!);
    }
  }
  return correlation(a, b);
}

/** Whether three planes are equal, sample by sample. */
export function isGrey(planes: Float32Array): boolean {
  const plane = planes.length / 3;
  return planes.every((value, i) => value === planes[i % plane]);
}

/** A digest of numbers: comparing millions one by one takes seconds. */
export function fingerprint(...arrays: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of arrays) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
