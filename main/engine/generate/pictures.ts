import type { Picture } from '../codec.js';

/** Pictures put together on a canvas. */

const BACKGROUND = 24;
const GAP_PX = 8;

/** A canvas of one grey. */
export function canvas(width: number, height: number): Picture {
  return { width, height, channels: 3, data: new Uint8Array(width * height * 3).fill(BACKGROUND) };
}

/** Lays a picture on a canvas, its top left corner at (left, top); what does not fit is cut off. */
export function lay(on: Picture, picture: Picture, left: number, top: number): void {
  const from = Math.max(0, -left);
  const to = Math.min(picture.width, on.width - left);
  for (let y = Math.max(0, -top); y < Math.min(picture.height, on.height - top) && from < to; y++) {
    const row = y * picture.width;
    on.data.set(picture.data.subarray((row + from) * 3, (row + to) * 3), ((top + y) * on.width + left + from) * 3);
  }
}

/** Pictures of one size in a grid that is about as wide as it has rows. */
export function contactSheet(pictures: readonly Picture[]): Picture {
  const columns = Math.ceil(Math.sqrt(pictures.length));
  const rows = Math.ceil(pictures.length / columns);
  const { width, height } = pictures[0]!;
  const sheet = canvas(columns * (width + GAP_PX) + GAP_PX, rows * (height + GAP_PX) + GAP_PX);
  pictures.forEach((picture, i) => {
    const column = i % columns;
    const row = Math.floor(i / columns);
    lay(sheet, picture, GAP_PX + column * (width + GAP_PX), GAP_PX + row * (height + GAP_PX));
  });
  return sheet;
}
