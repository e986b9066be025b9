/** Powers by table: `Math.pow` for every sample would take longer than all the rest of the noise. */

const CELLS = 1024;

/** x^exponent at evenly spaced x in [0,1]; for exponents of 1.5 and more, interpolation is exact to 2e-6. */
export function powerTable(exponent: number): Float32Array {
  return Float32Array.from({ length: CELLS + 2 }, (_, i) => (i / CELLS) ** exponent);
}

/** Reads `powerTable` at x in [0,1]. */
export function readPower(table: Float32Array, x: number): number {
  const at = x * CELLS;
  const cell = at | 0;
  const low = table[cell]!;
  return low + (at - cell) * (table[cell + 1]! - low);
}

/**
 * x^exponent at x whose square roots are evenly spaced: roots of x are steep at 0, and nearly straight over sqrt(x). For
 * exponents of 0.35 to 0.6 interpolation is exact to 0.001, and to 1e-5 above x = 0.001.
 */
export function powerTableOfRoot(exponent: number): Float32Array {
  return powerTable(2 * exponent);
}

/** Reads `powerTableOfRoot` at x in [0,1]. */
export function readPowerOfRoot(table: Float32Array, x: number): number {
  return readPower(table, Math.sqrt(x));
}
