import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import { frechetDistance } from '../../../../main/core/latent/frechet.js';
import { fitMixture, logLikelihood, sampleMixture } from '../../../../main/core/latent/mixture.js';
import { covarianceOf, meanOf } from '../../../../main/core/latent/vectors.js';

/** Two clouds, 8 apart along the first axis. */
const clouds = (count: number, seed: number, size = 10): Float64Array[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) =>
    Float64Array.from({ length: size }, (_, d) => random.normal() * (d === 1 ? 2 : 0.5) + (d === 0 ? (i % 2) * 8 : 0)),
  );
};

describe('fitMixture', () => {
  it('finds the clouds that there are, and how many', () => {
    const { components, pca } = fitMixture(clouds(120, 1), createRandom(1));
    expect(components).toHaveLength(2);
    expect(components.map(({ weight }) => weight)).toEqual([expect.closeTo(0.5, 1), expect.closeTo(0.5, 1)]);
    const along = components.map(({ mean }) => mean[0]!).sort((a, b) => a - b);
    expect(Math.abs(pca.axes[0]![0]!)).toBeGreaterThan(0.95);
    expect(along[1]! - along[0]!).toBeCloseTo(8, 0);
    const one = clouds(120, 1).map((z) => z.map((x, d) => (d === 0 && x > 4 ? x - 8 : x)));
    expect(fitMixture(one, createRandom(1)).components).toHaveLength(1);
  });

  it('samples what it was fitted to: the same mean and covariance', () => {
    const set = clouds(300, 2);
    const mixture = fitMixture(set, createRandom(1));
    const random = createRandom(5);
    const drawn = Array.from({ length: 4000 }, () => sampleMixture(mixture, random));
    const mean = meanOf(set);
    const [a, b] = [covarianceOf(drawn), covarianceOf(set)];
    meanOf(drawn).forEach((x, d) => {
      expect(x).toBeCloseTo(mean[d]!, 0);
      expect(a[d * 11]! / b[d * 11]!).toBeGreaterThan(0.7);
      expect(a[d * 11]! / b[d * 11]!).toBeLessThan(1.4);
    });
  });

  it('thinks more of the set than of what lies elsewhere', () => {
    const mixture = fitMixture(clouds(120, 3), createRandom(1));
    const own = clouds(20, 4).map((z) => logLikelihood(mixture, z));
    const others = clouds(20, 4).map((z) =>
      logLikelihood(
        mixture,
        z.map((x) => x + 4),
      ),
    );
    expect(Math.min(...own)).toBeGreaterThan(Math.max(...others));
  });

  it('integrates to one along a line of two dimensions', () => {
    const mixture = fitMixture(clouds(60, 3, 2), createRandom(1));
    let total = 0;
    const step = 0.25;
    for (let x = -20; x < 28; x += step) {
      for (let y = -20; y < 20; y += step) total += Math.exp(logLikelihood(mixture, [x, y])) * step * step;
    }
    expect(total).toBeCloseTo(1, 2);
  });

  it('works with as few photos as there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(1000), (count, seed) => {
        const mixture = fitMixture(clouds(count, seed, 30), createRandom(seed));
        const drawn = sampleMixture(mixture, createRandom(1));
        // With an axis for each photo, nothing would be left across them, and all samples would be mixes of the photos.
        if (count > 2) expect(mixture.residualVariance).toBeGreaterThan(0.01);
        expect(drawn.every(Number.isFinite)).toBe(true);
        expect(Number.isFinite(logLikelihood(mixture, drawn))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same for the same seed', () => {
    const draw = (): Float64Array => sampleMixture(fitMixture(clouds(40, 1), createRandom(9)), createRandom(4));
    expect(draw()).toEqual(draw());
  });
});

describe('frechetDistance', () => {
  const normals = (count: number, shift: number, scale: number, seed: number): Float64Array[] => {
    const random = createRandom(seed);
    return Array.from({ length: count }, () => Float64Array.from({ length: 3 }, () => shift + scale * random.normal()));
  };

  it('is 0 for a set and itself, and the same both ways', () => {
    const [a, b] = [normals(50, 0, 1, 1), normals(50, 1, 2, 2)];
    expect(frechetDistance(a, a)).toBeCloseTo(0, 9);
    expect(frechetDistance(a, b)).toBeCloseTo(frechetDistance(b, a), 9);
  });

  it('is |m|^2 + (s - 1)^2 per dimension for Gaussians apart by m and s', () => {
    expect(frechetDistance(normals(20_000, 0, 1, 1), normals(20_000, 2, 3, 2))).toBeCloseTo(3 * (4 + 4), 0);
  });
});
