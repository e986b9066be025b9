import type { PlanarImage } from './flat-patches.js';

/** Arithmetic on images of three planes. */

/** The mean of images of one size, at least one. */
export function meanOfPlanes(images: readonly PlanarImage[]): PlanarImage {
  const [first] = images;
  const data = new Float32Array(first!.data.length);
  for (const image of images) for (let i = 0; i < data.length; i++) data[i]! += image.data[i]! / images.length;
  return { ...first!, data };
}

export function meanSquare(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return sum / values.length;
}

/** An image at half its size: the mean of each 2x2 pixels. */
export function halvedImage({ width, height, data }: PlanarImage): PlanarImage {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Float32Array(3 * w * h);
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const from = (c * height + 2 * y) * width + 2 * x;
        out[(c * h + y) * w + x] = (data[from]! + data[from + 1]! + data[from + width]! + data[from + width + 1]!) / 4;
      }
    }
  }
  return { width: w, height: h, data: out };
}

/** The s*s phases of an image, each every s-th pixel along rows and columns: neighbours in one lie s apart in the image. */
export function phasesOf({ width, height, data }: PlanarImage, s: number): PlanarImage[] {
  const [w, h] = [Math.floor(width / s), Math.floor(height / s)];
  return Array.from({ length: s * s }, (_, phase) => {
    const out = new Float32Array(3 * w * h);
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < h; y++) {
        const from = (c * height + y * s + Math.floor(phase / s)) * width + (phase % s);
        for (let x = 0; x < w; x++) out[(c * h + y) * w + x] = data[from + x * s]!;
      }
    }
    return { width: w, height: h, data: out };
  });
}

/** The image of which these are the s*s phases; its sides divide by s. */
export function fromPhases(phases: readonly PlanarImage[], s: number): PlanarImage {
  const { width: w, height: h } = phases[0]!;
  const [width, height] = [w * s, h * s];
  const data = new Float32Array(3 * width * height);
  phases.forEach((part, phase) => {
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < h; y++) {
        const to = (c * height + y * s + Math.floor(phase / s)) * width + (phase % s);
        for (let x = 0; x < w; x++) data[to + x * s] = part.data[(c * h + y) * w + x]!;
      }
    }
  });
  return { width, height, data };
}
