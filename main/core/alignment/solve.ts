/** Small systems of linear equations. */

/**
 * Solves A x = b for a symmetric, positive definite A, by Cholesky's factors.
 * @param matrix its upper triangle, row by row
 * @returns x and the diagonal of A's inverse; null when A is not positive definite
 */
export function solveSymmetric(
  matrix: Float64Array,
  vector: Float64Array,
  size: number,
): { solution: Float64Array; inverseDiagonal: Float64Array } | null {
  // A = L L^T
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[column * size + row]!;
      for (let k = 0; k < column; k++) sum -= lower[row * size + k]! * lower[column * size + k]!;
      if (row === column) {
        if (!(sum > 1e-12 * Math.abs(matrix[row * size + row]!)) || sum <= 0) return null;
        lower[row * size + row] = Math.sqrt(sum);
      } else {
        lower[row * size + column] = sum / lower[column * size + column]!;
      }
    }
  }
  const solve = (right: ArrayLike<number>): Float64Array => {
    const x = Float64Array.from(right);
    for (let row = 0; row < size; row++) {
      for (let k = 0; k < row; k++) x[row]! -= lower[row * size + k]! * x[k]!;
      x[row]! /= lower[row * size + row]!;
    }
    for (let row = size - 1; row >= 0; row--) {
      for (let k = row + 1; k < size; k++) x[row]! -= lower[k * size + row]! * x[k]!;
      x[row]! /= lower[row * size + row]!;
    }
    return x;
  };
  const unit = (index: number): number[] => Array.from({ length: size }, (_, i) => Number(i === index));
  return {
    solution: solve(vector),
    inverseDiagonal: Float64Array.from({ length: size }, (_, index) => solve(unit(index))[index]!),
  };
}
