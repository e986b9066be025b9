/** Arithmetic of latents and other vectors. A latent is what the encoder gives and the decoder takes: one row of numbers. */

/** A vector of numbers, of any kind of array. */
export type Vector = ArrayLike<number>;

/** The scalar product. */
export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The Euclidean length. */
export function norm(a: Vector): number {
  return Math.sqrt(dot(a, a));
}

/** The Euclidean distance. */
export function distance(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}

/** a + scale * b. */
export function addScaled(a: Vector, b: Vector, scale: number): Float64Array {
  return Float64Array.from(a, (x, i) => x + scale * b[i]!);
}

/** a * scale. */
export function scaled(a: Vector, scale: number): Float64Array {
  return Float64Array.from(a, (x) => x * scale);
}

/** The mean of some vectors of the same length, of which there is at least one. */
export function meanOf(vectors: readonly Vector[]): Float64Array {
  const mean = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]! / vectors.length;
  return mean;
}

/** The covariance matrix of some vectors about their mean, divided by their number; size * size numbers. */
export function covarianceOf(vectors: readonly Vector[], mean: Vector = meanOf(vectors)): Float64Array {
  const size = mean.length;
  const covariance = new Float64Array(size * size);
  for (const vector of vectors) {
    for (let i = 0; i < size; i++) {
      const share = (vector[i]! - mean[i]!) / vectors.length;
      for (let j = 0; j <= i; j++) covariance[i * size + j]! += share * (vector[j]! - mean[j]!);
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) covariance[j * size + i] = covariance[i * size + j]!;
  return covariance;
}
