/** Many small images in one, to be looked at. */

/** Rows of interleaved 8-bit RGB. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** width * height * 3 samples. */
  readonly data: Uint8Array;
}

/** Between images, in pixels. */
const GAP_PX = 2;
/** Of what shows no image. */
const BACKGROUND = 255;

/**
 * Rows of square images of `side` pixels, each three planes in [0,1] as networks give them. Rows may differ in length.
 */
export function contactSheet(rows: readonly (readonly Float32Array[])[], side: number): RgbImage {
  const columns = Math.max(...rows.map((row) => row.length));
  const step = side + GAP_PX;
  const [width, height] = [columns * step + GAP_PX, rows.length * step + GAP_PX];
  const data = new Uint8Array(width * height * 3).fill(BACKGROUND);
  for (const [y, row] of rows.entries()) {
    for (const [x, planes] of row.entries()) {
      paste(planes, side, data, width, x * step + GAP_PX, y * step + GAP_PX);
    }
  }
  return { width, height, data };
}

function paste(planes: Float32Array, side: number, data: Uint8Array, width: number, left: number, top: number): void {
  const plane = side * side;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const to = ((top + y) * width + left + x) * 3;
      for (let c = 0; c < 3; c++) {
        data[to + c] = Math.round(255 * Math.min(1, Math.max(0, planes[c * plane + y * side + x]!)));
      }
    }
  }
}
