import { LUMA, type DecodedSquare } from './change.js';
import { boxMean, gaussianBlur, type Plane } from './planes.js';

/**
 * Features of a small picture, to compare sets of pictures by: what light and colour are where, and how much changes over
 * which distances. They are plain statistics of the values, none of a network's.
 */

/** Cells per side that means are taken over. */
const GRID = 3;
/** Differences are taken between blurs of so many pixels at a side of 128: structure of 2, 4, 8, 16 pixels. */
const BLURS = [2, 4, 8, 16] as const;
const BLURS_SIDE = 128;

/** Names of the features, in their order. */
export const FEATURE_NAMES: readonly string[] = [
  ...['luma', 'red-green', 'blue-green'].flatMap((plane) =>
    Array.from({ length: GRID * GRID }, (_, i) => `${plane} of cell ${i + 1}`),
  ),
  ...['luma', 'red-green', 'blue-green'].map((plane) => `deviation of ${plane}`),
  ...BLURS.map((blur) => `luma structure beyond ${blur} px`),
  'gradient along rows',
  'gradient along columns',
];

/** The features of a picture. */
export function pictureFeatures({ side, data }: DecodedSquare): Float64Array {
  const area = side * side;
  const plane = (of: (r: number, g: number, b: number) => number): Plane => ({
    width: side,
    height: side,
    data: Float32Array.from({ length: area }, (_, i) => of(data[i]!, data[area + i]!, data[2 * area + i]!)),
  });
  const luma = plane((r, g, b) => LUMA[0] * r + LUMA[1] * g + LUMA[2] * b);
  const planes = [luma, plane((r, g) => r - g), plane((_, g, b) => b - g)];
  // What the decoder's grid adds is finer than any of the differences.
  const fine = gaussianBlur(luma, side / BLURS_SIDE);
  return Float64Array.from([
    ...planes.flatMap((one) => cellMeans(one)),
    ...planes.map((one) => deviation(one.data)),
    ...BLURS.map((blur) => {
      const radius = Math.max(1, Math.round((blur * side) / BLURS_SIDE));
      const coarse = boxMean(fine, radius).data;
      return rootMeanSquare(fine.data.map((value, i) => value - coarse[i]!));
    }),
    gradient(fine, 1),
    gradient(fine, side),
  ]);
}

function cellMeans({ width, height, data }: Plane): number[] {
  const sums = new Float64Array(GRID * GRID);
  const counts = new Float64Array(GRID * GRID);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * GRID) / height) * GRID + Math.floor((x * GRID) / width);
      sums[cell]! += data[y * width + x]!;
      counts[cell]!++;
    }
  }
  return Array.from(sums, (sum, i) => sum / counts[i]!);
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return rootMeanSquare(values.map((x) => x - mean));
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
}

/** Mean absolute difference between neighbours `step` apart. */
function gradient({ width, data }: Plane, step: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i + step < data.length; i++) {
    if (step === 1 && i % width === width - 1) continue;
    sum += Math.abs(data[i + step]! - data[i]!);
    count++;
  }
  return sum / count;
}
