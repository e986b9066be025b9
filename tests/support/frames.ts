import { createRandom } from '../../main/core/image/random.js';
import type { CropSource } from '../../main/core/noise/crop.js';
import { sharp } from './codec-photos.js';
import { samplePath, type Sample } from './photos.js';

/** Frames of one scene, made of a sample photo: moved, turned and lit as a test wants, each with noise of its own. */

export interface FrameOptions {
  readonly sample?: Sample;
  readonly width?: number;
  readonly height?: number;
  /** By how much the camera moved, in pixels: quarters of one come out exactly. */
  readonly moved?: readonly [number, number];
  /** Degrees. */
  readonly turned?: number;
  /** Factor of the samples of R, G and B. */
  readonly gain?: readonly [number, number, number];
  /** Pixels by which the middle of the picture is moved to the side. */
  readonly middle?: number;
  /** Of the noise, in levels. */
  readonly sigma?: number;
  readonly seed?: number;
}

/** Size at which a frame is cut, so that it can be moved by parts of a pixel. */
const FINE = 4;
const MARGIN_PX = 12;

/** A frame as 8-bit sRGB. */
export async function frameOf(options: FrameOptions = {}): Promise<CropSource> {
  const { sample = 'chelsea', width = 360, height = 300, moved = [0, 0], turned = 0 } = options;
  const full = { width: (width + 2 * MARGIN_PX) * FINE, height: (height + 2 * MARGIN_PX) * FINE };
  const scene = await sharp(samplePath(sample))
    .removeAlpha()
    .resize(full.width, full.height, { fit: 'cover' })
    .raw()
    .toBuffer();
  const raw = { raw: { ...full, channels: 3 as const } };
  const { data, info } = await sharp(scene, raw).rotate(turned).raw().toBuffer({ resolveWithObject: true });
  const cut = await sharp(data, { raw: info })
    .extract({
      left: Math.round((info.width - width * FINE) / 2 + moved[0] * FINE),
      top: Math.round((info.height - height * FINE) / 2 + moved[1] * FINE),
      width: width * FINE,
      height: height * FINE,
    })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const small = await sharp(cut.data, { raw: cut.info }).resize(width, height).raw().toBuffer();
  return lit({ width, height, data: new Uint8Array(small) }, options);
}

function lit(
  { width, height, data }: CropSource,
  { gain = [1, 1, 1], middle = 0, sigma = 0, seed = 1 }: FrameOptions,
): CropSource {
  const random = createRandom(seed);
  const isMiddle = (x: number, y: number): boolean =>
    Math.abs(x / width - 0.5) < 0.1 && Math.abs(y / height - 0.5) < 0.1;
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < out.length; i++) {
    const pixel = Math.floor(i / 3);
    const from = isMiddle(pixel % width, Math.floor(pixel / width)) ? i + 3 * middle : i;
    out[i] = data[from]! * gain[(i % 3) as 0 | 1 | 2] + sigma * random.normal();
  }
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** Writes a frame as PNG. */
export async function writeFrame(path: string, options: FrameOptions): Promise<string> {
  const { width, height, data } = await frameOf(options);
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}
