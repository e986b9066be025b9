/** Eigenvalues and eigenvectors of a symmetric matrix, largest eigenvalue first. */
export interface Eigen {
  readonly values: Float64Array;
  /** Row i is the eigenvector of values[i], of length 1. */
  readonly vectors: readonly Float64Array[];
}

/** Off-diagonal mass, relative to the matrix's own, at which a matrix counts as diagonal. */
const CONVERGED = 1e-22;
/** The method converges quadratically: ten sweeps do for any size in use. */
const MOST_SWEEPS = 60;

/**
 * The eigen-decomposition of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, "Matrix Computations",
 * section 8.5): slower than tridiagonalisation, but small eigenvalues come out as exactly as large ones.
 *
 * @param matrix size * size numbers; only its symmetric part counts
 */
export function symmetricEigen(matrix: ArrayLike<number>, size: number): Eigen {
  const a = Float64Array.from({ length: size * size }, (_, i) => {
    const transposed = (i % size) * size + Math.floor(i / size);
    return (matrix[i]! + matrix[transposed]!) / 2;
  });
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  const whole = a.reduce((sum, x) => sum + x * x, 0);
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, size) > CONVERGED * whole; sweep++) {
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => a[j * size + j]! - a[i * size + i]!);
  return {
    values: Float64Array.from(order, (i) => a[i * size + i]!),
    vectors: order.map((i) => v.slice(i * size, (i + 1) * size)),
  };
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sum += 2 * a[i * size + j]! ** 2;
  return sum;
}

/** Rotates axes p and q so that a[p,q] becomes 0; the rows of v collect the rotations. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (apq === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  // The smaller root of t^2 + 2 theta t - 1 = 0: the rotation by at most 45 degrees.
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [a[k * size + p]!, a[k * size + q]!];
    a[k * size + p] = c * kp - s * kq;
    a[k * size + q] = s * kp + c * kq;
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [a[p * size + k]!, a[q * size + k]!];
    a[p * size + k] = c * pk - s * qk;
    a[q * size + k] = s * pk + c * qk;
    const [vp, vq] = [v[p * size + k]!, v[q * size + k]!];
    v[p * size + k] = c * vp - s * vq;
    v[q * size + k] = s * vp + c * vq;
  }
  a[p * size + q] = 0;
  a[q * size + p] = 0;
}

/** The square root of a symmetric matrix without negative eigenvalues; those that rounding made negative count as 0. */
export function symmetricRoot(matrix: ArrayLike<number>, size: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, size);
  const root = new Float64Array(size * size);
  vectors.forEach((vector, k) => {
    const scale = Math.sqrt(Math.max(0, values[k]!));
    if (scale === 0) return;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) root[i * size + j]! += scale * vector[i]! * vector[j]!;
    }
  });
  return root;
}
