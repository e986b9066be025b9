import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import { symmetricEigen, symmetricRoot } from '../../../../main/core/latent/eigen.js';
import { principalComponents, project, reconstruct } from '../../../../main/core/latent/pca.js';
import { distance, dot } from '../../../../main/core/latent/vectors.js';

const vectors = (count: number, size: number, seed: number): Float64Array[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => Float64Array.from({ length: size }, () => random.normal()));
};

const symmetric = (size: number, seed: number): Float64Array => {
  const random = createRandom(seed);
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = random.normal();
  }
  return matrix;
};

describe('symmetricEigen', () => {
  it('finds the values and vectors of a matrix whose are known', () => {
    const { values, vectors: found } = symmetricEigen([2, 1, 1, 2], 2);
    expect(Array.from(values)).toEqual([expect.closeTo(3, 12), expect.closeTo(1, 12)]);
    expect(Math.abs(found[0]![0]! - found[0]![1]!)).toBeLessThan(1e-12);
  });

  it('gives A v = l v, orthonormal, for any matrix', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (size, seed) => {
        const matrix = symmetric(size, seed);
        const { values, vectors: found } = symmetricEigen(matrix, size);
        found.forEach((v, k) => {
          for (let i = 0; i < size; i++) {
            expect(dot(matrix.subarray(i * size, (i + 1) * size), v)).toBeCloseTo(values[k]! * v[i]!, 9);
          }
          found.forEach((other, j) => {
            expect(dot(v, other)).toBeCloseTo(j === k ? 1 : 0, 10);
          });
          if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('symmetricRoot', () => {
  it('gives a matrix whose square is the given one', () => {
    const size = 5;
    const half = symmetric(size, 3);
    const square = Float64Array.from({ length: size * size }, (_, i) =>
      dot(
        half.subarray(Math.floor(i / size) * size, (Math.floor(i / size) + 1) * size),
        half.subarray((i % size) * size, ((i % size) + 1) * size),
      ),
    );
    const root = symmetricRoot(square, size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += root[i * size + k]! * root[k * size + j]!;
        expect(sum).toBeCloseTo(square[i * size + j]!, 9);
      }
    }
  });
});

describe('principalComponents', () => {
  it.each([
    ['fewer vectors than dimensions', 5, 9],
    ['more vectors than dimensions', 40, 6],
  ])('spans the set exactly, with %s', (_, count, size) => {
    const set = vectors(count, size, 1);
    const pca = principalComponents(set);
    expect(pca.axes).toHaveLength(Math.min(count - 1, size));
    for (const vector of set) expect(distance(reconstruct(pca, project(pca, vector)), vector)).toBeLessThan(1e-9);
    expect(pca.variances.reduce((sum, v) => sum + v, 0)).toBeCloseTo(pca.totalVariance, 9);
    pca.axes.forEach((axis, k) => {
      const coordinates = set.map((vector) => project(pca, vector)[k]!);
      expect(coordinates.reduce((sum, x) => sum + x * x, 0) / count).toBeCloseTo(pca.variances[k]!, 9);
      expect(dot(axis, axis)).toBeCloseTo(1, 10);
    });
  });

  it('finds the direction that was stretched', () => {
    const set = vectors(200, 8, 2).map((v) => v.map((x, i) => (i === 5 ? 6 * x : x)));
    const [axis] = principalComponents(set, 1).axes;
    expect(axis![5]!).toBeGreaterThan(0.98);
  });

  it('has no axes for vectors that are all the same', () => {
    const { axes, totalVariance } = principalComponents([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(axes).toEqual([]);
    expect(totalVariance).toBe(0);
  });
});
