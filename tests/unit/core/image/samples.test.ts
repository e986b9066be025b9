import { describe, expect, it } from 'vitest';
import { planSamples } from '../../../../main/core/image/samples.js';

describe('planSamples', () => {
  it('takes five places of a photo, in whole cells', () => {
    const areas = planSamples(6000, 4000);
    expect(areas).toHaveLength(5);
    expect(areas[4]).toEqual({ left: 2848, top: 1856, width: 256, height: 256 });
    for (const { left, top } of areas) expect([left % 32, top % 32]).toEqual([0, 0]);
  });

  it('stays within the photo and takes no pixel twice', () => {
    for (const [width, height] of [
      [600, 600],
      [700, 4000],
      [90_000, 100],
      [257, 9000],
      [1300, 300],
    ] as const) {
      const areas = planSamples(width, height);
      expect(areas.length).toBeGreaterThan(1);
      areas.forEach((a, i) => {
        expect(a.left + a.width <= width && a.top + a.height <= height).toBe(true);
        for (const b of areas.slice(i + 1)) {
          const apart = a.left + a.width <= b.left || b.left + b.width <= a.left;
          expect(apart || a.top + a.height <= b.top || b.top + b.height <= a.top).toBe(true);
        }
      });
    }
  });

  it('takes a small photo whole', () => {
    expect(planSamples(90, 61)).toEqual([{ left: 0, top: 0, width: 90, height: 61 }]);
  });
});
