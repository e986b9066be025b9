import { colourChannels, samplesLike, type PixelData } from './pixels.js';

/** Levels of detail: each half as wide and high as the one before, by the mean of 2x2 pixels. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sizes of all levels, the full one first, until one fits in a square of `side`; halves are rounded up. */
export function levelSizes(full: Size, side: number): Size[] {
  const sizes = [full];
  for (let last = full; last.width > side || last.height > side; sizes.push(last)) {
    last = { width: Math.ceil(last.width / 2), height: Math.ceil(last.height / 2) };
  }
  return sizes;
}

/** Makes the rows of the next level from those of one level as they come, holding back a single row. */
export class Halver {
  private upper: PixelData | null = null;

  /**
   * @param width of the level whose rows come
   * @param channels as in `Pixels`; colours are weighted by alpha, or what is transparent would colour its surroundings
   */
  constructor(
    private readonly width: number,
    private readonly channels: number,
  ) {}

  /** Takes whole rows and gives the rows of the next level that they complete. */
  push(rows: PixelData): PixelData {
    const stride = this.width * this.channels;
    const count = rows.length / stride;
    const held = this.upper === null ? 0 : 1;
    const completed = Math.floor((count + held) / 2);
    const row = (i: number): PixelData => rows.subarray(i * stride, (i + 1) * stride);
    const out = samplesLike(rows, completed * this.outStride);
    for (let i = 0; i < completed; i++) {
      const upper = i === 0 && this.upper !== null ? this.upper : row(2 * i - held);
      this.halve(upper, row(2 * i + 1 - held), out, i * this.outStride);
    }
    this.upper = (count + held) % 2 === 1 ? row(count - 1).slice() : null;
    return out;
  }

  /** The last row, where the height is odd; empty else. */
  finish(): PixelData {
    const { upper } = this;
    if (upper === null) return new Uint8Array(0);
    const out = samplesLike(upper, this.outStride);
    this.halve(upper, upper, out, 0);
    this.upper = null;
    return out;
  }

  private get outStride(): number {
    return Math.ceil(this.width / 2) * this.channels;
  }

  private halve(upper: PixelData, lower: PixelData, out: PixelData, at: number): void {
    const { width, channels } = this;
    const colours = colourChannels(channels);
    for (let x = 0; x < width; x += 2, at += channels) {
      const left = x * channels;
      const right = x + 1 < width ? left + channels : left;
      if (colours === channels) {
        for (let c = 0; c < channels; c++) {
          out[at + c] = (upper[left + c]! + upper[right + c]! + lower[left + c]! + lower[right + c]! + 2) >> 2;
        }
      } else {
        const [a, b, d, e] = [
          upper[left + colours]!,
          upper[right + colours]!,
          lower[left + colours]!,
          lower[right + colours]!,
        ];
        const alpha = a + b + d + e;
        out[at + colours] = (alpha + 2) >> 2;
        for (let c = 0; c < colours; c++) {
          const [i, j, k, l] = [upper[left + c]!, upper[right + c]!, lower[left + c]!, lower[right + c]!];
          out[at + c] = alpha === 0 ? (i + j + k + l + 2) >> 2 : Math.round((i * a + j * b + k * d + l * e) / alpha);
        }
      }
    }
  }
}
