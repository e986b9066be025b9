/**
 * The discrete Fourier transform of square fields of complex numbers: X[k] = sum of x[n] exp(-2 pi i k n / N) along rows,
 * then along columns (Cooley and Tukey, "An Algorithm for the Machine Calculation of Complex Fourier Series", 1965).
 */

/** `side` x `side` complex numbers, row by row. */
export interface ComplexField {
  /** A power of two. */
  readonly side: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** A field of zeros. */
export function complexField(side: number): ComplexField {
  if (side < 1 || !Number.isInteger(Math.log2(side))) throw new RangeError(`${side} is not a power of two`);
  return { side, real: new Float64Array(side * side), imaginary: new Float64Array(side * side) };
}

/** Transforms a field in place. */
export function transform({ side, real, imaginary }: ComplexField): void {
  const order = reversedBits(side);
  const turns = { cos: new Float64Array(side), sin: new Float64Array(side) };
  for (let k = 0; k < side; k++) {
    turns.cos[k] = Math.cos((-2 * Math.PI * k) / side);
    turns.sin[k] = Math.sin((-2 * Math.PI * k) / side);
  }
  for (let line = 0; line < side; line++) transformLine(real, imaginary, line * side, 1, order, turns);
  for (let line = 0; line < side; line++) transformLine(real, imaginary, line, side, order, turns);
}

/** Transforms a field back in place. */
export function transformBack({ side, real, imaginary }: ComplexField): void {
  // With its parts swapped a number is i times its conjugate: forward and back differ by a conjugate on either side.
  transform({ side, real: imaginary, imaginary: real });
  for (let i = 0; i < real.length; i++) {
    real[i]! /= side * side;
    imaginary[i]! /= side * side;
  }
}

/** Transforms the numbers at `start`, `start + stride`... in place. */
function transformLine(
  real: Float64Array,
  imaginary: Float64Array,
  start: number,
  stride: number,
  order: Uint32Array,
  { cos, sin }: { readonly cos: Float64Array; readonly sin: Float64Array },
): void {
  const count = order.length;
  for (let i = 0; i < count; i++) {
    const j = order[i]!;
    if (j <= i) continue;
    const [a, b] = [start + i * stride, start + j * stride];
    const [re, im] = [real[a]!, imaginary[a]!];
    real[a] = real[b]!;
    imaginary[a] = imaginary[b]!;
    real[b] = re;
    imaginary[b] = im;
  }
  for (let half = 1; half < count; half *= 2) {
    const turn = count / (2 * half);
    for (let group = 0; group < count; group += 2 * half) {
      for (let k = 0; k < half; k++) {
        const a = start + (group + k) * stride;
        const b = a + half * stride;
        const [c, s] = [cos[k * turn]!, sin[k * turn]!];
        const re = c * real[b]! - s * imaginary[b]!;
        const im = c * imaginary[b]! + s * real[b]!;
        real[b] = real[a]! - re;
        imaginary[b] = imaginary[a]! - im;
        real[a]! += re;
        imaginary[a]! += im;
      }
    }
  }
}

/** Each index below `count` with its bits in reverse. */
function reversedBits(count: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 1; i < count; i++) order[i] = (order[i >> 1]! >> 1) | (i & 1 ? count >> 1 : 0);
  return order;
}
