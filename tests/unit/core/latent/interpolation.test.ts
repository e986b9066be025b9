import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import { evenPlaces, latentAt, slerp } from '../../../../main/core/latent/interpolation.js';
import { distance, norm, scaled } from '../../../../main/core/latent/vectors.js';

const latents = (count: number, seed: number, size = 24): Float64Array[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => Float64Array.from({ length: size }, () => random.normal()));
};

describe('slerp', () => {
  it('begins and ends at its ends, its length between theirs', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, t) => {
        const [a, b] = latents(2, seed) as [Float64Array, Float64Array];
        expect(distance(slerp(a, b, 0), a)).toBeLessThan(1e-9);
        expect(distance(slerp(a, b, 1), b)).toBeLessThan(1e-9);
        expect(norm(slerp(a, b, t))).toBeCloseTo(norm(a) * (1 - t) + norm(b) * t, 9);
      }),
    );
  });

  it('goes straight where there is no arc', () => {
    const a = Float64Array.of(1, 2);
    expect(Array.from(slerp(a, scaled(a, 3), 0.5))).toEqual([expect.closeTo(2), expect.closeTo(4)]);
    expect(Array.from(slerp(a, scaled(a, -1), 0.25))).toEqual([expect.closeTo(0.5), expect.closeTo(1)]);
    expect(Array.from(slerp([0, 0], a, 0.5))).toEqual([0.5, 1]);
  });
});

describe('evenPlaces', () => {
  it.each([false, true])('keeps one speed over photos at any distances (closed: %s)', (closed) => {
    const points = latents(4, 7).map((z, i) => scaled(z, i === 2 ? 3 : 1));
    const places = evenPlaces(points, 400, closed);
    const way = places.map((place) => latentAt(points, place));
    const steps = way.slice(1).map((z, i) => distance(z, way[i]!));
    const mean = steps.reduce((sum, x) => sum + x, 0) / steps.length;
    // Where the way turns a corner at a photo, the chord is shorter than the way.
    const even = steps.filter((step) => Math.abs(step / mean - 1) < 0.02);
    expect(even.length).toBeGreaterThanOrEqual(steps.length - points.length);
    expect(distance(way[0]!, points[0]!)).toBeLessThan(1e-9);
    if (closed) expect(distance(way.at(-1)!, way[0]!)).toBeCloseTo(mean, 1);
    else expect(distance(way.at(-1)!, points[3]!)).toBeLessThan(1e-9);
  });

  it('stays where two photos are one', () => {
    const [z] = latents(1, 1) as [Float64Array];
    for (const place of evenPlaces([z, z], 5, false)) expect(distance(latentAt([z, z], place), z)).toBeLessThan(1e-9);
  });
});
