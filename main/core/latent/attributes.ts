import { LUMA, type DecodedSquare } from './change.js';

/** What a person sees change in a picture, as numbers of a decoded image. */

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

/** Keeps the root away from 0, where it has no slope. */
const CHROMA_FLOOR = 1e-4;

/**
 * Measures a decoded image: mean luma, its standard deviation, mean red less blue, mean distance from grey (the root of
 * (R - G)^2 + (B - G)^2), mean green less the mean of red and blue, and mean luma times a ramp from -2 to 2 across and down:
 * halves would have an edge between them.
 */
export function attributesOf({ side, data }: DecodedSquare): Readonly<Record<Attribute, number>> {
  const area = side * side;
  let [luma, squares, warmth, chroma, tint, across, down] = [0, 0, 0, 0, 0, 0, 0];
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      const [r, g, b] = [data[i]!, data[area + i]!, data[2 * area + i]!];
      const l = LUMA[0] * r + LUMA[1] * g + LUMA[2] * b;
      luma += l;
      squares += l * l;
      warmth += r - b;
      chroma += Math.sqrt((r - g) ** 2 + (b - g) ** 2 + CHROMA_FLOOR);
      tint += g - (r + b) / 2;
      across += l * ramp(x, side);
      down += l * ramp(y, side);
    }
  }
  return {
    brightness: luma / area,
    contrast: Math.sqrt(Math.max(0, squares / area - (luma / area) ** 2)),
    warmth: warmth / area,
    colourfulness: chroma / area,
    tint: tint / area,
    sideLight: across / area,
    topLight: down / area,
  };
}

const ramp = (at: number, side: number): number => 4 * ((at + 0.5) / side - 0.5);

/** The gradient of an attribute by the image's values, in the image's layout. */
export function attributeGradient(attribute: Attribute, image: DecodedSquare): Float32Array {
  const { side, data } = image;
  const area = side * side;
  switch (attribute) {
    case 'brightness':
      return weighted(side, LUMA, () => 1 / area);
    case 'warmth':
      return weighted(side, [1, 0, -1], () => 1 / area);
    case 'tint':
      return weighted(side, [-0.5, 1, -0.5], () => 1 / area);
    case 'sideLight':
      return weighted(side, LUMA, (i) => ramp(i % side, side) / area);
    case 'topLight':
      return weighted(side, LUMA, (i) => ramp(Math.floor(i / side), side) / area);
    case 'contrast': {
      // s = sqrt(mean (l - m)^2): ds/dl = (l - m) / (n s).
      const { brightness, contrast } = attributesOf(image);
      const scale = contrast > 0 ? 1 / (area * contrast) : 0;
      const luma = (i: number): number =>
        LUMA[0] * data[i]! + LUMA[1] * data[area + i]! + LUMA[2] * data[2 * area + i]!;
      return weighted(side, LUMA, (i) => (luma(i) - brightness) * scale);
    }
    case 'colourfulness': {
      // d = sqrt(u^2 + v^2) with u = R - G and v = B - G: dd/dR = u / d, dd/dB = v / d, dd/dG = -(u + v) / d.
      const gradient = new Float32Array(3 * area);
      for (let i = 0; i < area; i++) {
        const u = data[i]! - data[area + i]!;
        const v = data[2 * area + i]! - data[area + i]!;
        const share = 1 / (Math.sqrt(u * u + v * v + CHROMA_FLOOR) * area);
        gradient[i] = u * share;
        gradient[2 * area + i] = v * share;
        gradient[area + i] = -(u + v) * share;
      }
      return gradient;
    }
  }
}

/** What each pixel has, by the channels' weights. */
function weighted(
  side: number,
  weights: readonly [number, number, number],
  share: (pixel: number) => number,
): Float32Array {
  const area = side * side;
  const gradient = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    const own = share(i);
    for (let c = 0; c < 3; c++) gradient[c * area + i] = own * weights[c]!;
  }
  return gradient;
}
