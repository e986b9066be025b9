import { medianOf, type Plane } from './plane.js';

/** How noisy each of two frames of one scene is, whatever the scene looks like. */

/** Side of the blocks that are measured. */
const BLOCK_PX = 16;
/** Share of the blocks that count, those with the least that both frames have. */
const EVEN_SHARE = 0.25;

/**
 * Variance of the fine noise (second differences along rows and columns) of two frames: what a frame has that is not in the
 * other. For a = s + n, b = s + m with independent noise E[a (a - b)] = E[n^2], and likewise for m. Where E[a b] = E[s^2]
 * is least there is nothing that could lie a little off: the median over those blocks. It can come out a little below 0.
 */
export function pairNoise(a: Plane, b: Plane): [number, number] {
  const blocks: { ofA: number; ofB: number; common: number }[] = [];
  const { width, height } = a;
  for (let top = 1; top + BLOCK_PX < height; top += BLOCK_PX) {
    for (let left = 1; left + BLOCK_PX < width; left += BLOCK_PX) {
      let [ofA, ofB, common] = [0, 0, 0];
      for (let y = top; y < top + BLOCK_PX; y++) {
        for (let x = left; x < left + BLOCK_PX; x++) {
          const at = y * width + x;
          const [p, q] = [fine(a.data, at, width), fine(b.data, at, width)];
          ofA += p * (p - q);
          ofB += q * (q - p);
          common += p * q;
        }
      }
      blocks.push({ ofA: ofA / BLOCK_PX ** 2, ofB: ofB / BLOCK_PX ** 2, common });
    }
  }
  blocks.sort((p, q) => p.common - q.common);
  const even = blocks.slice(0, Math.max(4, Math.ceil(EVEN_SHARE * blocks.length)));
  return [medianOf(even.map(({ ofA }) => ofA)), medianOf(even.map(({ ofB }) => ofB))];
}

/** The Laplacian of each pixel's neighbourhood, scaled so that white noise keeps its variance. */
function fine(data: Float32Array, at: number, width: number): number {
  const around = data[at - 1]! + data[at + 1]! + data[at - width]! + data[at + width]!;
  return (4 * data[at]! - around) / Math.sqrt(20);
}
