/**
 * What JPEG does to pixels, without the file: colours to luma and chroma, chroma halved, the cosine transform of 8x8
 * blocks, rounding to the quantisation tables, and all the way back. Entropy coding loses nothing, so it is left out.
 * Agrees with libjpeg (ITU-T T.81; tables of its Annex K scaled by quality as libjpeg does) to a level or two, and takes
 * no process, thread or package.
 */

export interface JpegSettings {
  /** 1 to 100, as libjpeg counts. */
  readonly quality: number;
  /** Chroma at half resolution in both directions (4:2:0). */
  readonly subsampled: boolean;
  /** Where in its photo's grid of blocks the crop begins, in pixels: 0 to 15. */
  readonly offsetX: number;
  readonly offsetY: number;
}

const BLOCK_PX = 8;

/** Annex K.1, row by row. */
// oxfmt-ignore
const LUMA_TABLE = [
  16, 11, 10, 16, 24, 40, 51, 61,
  12, 12, 14, 19, 26, 58, 60, 55,
  14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77,
  24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
] as const;
/** Annex K.2: the upper left 4x4; all else is 99. */
const CHROMA_CORNER = [17, 18, 24, 47, 18, 21, 26, 66, 24, 26, 56, 99, 47, 66, 99, 99] as const;
const CHROMA_TABLE = Array.from({ length: 64 }, (_, i) => {
  const [row, column] = [i >> 3, i & 7];
  return row < 4 && column < 4 ? CHROMA_CORNER[row * 4 + column]! : 99;
});

/**
 * Replaces three planes of side x side in [0,1] by what a JPEG of them holds: 8-bit levels over 255. A `grey` image is
 * stored as luma alone.
 */
export function throughJpeg(planes: Float32Array, side: number, grey: boolean, settings: JpegSettings): void {
  const { quality, subsampled, offsetX, offsetY } = settings;
  const unit = subsampled && !grey ? 2 * BLOCK_PX : BLOCK_PX;
  const [left, top] = [offsetX % unit, offsetY % unit];
  const width = Math.ceil((left + side) / unit) * unit;
  const height = Math.ceil((top + side) / unit) * unit;
  const image = { left, top, width, height, side };
  const luma = new Float32Array(width * height);
  if (grey) {
    gatherGrey(planes, image, luma);
    quantise(luma, width, quantisation(LUMA_TABLE, quality));
    scatter(planes, image, luma, null, null);
    return;
  }
  const blue = new Float32Array(width * height);
  const red = new Float32Array(width * height);
  gather(planes, image, luma, blue, red);
  quantise(luma, width, quantisation(LUMA_TABLE, quality));
  const table = quantisation(CHROMA_TABLE, quality);
  const [blueBack, redBack] = [blue, red].map((chroma) => {
    if (!subsampled) {
      quantise(chroma, width, table);
      return chroma;
    }
    const half = halve(chroma, width, height);
    quantise(half, width / 2, table);
    return double(half, width / 2, height / 2);
  }) as [Float32Array, Float32Array];
  scatter(planes, image, luma, blueBack, redBack);
}

/** The crop's place in its whole number of blocks. */
interface Placed {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly side: number;
}

/** The quantisation table of a quality, as libjpeg scales it. */
function quantisation(base: readonly number[], quality: number): Float32Array {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return Float32Array.from(base, (step) => Math.min(255, Math.max(1, Math.floor((step * percent + 50) / 100))));
}

/** Rounds to 8 bits and converts to luma and chroma (JFIF), 0..255; outside the crop its edges go on. */
function gather(planes: Float32Array, image: Placed, luma: Float32Array, blue: Float32Array, red: Float32Array): void {
  const { width, height, side } = image;
  const plane = side * side;
  for (let y = 0, out = 0; y < height; y++) {
    const row = inside(y - image.top, side) * side;
    for (let x = 0; x < width; x++, out++) {
      const at = row + inside(x - image.left, side);
      const r = level(planes[at]! * 255);
      const g = level(planes[at + plane]! * 255);
      const b = level(planes[at + 2 * plane]! * 255);
      luma[out] = level(0.299 * r + 0.587 * g + 0.114 * b);
      blue[out] = level(-0.168735892 * r - 0.331264108 * g + 0.5 * b + 128);
      red[out] = level(0.5 * r - 0.418687589 * g - 0.081312411 * b + 128);
    }
  }
}

function gatherGrey(planes: Float32Array, { left, top, width, height, side }: Placed, luma: Float32Array): void {
  for (let y = 0, out = 0; y < height; y++) {
    const row = inside(y - top, side) * side;
    for (let x = 0; x < width; x++, out++) luma[out] = level(planes[row + inside(x - left, side)]! * 255);
  }
}

/** Converts back to three planes in [0,1]; without chroma, all three get the luma. */
function scatter(
  planes: Float32Array,
  { left, top, width, side }: Placed,
  luma: Float32Array,
  blue: Float32Array | null,
  red: Float32Array | null,
): void {
  const plane = side * side;
  for (let y = 0, out = 0; y < side; y++) {
    for (let x = 0, at = (y + top) * width + left; x < side; x++, at++, out++) {
      const cb = blue === null ? 0 : blue[at]! - 128;
      const cr = red === null ? 0 : red[at]! - 128;
      planes[out] = level(luma[at]! + 1.402 * cr) / 255;
      planes[out + plane] = level(luma[at]! - 0.344136286 * cb - 0.714136286 * cr) / 255;
      planes[out + 2 * plane] = level(luma[at]! + 1.772 * cb) / 255;
    }
  }
}

function inside(at: number, side: number): number {
  return at < 0 ? 0 : at >= side ? side - 1 : at;
}

/** The nearest of 0 to 255. */
function level(value: number): number {
  // Adding a half and cutting off is rounding, and several times as fast as Math.round.
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}

/** Means of 2x2 samples; halves are rounded up and down in turns, as libjpeg does, so that colours do not drift. */
function halve(plane: Float32Array, width: number, height: number): Float32Array {
  const half = new Float32Array((width * height) / 4);
  for (let y = 0, out = 0; y < height; y += 2) {
    for (let x = 0, at = y * width; x < width; x += 2, at += 2, out++) {
      const sum = plane[at]! + plane[at + 1]! + plane[at + width]! + plane[at + width + 1]!;
      half[out] = (sum + 1 + ((x >> 1) & 1)) >> 2;
    }
  }
  return half;
}

/** Twice the size by libjpeg's triangle filter: 3/4 of the nearer sample and 1/4 of the farther in each direction. */
function double(plane: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height * 4);
  for (let y = 0, at = 0; y < 2 * height; y++) {
    const near = (y >> 1) * width;
    const far = inside((y >> 1) + ((y & 1) === 0 ? -1 : 1), height) * width;
    for (let x = 0; x < 2 * width; x++, at++) {
      const column = x >> 1;
      const other = inside(column + ((x & 1) === 0 ? -1 : 1), width);
      const nearer = 3 * plane[near + column]! + plane[near + other]!;
      const farther = 3 * plane[far + column]! + plane[far + other]!;
      out[at] = (3 * nearer + farther) / 16;
    }
  }
  return out;
}

/** Transforms each 8x8 block of a plane of whole blocks, rounds it to multiples of `table`, and transforms it back. */
function quantise(plane: Float32Array, width: number, table: Float32Array): void {
  const block = new Float64Array(BLOCK_PX * BLOCK_PX);
  const inverses = Float64Array.from(table, (step) => 1 / step);
  for (let top = 0; top < plane.length; top += BLOCK_PX * width) {
    for (let corner = top; corner < top + width; corner += BLOCK_PX) {
      for (let i = 0; i < 64; i++) block[i] = plane[corner + (i >> 3) * width + (i & 7)]! - 128;
      for (let row = 0; row < 64; row += 8) forward(block, row, 1);
      for (let column = 0; column < 8; column++) forward(block, column, 8);
      for (let i = 0; i < 64; i++) block[i] = Math.floor(block[i]! * inverses[i]! + 0.5) * table[i]!;
      for (let column = 0; column < 8; column++) inverse(block, column, 8);
      for (let row = 0; row < 64; row += 8) inverse(block, row, 1);
      for (let i = 0; i < 64; i++) plane[corner + (i >> 3) * width + (i & 7)] = level(block[i]! + 128);
    }
  }
}

/** cos(k pi / 16) / 2: the transform is orthonormal. */
const [C1, C2, C3, C4, C5, C6, C7] = [1, 2, 3, 4, 5, 6, 7].map((k) => Math.cos((k * Math.PI) / 16) / 2) as [
  ...[number, number, number, number],
  ...[number, number, number],
];

/** The cosine transform (DCT-II) of 8 values, `step` apart from `at`, in place: even and odd halves by themselves. */
function forward(v: Float64Array, at: number, step: number): void {
  const i1 = at + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const e0 = v[at]! + v[i7]!;
  const e1 = v[i1]! + v[i6]!;
  const e2 = v[i2]! + v[i5]!;
  const e3 = v[i3]! + v[i4]!;
  const d0 = v[at]! - v[i7]!;
  const d1 = v[i1]! - v[i6]!;
  const d2 = v[i2]! - v[i5]!;
  const d3 = v[i3]! - v[i4]!;
  v[at] = C4 * (e0 + e1 + e2 + e3);
  v[i4] = C4 * (e0 - e1 - e2 + e3);
  v[i2] = C2 * (e0 - e3) + C6 * (e1 - e2);
  v[i6] = C6 * (e0 - e3) - C2 * (e1 - e2);
  v[i1] = C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3;
  v[i3] = C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3;
  v[i5] = C5 * d0 - C1 * d1 + C7 * d2 + C3 * d3;
  v[i7] = C7 * d0 - C5 * d1 + C3 * d2 - C1 * d3;
}

/** The inverse of `forward`: its transpose. */
function inverse(v: Float64Array, at: number, step: number): void {
  const i1 = at + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const sum = C4 * (v[at]! + v[i4]!);
  const difference = C4 * (v[at]! - v[i4]!);
  const outer = C2 * v[i2]! + C6 * v[i6]!;
  const inner = C6 * v[i2]! - C2 * v[i6]!;
  const e0 = sum + outer;
  const e1 = difference + inner;
  const e2 = difference - inner;
  const e3 = sum - outer;
  const x1 = v[i1]!;
  const x3 = v[i3]!;
  const x5 = v[i5]!;
  const x7 = v[i7]!;
  const d0 = C1 * x1 + C3 * x3 + C5 * x5 + C7 * x7;
  const d1 = C3 * x1 - C7 * x3 - C1 * x5 - C5 * x7;
  const d2 = C5 * x1 - C1 * x3 + C7 * x5 + C3 * x7;
  const d3 = C7 * x1 - C5 * x3 + C3 * x5 - C1 * x7;
  v[at] = e0 + d0;
  v[i1] = e1 + d1;
  v[i2] = e2 + d2;
  v[i3] = e3 + d3;
  v[i4] = e3 - d3;
  v[i5] = e2 - d2;
  v[i6] = e1 - d1;
  v[i7] = e0 - d0;
}
