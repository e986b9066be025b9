import { expect, it } from 'vitest';
import { solveSymmetric } from '../../../../main/core/alignment/solve.js';

it('solves what is positive definite, and gives the diagonal of the inverse', () => {
  // [[4, 2], [2, 3]] x = [2, 5]; the inverse is [[3, -2], [-2, 4]] / 8.
  const { solution, inverseDiagonal } = solveSymmetric(Float64Array.of(4, 2, 0, 3), Float64Array.of(2, 5), 2)!;
  expect([...solution].map((value) => value.toFixed(6))).toEqual(['-0.500000', '2.000000']);
  expect([...inverseDiagonal].map((value) => value.toFixed(6))).toEqual(['0.375000', '0.500000']);
});

it('gives nothing for what is not', () => {
  expect(solveSymmetric(Float64Array.of(1, 2, 0, 1), Float64Array.of(1, 1), 2)).toBeNull();
  expect(solveSymmetric(new Float64Array(4), Float64Array.of(1, 1), 2)).toBeNull();
});
