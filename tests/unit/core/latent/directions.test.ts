import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import {
  ATTRIBUTES,
  attributeGradient,
  attributesOf,
  type Attribute,
} from '../../../../main/core/latent/attributes.js';
import type { DecodedSquare } from '../../../../main/core/latent/change.js';
import { attributeDirections, effectOf, readDirection, type Effect } from '../../../../main/core/latent/directions.js';
import { editedByStep } from '../../../../main/core/latent/edits.js';
import { dot } from '../../../../main/core/latent/vectors.js';

const SIDE = 12;
function picture(seed: number): DecodedSquare {
  const random = createRandom(seed);
  return { side: SIDE, data: Float32Array.from({ length: 3 * SIDE * SIDE }, () => 0.25 + 0.5 * random.uniform()) };
}

describe('attributes', () => {
  it.each(ATTRIBUTES)('%s has the gradient that differences say', (attribute) => {
    const image = picture(3);
    const random = createRandom(4);
    const along = image.data.map(() => random.normal());
    const h = 1e-3;
    const at = (t: number): number =>
      attributesOf({ side: SIDE, data: image.data.map((x, i) => x + t * along[i]!) })[attribute];
    const analytic = dot(attributeGradient(attribute, image), along);
    expect((at(h) - at(-h)) / (2 * h) / analytic).toBeCloseTo(1, 2);
  });

  it.each(ATTRIBUTES)('an edit by %s raises it, and lowers it the other way', (attribute) => {
    const image = picture(5);
    const before = attributesOf(image)[attribute];
    expect(attributesOf(editedByStep(image, attribute, 1))[attribute]).toBeGreaterThan(before);
    expect(attributesOf(editedByStep(image, attribute, -1))[attribute]).toBeLessThan(before);
    expect(effectOf(image, editedByStep(image, attribute, 1))[attribute]).toBeCloseTo(1, 0);
  });
});

describe('attributeDirections', () => {
  it('change one attribute by a step and no other', () => {
    const random = createRandom(6);
    const gradients = Array.from({ length: 4 }, () => Float64Array.from({ length: 40 }, () => random.normal()));
    attributeDirections(gradients).forEach((direction, i) => {
      gradients.forEach((gradient, j) => {
        expect(dot(gradient, direction)).toBeCloseTo(i === j ? 1 : 0, 1);
      });
    });
  });
});

describe('readDirection', () => {
  const effect = (some: Partial<Record<Attribute, number>>): Effect =>
    ({ ...Object.fromEntries(ATTRIBUTES.map((name) => [name, 0])), ...some }) as Effect;

  it('names what changes most, and which way', () => {
    expect(readDirection([effect({ warmth: 1 }), effect({ warmth: 1.1, contrast: 0.3 })]).name).toBe('warmer');
    expect(readDirection([effect({ brightness: -1 })]).name).toBe('darker');
  });

  it('gives no name to what changes two things, or not the same everywhere', () => {
    expect(readDirection([effect({ brightness: 1, contrast: 0.7 })]).name).toBeNull();
    expect(readDirection([effect({ warmth: 1 }), effect({ warmth: -0.8 })]).name).toBeNull();
    expect(readDirection([effect({})]).name).toBeNull();
  });

  it('lets a hue lead over colourfulness, but not by little', () => {
    expect(readDirection([effect({ warmth: 1, colourfulness: 0.8 })]).name).toBe('warmer');
    expect(readDirection([effect({ warmth: 1, colourfulness: 0.95 })]).name).toBeNull();
  });
});
