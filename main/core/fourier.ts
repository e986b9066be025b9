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

/**
 * Transforms a field in place.
 * @param rows all that come after so many hold zeros
 */
export function transform({ side, real, imaginary }: ComplexField, rows = side): void {
  const tables = tablesOf(side);
  for (let row = 0; row < rows; row++) transformRuns(real, imaginary, row * side, 1, tables);
  // All columns at once, row with row: a column by itself would be read from all over the memory.
  transformRuns(real, imaginary, 0, side, tables);
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

/** What all transforms of a length share. */
interface Tables {
  readonly side: number;
  /** Each index with its bits in reverse. */
  readonly order: Uint32Array;
  /** Of exp(-2 pi i k / side). */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

const tables = new Map<number, Tables>();

function tablesOf(side: number): Tables {
  const known = tables.get(side);
  if (known) return known;
  const order = new Uint32Array(side);
  for (let i = 1; i < side; i++) order[i] = (order[i >> 1]! >> 1) | (i & 1 ? side >> 1 : 0);
  const angles = Float64Array.from({ length: side }, (_, k) => (-2 * Math.PI * k) / side);
  const made = { side, order, cos: angles.map(Math.cos), sin: angles.map(Math.sin) };
  tables.set(side, made);
  return made;
}

/** Transforms `side` runs of `width` numbers each, from `start` on, in place: the first of each run among them, and so on. */
function transformRuns(
  real: Float64Array,
  imaginary: Float64Array,
  start: number,
  width: number,
  { side, order, cos, sin }: Tables,
): void {
  for (let i = 0; i < side; i++) {
    const j = order[i]!;
    if (j <= i) continue;
    let b = start + j * width;
    for (let a = start + i * width, end = a + width; a < end; a++, b++) {
      const [re, im] = [real[a]!, imaginary[a]!];
      real[a] = real[b]!;
      imaginary[a] = imaginary[b]!;
      real[b] = re;
      imaginary[b] = im;
    }
  }
  for (let half = 1; half < side; half *= 2) {
    const turn = side / (2 * half);
    for (let group = 0; group < side; group += 2 * half) {
      for (let k = 0; k < half; k++) {
        const [c, s] = [cos[k * turn]!, sin[k * turn]!];
        let b = start + (group + k + half) * width;
        for (let a = start + (group + k) * width, end = a + width; a < end; a++, b++) {
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
}
