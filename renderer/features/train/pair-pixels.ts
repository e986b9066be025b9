import { LUT_SIZE } from '../../../preload/vocabulary.js';

/** Pixels of a preview's part, made into those of a picture: pure. See PreviewPart and PhotoView in the contract. */

/** What is removed is told as a difference from this. */
const ZERO = 128;

/** A part denoised with strength 1: the photo without all that the net removes. RGBA, opaque. */
export function denoised(image: Uint8Array, removed: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(image.length);
  for (let i = 0; i < image.length; i += 4) {
    out[i] = image[i]! - (removed[i]! - ZERO);
    out[i + 1] = image[i + 1]! - (removed[i + 1]! - ZERO);
    out[i + 2] = image[i + 2]! - (removed[i + 2]! - ZERO);
    out[i + 3] = 255;
  }
  return out;
}

/** The photo itself, opaque. */
export function opaque(image: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const out = Uint8ClampedArray.from(image);
  for (let i = 3; i < out.length; i += 4) out[i] = 255;
  return out;
}

/** Makes sRGB of the photo's own values, in place: between the table's colours by trilinear interpolation. */
export function applyLut(pixels: Uint8ClampedArray, lut: Uint8Array): void {
  const last = LUT_SIZE - 1;
  const at = (r: number, g: number, b: number, c: number): number => lut[4 * (r + LUT_SIZE * (g + LUT_SIZE * b)) + c]!;
  for (let i = 0; i < pixels.length; i += 4) {
    const [r, g, b] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!].map((value) => (value / 255) * last) as [
      number,
      number,
      number,
    ];
    const [r0, g0, b0] = [Math.floor(r), Math.floor(g), Math.floor(b)];
    const [r1, g1, b1] = [Math.min(last, r0 + 1), Math.min(last, g0 + 1), Math.min(last, b0 + 1)];
    const [fr, fg, fb] = [r - r0, g - g0, b - b0];
    for (let c = 0; c < 3; c++) {
      const near = mix(
        mix(at(r0, g0, b0, c), at(r1, g0, b0, c), fr),
        mix(at(r0, g1, b0, c), at(r1, g1, b0, c), fr),
        fg,
      );
      const far = mix(mix(at(r0, g0, b1, c), at(r1, g0, b1, c), fr), mix(at(r0, g1, b1, c), at(r1, g1, b1, c), fr), fg);
      pixels[i + c] = mix(near, far, fb);
    }
  }
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
