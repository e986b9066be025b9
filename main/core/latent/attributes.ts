import { LUMA, type DecodedSquare } from './change.js';

/** What a person sees change in a picture, as numbers of a decoded image, each with its gradient by the image's values. */

export const ATTRIBUTES = [
  'brightness',
  'contrast',
  'warmth',
  'colourfulness',
  'tint',
  'sideLight',
  'topLight',
] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** Those that a photo without colour has. */
export const NEUTRAL_ATTRIBUTES: readonly Attribute[] = ['brightness', 'contrast', 'sideLight', 'topLight'];

/** What people call more and less of each. */
export const ATTRIBUTE_NAMES: Readonly<Record<Attribute, readonly [more: string, less: string]>> = {
  brightness: ['brighter', 'darker'],
  contrast: ['more contrast', 'less contrast'],
  warmth: ['warmer', 'cooler'],
  colourfulness: ['more colourful', 'more muted'],
  tint: ['greener', 'more magenta'],
  sideLight: ['light from the right', 'light from the left'],
  topLight: ['light from below', 'light from above'],
};

/** How much of each is a plain change that is not too much: what a variation of strength 1 does. */
export const ATTRIBUTE_STEP: Readonly<Record<Attribute, number>> = {
  brightness: 0.08,
  contrast: 0.04,
  warmth: 0.08,
  colourfulness: 0.03,
  tint: 0.035,
  sideLight: 0.12,
  topLight: 0.12,
};

/** Value of an attribute and its gradient by the image's values, in the image's layout. */
interface Measured {
  readonly value: number;
  readonly gradient: Float32Array;
}

/** Measures attributes of a decoded image. */
export function attributesOf(image: DecodedSquare): Readonly<Record<Attribute, number>> {
  return Object.fromEntries(ATTRIBUTES.map((name) => [name, measureAttribute(name, image).value])) as Record<
    Attribute,
    number
  >;
}

/** Measures one attribute with its gradient. */
export function measureAttribute(attribute: Attribute, image: DecodedSquare): Measured {
  switch (attribute) {
    // Mean luma.
    case 'brightness':
      return linear(image, LUMA, () => 1);
    // Red less blue.
    case 'warmth':
      return linear(image, [1, 0, -1], () => 1);
    // Green less the mean of red and blue.
    case 'tint':
      return linear(image, [-0.5, 1, -0.5], () => 1);
    // Mean luma of the right half less that of the left, by a ramp: a step would be an edge.
    case 'sideLight':
      return linear(image, LUMA, (x) => 4 * x);
    case 'topLight':
      return linear(image, LUMA, (_, y) => 4 * y);
    case 'contrast':
      return lumaDeviation(image);
    case 'colourfulness':
      return chroma(image);
  }
}

/** The mean over all pixels of place(x, y) * (weights . rgb); x and y run from -0.5 to 0.5. */
function linear(
  { side, data }: DecodedSquare,
  weights: readonly [number, number, number],
  place: (x: number, y: number) => number,
): Measured {
  const area = side * side;
  const gradient = new Float32Array(3 * area);
  let value = 0;
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      const share = place((x + 0.5) / side - 0.5, (y + 0.5) / side - 0.5) / area;
      for (let c = 0; c < 3; c++) {
        gradient[c * area + i] = share * weights[c]!;
        value += share * weights[c]! * data[c * area + i]!;
      }
    }
  }
  return { value, gradient };
}

/** Standard deviation of luma: s = sqrt(mean (l - m)^2), ds/dl = (l - m) / (n s). */
function lumaDeviation({ side, data }: DecodedSquare): Measured {
  const area = side * side;
  const luma = Float64Array.from({ length: area }, (_, i) =>
    LUMA.reduce((sum, weight, c) => sum + weight * data[c * area + i]!, 0),
  );
  const mean = luma.reduce((sum, l) => sum + l, 0) / area;
  const value = Math.sqrt(luma.reduce((sum, l) => sum + (l - mean) ** 2, 0) / area);
  const scale = value > 0 ? 1 / (area * value) : 0;
  const gradient = Float32Array.from(
    { length: 3 * area },
    (_, i) => LUMA[Math.floor(i / area)]! * (luma[i % area]! - mean) * scale,
  );
  return { value, gradient };
}

/** Keeps the root away from 0, where it has no slope. */
const CHROMA_FLOOR = 1e-4;

/** Mean distance from grey: r = sqrt(u^2 + v^2) with u = R - G and v = B - G; dr/du = u / r. */
function chroma({ side, data }: DecodedSquare): Measured {
  const area = side * side;
  const gradient = new Float32Array(3 * area);
  let value = 0;
  for (let i = 0; i < area; i++) {
    const u = data[i]! - data[area + i]!;
    const v = data[2 * area + i]! - data[area + i]!;
    const r = Math.sqrt(u * u + v * v + CHROMA_FLOOR);
    value += r / area;
    gradient[i] = u / (r * area);
    gradient[2 * area + i] = v / (r * area);
    gradient[area + i] = -(u + v) / (r * area);
  }
  return { value, gradient };
}
