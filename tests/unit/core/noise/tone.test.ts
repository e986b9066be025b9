import { expect, it } from 'vitest';
import { powerTable, powerTableOfRoot, readPower, readPowerOfRoot } from '../../../../main/core/noise/tone.js';

const positions = Array.from({ length: 10_001 }, (_, i) => i / 10_000);

it.each([1.8, 2.2, 2.6])('powers of %f agree with Math.pow', (exponent) => {
  const table = powerTable(exponent);
  for (const x of positions) {
    const error = Math.abs(readPower(table, x) - x ** exponent);
    if (error > 2e-6) expect(error, `at ${x}`).toBeLessThan(2e-6);
  }
  expect(readPower(table, 1)).toBe(1);
});

it.each([1.8, 2.2, 2.6])('roots of %f agree with Math.pow', (gamma) => {
  const table = powerTableOfRoot(1 / gamma);
  for (const x of positions) {
    const error = Math.abs(readPowerOfRoot(table, x) - x ** (1 / gamma));
    const bound = x >= 0.001 ? 1e-5 : 1e-3;
    if (error > bound) expect(error, `at ${x}`).toBeLessThan(bound);
  }
  expect(readPowerOfRoot(table, 0)).toBe(0);
  expect(readPowerOfRoot(table, 1)).toBe(1);
});
