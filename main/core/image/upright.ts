import type { PixelData, Pixels } from './pixels.js';

/** EXIF's eight orientations: how stored pixels are turned and mirrored for viewing. */

/** Size of an image once it is upright. */
export function uprightSize(
  { width, height }: { readonly width: number; readonly height: number },
  orientation: number,
): { width: number; height: number } {
  return orientation >= 5 && orientation <= 8 ? { width: height, height: width } : { width, height };
}

/** Where upright pixel (0,0) lies among the stored pixels, and the steps from it to the right and down. */
interface Walk {
  readonly origin: number;
  readonly right: number;
  readonly down: number;
}

function walkOf(width: number, height: number, orientation: number): Walk {
  const last = width * height - 1;
  switch (orientation) {
    case 2:
      return { origin: width - 1, right: -1, down: width };
    case 3:
      return { origin: last, right: -1, down: -width };
    case 4:
      return { origin: last - width + 1, right: 1, down: -width };
    case 5:
      return { origin: 0, right: width, down: 1 };
    case 6:
      return { origin: last - width + 1, right: -width, down: 1 };
    case 7:
      return { origin: last, right: -width, down: -1 };
    case 8:
      return { origin: width - 1, right: width, down: -1 };
    default:
      return { origin: 0, right: 1, down: width };
  }
}

/**
 * Rows `from` to `from + count` of the upright image. Of an image that is stored upright it is a view; otherwise the
 * rows are gathered into `target`, which must hold them.
 */
export function uprightRows(
  image: Pixels,
  orientation: number,
  from: number,
  count: number,
  target: PixelData,
): PixelData {
  const { width, height, channels, data } = image;
  const columns = uprightSize(image, orientation).width;
  const { origin, right, down } = walkOf(width, height, orientation);
  const start = origin + from * down;
  const samples = count * columns * channels;
  if (right === 1 && down === width) return data.subarray(start * channels, start * channels + samples);
  // The walk that goes along stored rows is the inner one: across them, every step would leave the processor's cache.
  const alongRows = Math.abs(right) === 1;
  const [outer, inner] = alongRows ? [count, columns] : [columns, count];
  const [outerStep, innerStep] = alongRows ? [down, right] : [right, down];
  const [outerTarget, innerTarget] = alongRows ? [columns, 1] : [1, columns];
  for (let i = 0; i < outer; i++) {
    let source = (start + i * outerStep) * channels;
    let at = i * outerTarget * channels;
    for (let j = 0; j < inner; j++) {
      for (let c = 0; c < channels; c++) target[at + c] = data[source + c]!;
      source += innerStep * channels;
      at += innerTarget * channels;
    }
  }
  return target.subarray(0, samples);
}
