import { describe, expect, it } from 'vitest';
import { complexField, transform, transformBack, type ComplexField } from '../../../main/core/fourier.js';
import { createRandom } from '../../../main/core/image/random.js';

function randomField(side: number): ComplexField {
  const field = complexField(side);
  const random = createRandom(side);
  for (const part of [field.real, field.imaginary]) part.forEach((_, i) => (part[i] = random.uniform() - 0.5));
  return field;
}

const copyOf = (field: ComplexField): ComplexField => structuredClone(field);

/** The sum that the transform is, term by term. */
function bySum({ side, real, imaginary }: ComplexField): ComplexField {
  const sum = complexField(side);
  for (let v = 0; v < side; v++) {
    for (let u = 0; u < side; u++) {
      for (let i = 0; i < side * side; i++) {
        const angle = (-2 * Math.PI * (u * (i % side) + v * Math.floor(i / side))) / side;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        sum.real[v * side + u]! += c * real[i]! - s * imaginary[i]!;
        sum.imaginary[v * side + u]! += c * imaginary[i]! + s * real[i]!;
      }
    }
  }
  return sum;
}

function expectSame(a: ComplexField, b: ComplexField): void {
  for (const part of ['real', 'imaginary'] as const) {
    expect(Math.max(...a[part].map((value, i) => Math.abs(value - b[part][i]!)))).toBeLessThan(1e-11);
  }
}

describe('the Fourier transform', () => {
  it.each([1, 2, 4, 16])('of %d x %d numbers is the sum that it stands for', (side) => {
    const field = randomField(side);
    const wanted = bySum(field);
    transform(field);
    expectSame(field, wanted);
  });

  it('passes over rows that are said to hold zeros', () => {
    const field = randomField(16);
    for (const part of [field.real, field.imaginary]) part.fill(0, 5 * 16);
    const wanted = copyOf(field);
    transform(wanted);
    transform(field, 5);
    expect(field).toEqual(wanted);
  });

  it('goes back to what it came from', () => {
    const field = randomField(64);
    const before = copyOf(field);
    transform(field);
    expect(field.real).not.toEqual(before.real);
    transformBack(field);
    expectSame(field, before);
  });

  it('is of powers of two alone', () => {
    for (const side of [0, 3, 100, 1.5]) expect(() => complexField(side)).toThrow(RangeError);
  });
});
