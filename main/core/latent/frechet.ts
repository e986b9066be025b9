import { symmetricEigen, symmetricRoot } from './eigen.js';
import { covarianceOf, distance, meanOf, type Vector } from './vectors.js';

/**
 * The Frechet distance between two sets, each taken for a Gaussian: |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) (Dowson and
 * Landau 1982; of Inception features it is the FID of Heusel et al. 2017). The trace of the root is that of the symmetric
 * (C1^(1/2) C2 C1^(1/2))^(1/2), whose eigenvalues are real.
 *
 * @returns the squared distance, as is usual; 0 for equal means and covariances
 */
export function frechetDistance(a: readonly Vector[], b: readonly Vector[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const size = meanA.length;
  const [covA, covB] = [covarianceOf(a, meanA), covarianceOf(b, meanB)];
  const root = symmetricRoot(covA, size);
  const { values } = symmetricEigen(product(product(root, covB, size), root, size), size);
  const traceOfRoot = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  const value = distance(meanA, meanB) ** 2 + trace(covA, size) + trace(covB, size) - 2 * traceOfRoot;
  return Math.max(0, value);
}

const trace = (matrix: Float64Array, size: number): number => {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += matrix[i * size + i]!;
  return sum;
};

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!;
      for (let j = 0; j < size; j++) out[i * size + j]! += factor * b[k * size + j]!;
    }
  }
  return out;
}

/** Vectors scaled so that a reference set has the standard deviation 1 along each entry; constant entries stay as they are. */
export function standardiser(reference: readonly Vector[]): (vector: Vector) => Float64Array {
  const mean = meanOf(reference);
  const deviations = mean.map((m, d) => {
    const variance = reference.reduce((sum, vector) => sum + (vector[d]! - m) ** 2, 0) / reference.length;
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  return (vector) => Float64Array.from(vector, (x, d) => (x - mean[d]!) / deviations[d]!);
}
