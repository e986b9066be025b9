/** Filters over planes: width * height numbers, row by row. Borders are mirrored where a kernel leaves the plane. */

export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** The mean over the part of a (2 radius + 1)-square that lies within the plane, by running sums. */
export function boxMean({ width, height, data }: Plane, radius: number): Plane {
  const across = alongRows(data, width, height, radius);
  const turned = transposed(across, width, height);
  return { width, height, data: transposed(alongRows(turned, height, width, radius), height, width) };
}

function alongRows(data: Float32Array, width: number, height: number, radius: number): Float32Array {
  const out = new Float32Array(data.length);
  const sums = new Float64Array(width + 1);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) sums[x + 1] = sums[x]! + data[row + x]!;
    for (let x = 0; x < width; x++) {
      const from = Math.max(0, x - radius);
      const to = Math.min(width, x + radius + 1);
      out[row + x] = (sums[to]! - sums[from]!) / (to - from);
    }
  }
  return out;
}

/** A Gaussian blur of a standard deviation in pixels, cut at three of them. */
export function gaussianBlur({ width, height, data }: Plane, sigma: number): Plane {
  if (sigma <= 0) return { width, height, data: data.slice() };
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, x) => sum + x, 0);
  const smooth = (from: Float32Array, w: number, h: number): Float32Array => {
    const out = new Float32Array(from.length);
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) sum += kernel[k + reach]! * from[y * w + mirrored(x + k, w)]!;
        out[y * w + x] = sum / total;
      }
    }
    return out;
  };
  const across = transposed(smooth(data, width, height), width, height);
  return { width, height, data: transposed(smooth(across, height, width), height, width) };
}

/** An index outside of [0, size) as its mirror image, the border's pixel not repeated. */
function mirrored(index: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const within = ((index % period) + period) % period;
  return within < size ? within : period - within;
}

function transposed(data: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[x * height + y] = data[y * width + x]!;
  return out;
}

/** The plane at another size, linearly between its pixels' middles; beyond the outermost middles it is constant. */
export function resizeLinear(plane: Plane, width: number, height: number): Plane {
  const data = new Float32Array(width * height);
  const columns = samplePoints(plane.width, width);
  const rows = samplePoints(plane.height, height);
  for (let y = 0; y < height; y++) {
    const upper = rows.first[y]! * plane.width;
    const lower = rows.second[y]! * plane.width;
    const down = rows.share[y]!;
    for (let x = 0; x < width; x++) {
      const [left, right, over] = [columns.first[x]!, columns.second[x]!, columns.share[x]!];
      const top = plane.data[upper + left]! * (1 - over) + plane.data[upper + right]! * over;
      const bottom = plane.data[lower + left]! * (1 - over) + plane.data[lower + right]! * over;
      data[y * width + x] = top * (1 - down) + bottom * down;
    }
  }
  return { width, height, data };
}

/** Between which two samples each new sample lies, and the share of the second. */
export interface SamplePoints {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;
}

/** The points of `to` samples on an axis of `from` samples, both covering the same length. */
export function samplePoints(from: number, to: number): SamplePoints {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const share = new Float32Array(to);
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    first[i] = Math.floor(at);
    second[i] = Math.min(from - 1, first[i]! + 1);
    share[i] = at - first[i]!;
  }
  return { first, second, share };
}
