import { symmetricEigen } from './eigen.js';
import { addScaled, covarianceOf, dot, meanOf, scaled, type Vector } from './vectors.js';

/** Principal components of a set of vectors. */
export interface Pca {
  readonly mean: Float64Array;
  /** Orthonormal, of the largest variance first; each one's largest entry is positive, so that the sign is settled. */
  readonly axes: readonly Float64Array[];
  /** Variance of the set along each axis. */
  readonly variances: Float64Array;
  /** Sum of the variances along all axes, those left out as well. */
  readonly totalVariance: number;
}

/** Variances below this share of the largest are rounding: their axes are not the set's. */
const RANK_TOLERANCE = 1e-10;

/**
 * The mean and the principal axes of some vectors. With fewer vectors than dimensions the eigenvectors of their Gram matrix
 * give the axes at less cost: if G = X X' and G u = l u, then X' u is an eigenvector of X' X, of length sqrt(l).
 *
 * @param vectors at least one; n vectors have at most n - 1 axes
 * @param most axes wanted
 */
export function principalComponents(vectors: readonly Vector[], most = Infinity): Pca {
  const mean = meanOf(vectors);
  const count = vectors.length;
  const centred = vectors.map((vector) => addScaled(vector, mean, -1));
  const totalVariance = centred.reduce((sum, x) => sum + dot(x, x), 0) / count;
  const isWide = count < mean.length;
  const matrix = isWide
    ? Float64Array.from({ length: count * count }, (_, i) => dot(centred[Math.floor(i / count)]!, centred[i % count]!))
    : covarianceOf(vectors, mean);
  const { values, vectors: found } = symmetricEigen(matrix, isWide ? count : mean.length);
  const axes: Float64Array[] = [];
  const variances: number[] = [];
  for (let k = 0; k < Math.min(most, values.length); k++) {
    const value = values[k]!;
    if (!(value > RANK_TOLERANCE * values[0]!)) break;
    axes.push(signed(isWide ? combined(centred, found[k]!, 1 / Math.sqrt(value)) : found[k]!));
    variances.push(isWide ? value / count : value);
  }
  return { mean, axes, variances: Float64Array.from(variances), totalVariance };
}

/** Sum of the vectors by their weights, times a factor. */
function combined(vectors: readonly Vector[], weights: Vector, factor: number): Float64Array {
  let sum: Float64Array = new Float64Array(vectors[0]!.length);
  vectors.forEach((vector, i) => (sum = addScaled(sum, vector, weights[i]! * factor)));
  return sum;
}

function signed(axis: Float64Array): Float64Array {
  const largest = axis.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
  return largest < 0 ? scaled(axis, -1) : axis;
}

/** Coordinates of a vector along the axes, from the mean. */
export function project(pca: Pca, vector: Vector): Float64Array {
  const centred = addScaled(vector, pca.mean, -1);
  return Float64Array.from(pca.axes, (axis) => dot(axis, centred));
}

/** The vector at some coordinates: mean + sum of coordinate times axis; axes without a coordinate count as 0. */
export function reconstruct(pca: Pca, coordinates: Vector): Float64Array {
  let vector: Float64Array = pca.mean;
  for (let k = 0; k < coordinates.length; k++) vector = addScaled(vector, pca.axes[k]!, coordinates[k]!);
  return vector.slice();
}
