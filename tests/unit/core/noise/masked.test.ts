import { describe, expect, it } from 'vitest';
import { drawMasked } from '../../../../main/core/noise/masked.js';
import { sampleRandom } from '../../../../main/core/noise/sample-random.js';

const side = 64;
const plane = side * side;

/** A crop in which each pixel has a value of its own, the same in no two places. */
function numbered() {
  const clean = Float32Array.from({ length: 3 * plane }, (_, i) => i);
  return { side, grey: false, clean, noisy: new Float32Array(3 * plane), sigma: new Float32Array(3 * plane).fill(1) };
}

describe('drawMasked', () => {
  it('replaces its share of the pixels, all channels of each, by a neighbour that is not itself', () => {
    const crop = numbered();
    drawMasked(crop, { pixels: 0.1, reach: 2 }, sampleRandom(1, 0, 0));
    let replaced = 0;
    for (let at = 0; at < plane; at++) {
      const from = crop.noisy[at]!;
      for (const c of [1, 2]) expect(crop.noisy[c * plane + at]).toBe(from + c * plane);
      if (from === at) continue;
      replaced++;
      expect(Math.abs((from % side) - (at % side))).toBeLessThanOrEqual(2);
      expect(Math.abs(Math.floor(from / side) - Math.floor(at / side))).toBeLessThanOrEqual(2);
    }
    expect(Math.abs(replaced / plane - 0.1)).toBeLessThan(0.02);
    expect(crop.sigma.every((value) => value === 0)).toBe(true);
  });

  it('takes each neighbour as often as any other', () => {
    const counts = new Map<number, number>();
    const middle = 32 * side + 32;
    for (let draw = 0; draw < 800; draw++) {
      const crop = numbered();
      drawMasked(crop, { pixels: 0.5, reach: 1 }, sampleRandom(2, 0, draw));
      const from = crop.noisy[middle]!;
      if (from !== middle) counts.set(from, (counts.get(from) ?? 0) + 1);
    }
    expect(counts.size).toBe(8);
    for (const count of counts.values()) expect(Math.abs(count / 50 - 1)).toBeLessThan(0.6);
  });
});
