import sharp from 'sharp';

/** Pictures as tests compare them: 8-bit RGB, alpha left out. */

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue; rows from the top. */
  readonly data: Uint8Array;
}

export interface Corner {
  readonly left: number;
  readonly top: number;
}

/** Decodes a picture's own values, turned as it says; the colour profile is left aside. */
export async function readPicture(file: string | Buffer): Promise<Picture> {
  const { data, info } = await sharp(file, { ignoreIcc: true })
    .autoOrient()
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** A part of a picture. */
export function crop(picture: Picture, { left, top }: Corner, width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

/** The colour of one pixel. */
export function colourAt({ width, data }: Picture, x: number, y: number): readonly [number, number, number] {
  const at = (y * width + x) * 3;
  return [data[at]!, data[at + 1]!, data[at + 2]!];
}

/** Share of the samples of two pictures that differ by at most `levels`. */
export function shareWithin(a: Picture, b: Picture, levels: number): number {
  sameSize(a, b);
  let near = 0;
  for (let i = 0; i < a.data.length; i++) if (Math.abs(a.data[i]! - b.data[i]!) <= levels) near++;
  return near / a.data.length;
}

/** Mean absolute difference of two pictures, in levels. */
export function meanDifference(a: Picture, b: Picture): number {
  sameSize(a, b);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]! - b.data[i]!);
  return sum / a.data.length;
}

/** Every pixel as a block of `factor` x `factor`, as sharp pixels look when they are enlarged. */
export function enlarge(picture: Picture, factor: number): Picture {
  const [width, height] = [picture.width * factor, picture.height * factor];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (Math.floor(y / factor) * picture.width + Math.floor(x / factor)) * 3;
      data.set(picture.data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

function sameSize(a: Picture, b: Picture): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new Error(`${a.width} x ${a.height} is compared with ${b.width} x ${b.height}`);
}
