import { describe, expect, it } from 'vitest';
import { throughJpeg } from '../../../../main/core/noise/jpeg.js';
import { throughLibjpeg } from '../../../support/jpeg-round-trip.js';
import { fingerprint, flatCrop, isGrey, mean, pictureCrop } from '../../../support/noise-crops.js';

const SIDE = 96;
const atOrigin = { offsetX: 0, offsetY: 0 };

/** Differences in 8-bit levels. */
function differences(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => Math.abs(value - b[i]!) * 255);
}

describe('throughJpeg', () => {
  it.each([
    [30, false],
    [55, true],
    [75, false],
    [90, true],
    [98, false],
    [98, true],
  ])('at quality %i, chroma halved %s, agrees with libjpeg', async (quality, subsampled) => {
    const { clean } = pictureCrop(SIDE);
    const expected = await throughLibjpeg(clean, SIDE, quality, subsampled);
    const planes = clean.slice();
    throughJpeg(planes, SIDE, false, { quality, subsampled, ...atOrigin });
    const apart = differences(planes, expected);
    // libjpeg computes in integers, and where a coefficient is half a step, it may round the other way.
    expect(mean(apart)).toBeLessThan(0.4);
    expect(apart.filter((value) => value > 2.5).length / apart.length).toBeLessThan(0.015);
    // What is lost is as much.
    const lost = mean(differences(planes, clean));
    expect(Math.abs(lost / mean(differences(expected, clean)) - 1)).toBeLessThan(0.04);
  });

  it('halves and doubles the colours of edges as libjpeg does', async () => {
    const { clean } = flatCrop(
      SIDE,
      (c, x, y) => ((x * 5 + y * 3) % 37 < 16 ? [200, 60, 70] : [60, 90, 190])[c]! / 255,
    );
    const expected = await throughLibjpeg(clean, SIDE, 98, true);
    const planes = clean.slice();
    throughJpeg(planes, SIDE, false, { quality: 98, subsampled: true, ...atOrigin });
    expect(mean(differences(planes, clean))).toBeGreaterThan(4);
    expect(mean(differences(planes, expected))).toBeLessThan(1);
  });

  it('holds 8-bit levels, and a single colour as it is', () => {
    const { clean } = flatCrop(SIDE, [64 / 255, 64 / 255, 64 / 255]);
    const planes = clean.slice();
    throughJpeg(planes, SIDE, false, { quality: 100, subsampled: true, offsetX: 5, offsetY: 11 });
    expect(fingerprint(planes)).toBe(fingerprint(clean));
    const picture = pictureCrop(SIDE).clean;
    throughJpeg(picture, SIDE, false, { quality: 60, subsampled: true, ...atOrigin });
    for (const value of picture) {
      if (Math.abs(value * 255 - Math.round(value * 255)) > 1e-4) expect(value * 255).toBe(Math.round(value * 255));
    }
  });

  it('keeps grey grey, the same as in colour but for a level', () => {
    const { clean } = pictureCrop(SIDE, true);
    const grey = clean.slice();
    throughJpeg(grey, SIDE, true, { quality: 70, subsampled: true, ...atOrigin });
    expect(isGrey(grey)).toBe(true);
    const colour = clean.slice();
    throughJpeg(colour, SIDE, false, { quality: 70, subsampled: true, ...atOrigin });
    expect(Math.max(...differences(grey, colour))).toBeLessThan(1.01);
  });

  it('has its blocks where the offset puts them', () => {
    const offsets = { offsetX: 3, offsetY: 6 };
    const { clean } = pictureCrop(SIDE);
    const planes = clean.slice();
    throughJpeg(planes, SIDE, false, { quality: 10, subsampled: false, ...offsets });
    // At this quality blocks are nearly flat: steps are between them.
    const step = (vertical: boolean): number => {
      const sums = new Float64Array(8);
      for (let y = 1; y < SIDE; y++) {
        for (let x = 1; x < SIDE; x++) {
          const at = y * SIDE + x;
          sums[(vertical ? y : x) % 8]! += Math.abs(planes[at]! - planes[at - (vertical ? SIDE : 1)]!);
        }
      }
      return sums.indexOf(Math.max(...sums));
    };
    expect([step(false), step(true)]).toEqual([8 - offsets.offsetX, 8 - offsets.offsetY]);
  });

  it('loses more at a lower quality', () => {
    const { clean } = pictureCrop(SIDE);
    const losses = [98, 85, 70, 55].map((quality) => {
      const planes = clean.slice();
      throughJpeg(planes, SIDE, false, { quality, subsampled: true, ...atOrigin });
      return mean(differences(planes, clean));
    });
    expect(losses).toEqual([...losses].sort((a, b) => a - b));
  });
});
