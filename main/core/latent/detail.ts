import { colourChannels, peakOf, type Pixels } from '../image/pixels.js';
import { LUMA } from './change.js';

/** Luma differences that are smaller than this, in 8-bit units, are noise and rounding: no halo is measured by them. */
const EDGE_STEP = 40;
/** Distance from an edge within which a halo lies, and the distance beyond it that it is held against, in pixels. */
const HALO_PX = 4;
const BEYOND_PX = 12;

/**
 * How much of a photo's fine detail a version of it has: the correlation of their luma gradients over all pixels, about 0
 * (sum of products over the root of the sums of squares); 1 where all gradients are the same up to one factor.
 */
export function gradientCorrelation(a: Pixels, b: Pixels): number {
  const [first, second] = [lumaOf(a), lumaOf(b)];
  let [aa, bb, ab] = [0, 0, 0];
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      const i = y * a.width + x;
      for (const j of [x + 1 < a.width ? i + 1 : i, y + 1 < a.height ? i + a.width : i]) {
        const [p, q] = [first[j]! - first[i]!, second[j]! - second[i]!];
        aa += p * p;
        bb += q * q;
        ab += p * q;
      }
    }
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 1;
}

/**
 * Halos at strong vertical edges: how far what was added right beside an edge is from what was added on that side further
 * away, as a share of the latter; over all edges. 0 where the change is flat on both sides; texture beside edges, which a
 * change of contrast follows, adds to it.
 */
export function haloOf(photo: Pixels, varied: Pixels): number {
  const [before, after] = [lumaOf(photo), lumaOf(varied)];
  const { width, height } = photo;
  const added = (row: number, from: number, to: number): number => {
    let total = 0;
    for (let x = from; x < to; x++) total += after[row + x]! - before[row + x]!;
    return total / (to - from);
  };
  let [strayed, all] = [0, 0];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = BEYOND_PX + 1; x < width - BEYOND_PX - 1; x++) {
      if (Math.abs(before[row + x + 1]! - before[row + x - 1]!) < EDGE_STEP) continue;
      const left = added(row, x - BEYOND_PX, x - HALO_PX);
      const right = added(row, x + HALO_PX + 1, x + BEYOND_PX + 1);
      strayed += Math.abs(added(row, x - HALO_PX, x - 1) - left) + Math.abs(added(row, x + 2, x + HALO_PX + 1) - right);
      all += Math.abs(left) + Math.abs(right);
    }
  }
  return all > 0 ? strayed / all : 0;
}

function lumaOf({ width, height, channels, data }: Pixels): Float32Array {
  const scale = 255 / peakOf(data);
  const grey = colourChannels(channels) === 1;
  return Float32Array.from({ length: width * height }, (_, i) => {
    const at = i * channels;
    if (grey) return scale * data[at]!;
    return scale * (LUMA[0] * data[at]! + LUMA[1] * data[at + 1]! + LUMA[2] * data[at + 2]!);
  });
}
