import { colourChannels, peakOf, type Pixels } from './pixels.js';
import type { Size } from './levels.js';

/**
 * An image as 8-bit RGB of the same size or smaller; each new pixel is the mean of the area that it covers, so that fine
 * noise averages out. Grey is repeated, alpha dropped.
 *
 * @param size neither side larger than the image's
 * @returns size.width * size.height * 3 samples
 */
export function shrinkToRgb8(image: Pixels, size: Size): Uint8Array {
  const { width, height, channels, data } = image;
  const colours = colourChannels(channels);
  const scale = 255 / peakOf(data);
  const across = coverage(width, size.width);
  const down = coverage(height, size.height);
  const out = new Uint8Array(size.width * size.height * 3);
  /** The mean of the rows that a new row covers. */
  const row = new Float32Array(width * channels);
  for (let y = 0, at = 0; y < size.height; y++) {
    row.fill(0);
    for (let k = down.starts[y]!; k < down.starts[y + 1]!; k++) {
      const weight = down.weights[k]! * scale;
      const from = down.sources[k]! * row.length;
      for (let i = 0; i < row.length; i++) row[i]! += weight * data[from + i]!;
    }
    for (let x = 0; x < size.width; x++, at += 3) {
      const end = across.starts[x + 1]!;
      for (let c = 0; c < colours; c++) {
        let sum = 0;
        for (let k = across.starts[x]!; k < end; k++)
          sum += across.weights[k]! * row[across.sources[k]! * channels + c]!;
        out[at + c] = Math.round(sum);
      }
      if (colours === 1) {
        out[at + 1] = out[at]!;
        out[at + 2] = out[at]!;
      }
    }
  }
  return out;
}

/** Which samples each new sample covers, and the share of each in it. */
interface Coverage {
  /** Where the entries of each new sample begin, and at the end where the last ones end. */
  readonly starts: Uint32Array;
  readonly sources: Uint32Array;
  readonly weights: Float64Array;
}

function coverage(from: number, to: number): Coverage {
  const ratio = from / to;
  const starts = new Uint32Array(to + 1);
  const sources: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < to; i++) {
    const begin = i * ratio;
    const end = Math.min(from, (i + 1) * ratio);
    for (let source = Math.floor(begin); source < end; source++) {
      sources.push(source);
      weights.push((Math.min(end, source + 1) - Math.max(begin, source)) / (end - begin));
    }
    starts[i + 1] = sources.length;
  }
  return { starts, sources: Uint32Array.from(sources), weights: Float64Array.from(weights) };
}
