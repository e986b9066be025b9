import type { CropSource } from '../noise/crop.js';
import { medianOf } from './plane.js';

/** How much brighter one frame is than another, per channel: frame = gain reference + offset. */

export interface Brightness {
  /** Of R, G and B. */
  readonly gain: readonly [number, number, number];
  /** Of R, G and B, in [0,1] units. */
  readonly offset: readonly [number, number, number];
}

/** Cells whose means are compared, about, and their least side: noise is averaged away in them. */
const CELLS = 400;
const LEAST_CELL_PX = 16;
/** Means beyond these are of cells that may be cut off at black or white. */
const BLACK = 6 / 255;
const WHITE = 243 / 255;
const LEAST_CELLS = 12;
const ITERATIONS = 12;
/** Standard deviation of cells' brightness below which a line through them has no slope: an offset alone is found. */
const LEAST_SPREAD = 6 / 255;

/** A robust line through the means of cells of both, per channel; where nothing can be told, the identity. */
export function compareBrightness(reference: CropSource, frame: CropSource): Brightness {
  const fits = ([0, 1, 2] as const).map((channel) => fitLine(cellMeans(reference, channel), cellMeans(frame, channel)));
  const three = (of: (fit: { gain: number; offset: number }) => number): [number, number, number] =>
    fits.map(of) as [number, number, number];
  return { gain: three(({ gain }) => gain), offset: three(({ offset }) => offset) };
}

function cellMeans({ width, height, data }: CropSource, channel: number): Float64Array {
  const cell = Math.max(LEAST_CELL_PX, Math.floor(Math.sqrt((width * height) / CELLS)));
  const [columns, rows] = [Math.floor(width / cell), Math.floor(height / cell)];
  const means = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let y = 0; y < cell; y++) {
        const from = 3 * ((row * cell + y) * width + column * cell) + channel;
        for (let x = 0; x < cell; x++) sum += data[from + 3 * x]!;
      }
      means[row * columns + column] = sum / (255 * cell ** 2);
    }
  }
  return means;
}

/** Orthogonal least squares, as both are noisy, with Tukey's weights: cells in which something moved do not count. */
function fitLine(reference: Float64Array, frame: Float64Array): { gain: number; offset: number } {
  const inside = (value: number): boolean => value > BLACK && value < WHITE;
  const cells = [...reference].flatMap((x, i) => (inside(x) && inside(frame[i]!) ? [[x, frame[i]!] as const] : []));
  if (cells.length < LEAST_CELLS) return { gain: 1, offset: 0 };
  let gain = 1;
  let offset = medianOf(cells.map(([x, y]) => y - x));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const rest = cells.map(([x, y]) => y - gain * x - offset);
    const limit = 4.685 * Math.max(1e-4, 1.4826 * medianOf(rest.map(Math.abs)));
    let [n, sx, sy, sxx, sxy, syy] = [0, 0, 0, 0, 0, 0];
    cells.forEach(([x, y], i) => {
      const share = rest[i]! / limit;
      if (Math.abs(share) >= 1) return;
      const weight = (1 - share * share) ** 2;
      n += weight;
      sx += weight * x;
      sy += weight * y;
      sxx += weight * x * x;
      sxy += weight * x * y;
      syy += weight * y * y;
    });
    if (n === 0) break;
    const [varianceX, varianceY] = [sxx / n - (sx / n) ** 2, syy / n - (sy / n) ** 2];
    const both = sxy / n - (sx * sy) / (n * n);
    const apart = varianceY - varianceX;
    const isLine = varianceX >= LEAST_SPREAD ** 2 && both > 0;
    gain = isLine ? (apart + Math.sqrt(apart ** 2 + 4 * both ** 2)) / (2 * both) : 1;
    offset = (sy - gain * sx) / n;
  }
  return { gain, offset };
}
