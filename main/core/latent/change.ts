import { colourChannels, peakOf, type Pixels } from '../image/pixels.js';
import { boxMean, gaussianBlur, resizeLinear, samplePoints, type Plane } from './planes.js';

/**
 * Carries the difference of two small decoded images over to a large photo, so that light and colour move and detail
 * stays.
 *
 * The difference is taken of log odds, log(v / (1 - v)): added to those of the photo it can neither clip nor turn tones
 * around, black stays black and white white. What is added at each pixel is a linear function of the photo's own luma,
 * a * luma + b, with a and b fitted in windows of a small version of the photo and varying smoothly: a guided filter (He,
 * Sun and Tang, "Guided image filtering", 2013) sampled down as in He and Sun, "Fast guided filter" (2015). Where the photo
 * has an edge, so has the change; where it has none, neither has the change.
 */

/** A decoded image: three planes (red, green, blue) of side * side values in [0,1]. */
export interface DecodedSquare {
  readonly side: number;
  readonly data: Float32Array;
}

/** The change of each channel at a place: slope * luma + offset, in log odds; fields of a small version of the photo. */
export interface ChangeField {
  readonly width: number;
  readonly height: number;
  /** One for all channels of a photo without colour, else three. */
  readonly channels: readonly { readonly slope: Float32Array; readonly offset: Float32Array }[];
}

/** Decoded values are kept away from 0 and 1, whose log odds are infinite. */
const LEAST_VALUE = 0.03;
/** Standard deviation of the blur of the difference, as a share of its side: what is finer is the decoder's grid. */
const BLUR_SHARE = 1 / 40;
/** Radius of the guided filter's windows, as a share of the guide's longer side. */
const WINDOW_SHARE = 1 / 12;
/** Regularisation of the fit, as a variance of luma: edges much weaker than its root do not count as edges. */
const EDGE_VARIANCE = 0.03 ** 2;

/** Luma by the weights of Rec. 709, of gamma-encoded values. */
export const LUMA = [0.2126, 0.7152, 0.0722] as const;

/** The longest side of the small photo that changes are fitted on, in pixels. */
export const GUIDE_SIDE_PX = 256;

/** Log odds of each value. */
function logOdds(values: Float32Array): Float32Array {
  return values.map((value) => {
    const kept = Math.min(1 - LEAST_VALUE, Math.max(LEAST_VALUE, value));
    return Math.log(kept / (1 - kept));
  });
}

/** Luma of a small 8-bit RGB image, in [0,1]. */
export function lumaPlane({ width, height, data }: Pixels): Plane {
  const luma = new Float32Array(width * height);
  for (let i = 0; i < luma.length; i++) {
    luma[i] = (LUMA[0] * data[3 * i]! + LUMA[1] * data[3 * i + 1]! + LUMA[2] * data[3 * i + 2]!) / 255;
  }
  return { width, height, data: luma };
}

/**
 * Fits the change from one decoded image to another to a photo.
 *
 * @param guide luma of a small version of the photo, in [0,1], of which the squares are squashed versions
 * @param neutral whether the photo has no colour: then it gets none
 */
export function fitChange(before: DecodedSquare, after: DecodedSquare, guide: Plane, neutral: boolean): ChangeField {
  const { side } = before;
  const plane = (values: Float32Array, channel: number): Float32Array =>
    values.subarray(channel * side * side, (channel + 1) * side * side);
  const differences = neutral
    ? [subtract(logOdds(lumaOf(after)), logOdds(lumaOf(before)))]
    : [0, 1, 2].map((c) => subtract(logOdds(plane(after.data, c)), logOdds(plane(before.data, c))));
  const filter = new GuidedFilter(guide);
  const channels = differences.map((data) => {
    const smooth = gaussianBlur({ width: side, height: side, data }, side * BLUR_SHARE);
    return filter.fit(resizeLinear(smooth, guide.width, guide.height));
  });
  return { width: guide.width, height: guide.height, channels };
}

function lumaOf({ side, data }: DecodedSquare): Float32Array {
  const area = side * side;
  return Float32Array.from(
    { length: area },
    (_, i) => LUMA[0] * data[i]! + LUMA[1] * data[area + i]! + LUMA[2] * data[2 * area + i]!,
  );
}

const subtract = (a: Float32Array, b: Float32Array): Float32Array => a.map((x, i) => x - b[i]!);

/** Least squares of a plane by a guide in windows: slope = cov / (var + eps), offset = mean - slope * mean of guide. */
class GuidedFilter {
  private readonly radius: number;
  private readonly mean: Plane;
  private readonly variance: Float32Array;

  constructor(private readonly guide: Plane) {
    this.radius = Math.max(1, Math.round(Math.max(guide.width, guide.height) * WINDOW_SHARE));
    this.mean = boxMean(guide, this.radius);
    const squares = boxMean({ ...guide, data: guide.data.map((x) => x * x) }, this.radius);
    this.variance = squares.data.map((square, i) => square - this.mean.data[i]! ** 2);
  }

  fit(plane: Plane): { slope: Float32Array; offset: Float32Array } {
    const { guide, radius, mean, variance } = this;
    const mine = boxMean(plane, radius).data;
    const products = boxMean({ ...plane, data: plane.data.map((x, i) => x * guide.data[i]!) }, radius).data;
    const slope = products.map((product, i) => (product - mine[i]! * mean.data[i]!) / (variance[i]! + EDGE_VARIANCE));
    const offset = mine.map((value, i) => value - slope[i]! * mean.data[i]!);
    // Each pixel lies in many windows: their mean varies smoothly.
    return {
      slope: boxMean({ ...plane, data: slope }, radius).data,
      offset: boxMean({ ...plane, data: offset }, radius).data,
    };
  }
}

/**
 * Applies a change to rows of a photo, in place: v becomes v e / (1 - v + v e) with e = exp(slope * luma + offset). Alpha
 * stays as it is.
 *
 * @param from first row
 * @param count number of rows
 */
export function applyChange(image: Pixels, field: ChangeField, from: number, count: number): void {
  const { width, height, channels, data } = image;
  const colours = colourChannels(channels);
  const peak = peakOf(data);
  const columns = samplePoints(field.width, width);
  const rows = samplePoints(field.height, height);
  const single = field.channels.length === 1;
  const lines = field.channels.map(() => ({
    slope: new Float32Array(field.width),
    offset: new Float32Array(field.width),
  }));
  for (let y = from; y < from + count; y++) {
    const [upper, lower, down] = [rows.first[y]! * field.width, rows.second[y]! * field.width, rows.share[y]!];
    lines.forEach((line, c) => {
      const { slope, offset } = field.channels[c]!;
      for (let x = 0; x < field.width; x++) {
        line.slope[x] = slope[upper + x]! * (1 - down) + slope[lower + x]! * down;
        line.offset[x] = offset[upper + x]! * (1 - down) + offset[lower + x]! * down;
      }
    });
    for (let x = 0, at = y * width * channels; x < width; x++, at += channels) {
      const [left, right, over] = [columns.first[x]!, columns.second[x]!, columns.share[x]!];
      const luma =
        colours === 1
          ? data[at]! / peak
          : (LUMA[0] * data[at]! + LUMA[1] * data[at + 1]! + LUMA[2] * data[at + 2]!) / peak;
      let odds = 1;
      for (let c = 0; c < colours; c++) {
        if (c === 0 || !single) {
          const { slope, offset } = lines[single ? 0 : c]!;
          const a = slope[left]! * (1 - over) + slope[right]! * over;
          const b = offset[left]! * (1 - over) + offset[right]! * over;
          odds = Math.exp(a * luma + b);
        }
        const value = data[at + c]! / peak;
        data[at + c] = Math.round((peak * value * odds) / (1 - value + value * odds));
      }
    }
  }
}
