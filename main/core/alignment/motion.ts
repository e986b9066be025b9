import { blurredPlane, halvedPlane, medianOf, type Plane } from './plane.js';
import { solveSymmetric } from './solve.js';

/**
 * How one frame lies against another: shifted, turned, scaled and brighter, found by least squares over the whole picture
 * from coarse to fine (Lucas and Kanade 1981). At the answer noise of the frames, if independent, pulls to no side: it is
 * as likely to be right of an edge as left of it.
 */

export interface Motion {
  /** Shift at the centre in pixels of the frames. */
  readonly dx: number;
  readonly dy: number;
  /** 0: of one size; 0.01: one per cent larger. */
  readonly zoom: number;
  /** Radians. */
  readonly turn: number;
  /** Standard error of the shift in pixels, of the worse direction: large where there is little to see. */
  readonly error: number;
  /** Correlation of both at a size where little noise is left, in [-1,1]. */
  readonly likeness: number;
  /** Standard deviation of the reference at that size. */
  readonly contrast: number;
}

/** What is left after the frames were laid upon each other, at the size that was last compared. */
export interface Remainder {
  readonly reference: Plane;
  /** frame - (gain reference + offset); NaN outside of the frame. */
  readonly difference: Plane;
  /** Pixels of the frames that one of it stands for, along a side. */
  readonly scale: number;
}

/** Coarsest size: about so many pixels along the shorter side. */
const COARSEST_PX = 24;
/** Sizes up to this are compared. */
const MOST_PIXELS = 600_000;
/** Below this side only shifts are looked for: a few pixels say nothing of angles. */
const LEAST_SIDE_FOR_TURN = 60;
/** Share of the coarsest side that is searched. */
const SEARCHED_SHARE = 0.25;
const MOST_ITERATIONS = 12;
/** In pixels of a size: smaller steps are not worth another. */
const SMALL_STEP_PX = 0.004;
/** Huber's constant: differences beyond so many deviations count by their size, not its square. */
const HUBER = 1.345;
/** Noise of neighbours is alike: an error counts as if so many pixels were one. */
const PIXELS_ALIKE = 6;
/** Mean square of the slopes of one frame's noise, of the mean square of the difference of both: white noise, blurred. */
const NOISE_SLOPE = 5 / 24;
/** Side at which likeness is measured, about. */
const LIKENESS_PX = 64;

/** dx, dy in pixels of the level, zoom, turn, gain, offset. */
type Parameters = [number, number, number, number, number, number];

/** Finds how `frame` lies against `reference`, which has the same size. */
export function estimateMotion(reference: Plane, frame: Plane): { motion: Motion; remainder: Remainder } {
  const levels = pyramid(reference, frame);
  let at: Parameters = [...searched(levels.at(-1)!), 0, 0, 1, 0];
  let fit: Fit | null = null;
  let seen = { likeness: 1, contrast: 0 };
  for (const [index, level] of [...levels.entries()].reverse()) {
    if (fit !== null) at = [2 * at[0], 2 * at[1], at[2], at[3], at[4], at[5]];
    fit = refine(level, at);
    at = fit.at;
    const side = Math.min(level.reference.width, level.reference.height);
    if (side <= LIKENESS_PX || index === levels.length - 1)
      seen = { likeness: likenessOf(level, at), contrast: contrastOf(level.reference) };
  }
  const finest = levels[0]!;
  const { scale } = finest;
  const [dx, dy, zoom, turn] = at;
  return {
    motion: { dx: dx * scale, dy: dy * scale, zoom, turn, error: fit!.error * scale, ...seen },
    remainder: { reference: finest.reference, difference: differenceOf(finest, at), scale },
  };
}

interface Level {
  readonly reference: Plane;
  readonly frame: Plane;
  readonly scale: number;
}

/** Both planes at falling sizes, the finest that is compared first; blurred, so that differences of pixels are slopes. */
function pyramid(reference: Plane, frame: Plane): Level[] {
  const levels: Level[] = [];
  let [a, b] = [halvedPlane(reference), halvedPlane(frame)];
  for (let scale = 2; ; scale *= 2) {
    if (a.width * a.height <= MOST_PIXELS) levels.push({ reference: blurredPlane(a), frame: blurredPlane(b), scale });
    if (Math.min(a.width, a.height) < 2 * COARSEST_PX) break;
    [a, b] = [halvedPlane(a), halvedPlane(b)];
  }
  return levels;
}

/** The whole-pixel shift with the highest correlation. */
function searched(level: Level): [number, number] {
  const { width, height } = level.reference;
  const reach = Math.ceil(Math.min(width, height) * SEARCHED_SHARE);
  let best: [number, number] = [0, 0];
  let highest = -Infinity;
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const value = likenessOf(level, [dx, dy, 0, 0, 1, 0]);
      if (value > highest) [highest, best] = [value, [dx, dy]];
    }
  }
  return best;
}

/** Calls `visit` for each pixel of the reference whose place in the frame is inside, with what the frame has there. */
function walk(
  { reference, frame }: Level,
  [dx, dy, zoom, turn]: Parameters,
  visit: (at: number, u: number, v: number, value: number) => void,
): void {
  const { width, height } = reference;
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  for (let y = 1; y < height - 1; y++) {
    const v = y - centreY;
    for (let x = 1; x < width - 1; x++) {
      const u = x - centreX;
      const placeX = x + dx + zoom * u - turn * v;
      const placeY = y + dy + turn * u + zoom * v;
      const left = Math.floor(placeX);
      const top = Math.floor(placeY);
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
      const shareX = placeX - left;
      const shareY = placeY - top;
      const from = top * width + left;
      const { data } = frame;
      const upper = data[from]! + shareX * (data[from + 1]! - data[from]!);
      const lower = data[from + width]! + shareX * (data[from + width + 1]! - data[from + width]!);
      visit(y * width + x, u, v, upper + shareY * (lower - upper));
    }
  }
}

function likenessOf(level: Level, at: Parameters): number {
  let [count, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  const { data } = level.reference;
  walk(level, at, (i, _u, _v, value) => {
    const own = data[i]!;
    count++;
    a += own;
    b += value;
    aa += own * own;
    bb += value * value;
    ab += own * value;
  });
  const spread = Math.sqrt((aa - (a * a) / count) * (bb - (b * b) / count));
  return spread > 0 ? (ab - (a * b) / count) / spread : 0;
}

function contrastOf({ data }: Plane): number {
  let [sum, squares] = [0, 0];
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / data.length - (sum / data.length) ** 2));
}

function differenceOf(level: Level, at: Parameters): Plane {
  const { width, height, data } = level.reference;
  const difference = new Float32Array(data.length).fill(NaN);
  walk(level, at, (i, _u, _v, value) => {
    difference[i] = value - at[4] * data[i]! - at[5];
  });
  return { width, height, data: difference };
}

interface Fit {
  readonly at: Parameters;
  /** Standard error of the shift in pixels of the level. */
  readonly error: number;
}

/** Gauss and Newton's steps, each with Huber's weights, so that what moved in the picture counts little. */
function refine(level: Level, start: Parameters): Fit {
  const { width, height, data } = level.reference;
  const turns = Math.min(width, height) >= LEAST_SIDE_FOR_TURN;
  const free = turns ? [0, 1, 2, 3, 4, 5] : [0, 1, 4, 5];
  const size = free.length;
  const at: Parameters = [...start];
  const slopes = new Float64Array(6);
  // Zoom and turn are in units of half a side, so that the equations are of one scale.
  const half = Math.min(width, height) / 2;
  let error = Infinity;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const deviation = deviationOf(differenceOf(level, at));
    const limit = HUBER * deviation;
    const matrix = new Float64Array(size * size);
    const vector = new Float64Array(size);
    let [weights, squares] = [0, 0];
    walk(level, at, (i, u, v, value) => {
      const e = value - at[4] * data[i]! - at[5];
      const weight = Math.abs(e) <= limit ? 1 : limit / Math.abs(e);
      const gx = (data[i + 1]! - data[i - 1]!) / 2;
      const gy = (data[i + width]! - data[i - width]!) / 2;
      slopes[0] = gx;
      slopes[1] = gy;
      slopes[2] = (gx * u + gy * v) / half;
      slopes[3] = (gy * u - gx * v) / half;
      slopes[4] = -data[i]!;
      slopes[5] = -1;
      weights += weight;
      squares += weight * e * e;
      for (let row = 0; row < size; row++) {
        const weighed = weight * slopes[free[row]!]!;
        vector[row]! -= weighed * e;
        for (let column = row; column < size; column++) {
          matrix[row * size + column]! += weighed * slopes[free[column]!]!;
        }
      }
    });
    const solved = solveSymmetric(matrix, vector, size);
    if (solved === null || weights < PIXELS_ALIKE * size) return { at, error: Infinity };
    free.forEach((parameter, index) => {
      at[parameter]! += solved.solution[index]! / (parameter === 2 || parameter === 3 ? half : 1);
    });
    const variance = squares / weights;
    // Noise has slopes, too, which say nothing: the equations are as much surer than they should be.
    const surer = [0, 1].map((axis) => {
      const all = matrix[axis * size + axis]!;
      return all / Math.max(0, all - weights * NOISE_SLOPE * variance);
    });
    const [x, y] = [0, 1].map(
      (axis) => Math.sqrt(PIXELS_ALIKE * variance * solved.inverseDiagonal[axis]!) * surer[axis]!,
    );
    error = Math.max(x!, y!);
    if (solved.solution.every((step) => Math.abs(step) < SMALL_STEP_PX)) break;
  }
  return { at, error };
}

/** Robust standard deviation of what is there of a difference. */
function deviationOf({ data }: Plane): number {
  const stride = Math.max(1, Math.floor(data.length / 20_000));
  const sizes: number[] = [];
  for (let i = 0; i < data.length; i += stride) if (!Number.isNaN(data[i]!)) sizes.push(Math.abs(data[i]!));
  // Never 0: equal frames have weights, too.
  return Math.max(1e-6, 1.4826 * medianOf(sizes));
}
