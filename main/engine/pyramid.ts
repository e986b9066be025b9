import { open, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Region, TILE_PX } from '../../preload/contract.js';
import type { OpenedPhoto } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { Halver, levelSizes } from '../core/image/levels.js';
import { isNeutral, samplesLike, type PixelData } from '../core/image/pixels.js';
import { uprightRows, uprightSize } from '../core/image/upright.js';
import { writeCacheFile, writeFault } from './atomic-file.js';
import { toSrgbTable, type DecodedImage } from './codec.js';
import { cameraInfo } from './codec/camera.js';
import { takeSample, type PhotoSample } from './sample.js';

/**
 * A photo unpacked for viewing: a folder with a file of raw samples a level, the colour table of its profile, and a
 * manifest, written last, that says what they are. Samples are in the machine's own byte order: nothing here travels.
 */

const MANIFEST = 'photo.json';
const TABLE = 'table.rgba';
const SAMPLE = 'sample.raw';
/** Rows are turned, halved and written by about so many bytes at a time: a few milliseconds of work. */
const STRIP_BYTES = 2 ** 20;

const Manifest = z.object({
  channels: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  depth: z.union([z.literal(8), z.literal(16)]),
  neutral: z.boolean(),
  levels: z.array(z.object({ width: z.int(), height: z.int(), file: z.string() })).min(1),
  /** The photo as its file has it, not turned, and the places of it that stand for all: one after the other in a file. */
  sample: z.object({ width: z.int(), height: z.int(), crops: z.array(Region) }),
});
/** What is in the folder of an unpacked photo; files are relative to it. */
export type Manifest = z.infer<typeof Manifest>;

/**
 * Unpacks a decoded photo into an empty folder: upright, in levels halved until one fits in a tile. What was written is
 * removed if that fails or is cancelled.
 */
export async function writePyramid(signal: AbortSignal, image: DecodedImage, folder: string): Promise<OpenedPhoto> {
  const { channels, depth, source } = image;
  const full = uprightSize(image, source.orientation);
  const sizes = levelSizes(full, TILE_PX);
  const levels = sizes.map((size, i) => ({ ...size, file: `level-${i}.raw` }));
  const table = join(folder, TABLE);
  try {
    const neutral = await writeLevels(signal, image, sizes, (i) => join(folder, levels[i]!.file));
    const colours = await toSrgbTable(source);
    if (colours !== null) await writeFile(table, colours);
    const sample = takeSample(image);
    await writeFile(join(folder, SAMPLE), joined(sample));
    const manifest: Manifest = { channels, depth, neutral, levels, sample: describeSample(sample) };
    await writeCacheFile(join(folder, MANIFEST), Buffer.from(JSON.stringify(manifest)));
    const pixels = [...sizes, ...manifest.sample.crops].reduce((sum, { width, height }) => sum + width * height, 0);
    return {
      ...full,
      levels: sizes,
      format: source.format,
      depth,
      channels,
      hasAlpha: source.hasAlpha,
      neutral,
      lut: colours === null ? null : table,
      camera: cameraInfo(source.exif),
      bytes: (pixels * channels * depth) / 8 + (colours?.length ?? 0),
    };
  } catch (error) {
    const files = [table, join(folder, SAMPLE), ...levels.map(({ file }) => join(folder, file))];
    await Promise.all(files.map((file) => rm(file, { force: true }).catch(() => undefined)));
    throw await writeFault(error, folder);
  }
}

/** What is in the folder of an unpacked photo. @throws AppError input/not-found when it was cleared away. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((error: unknown) => {
    throw notUnpacked(error);
  });
  const manifest = Manifest.safeParse(parsed(text));
  // What an earlier version has unpacked is unpacked again.
  if (!manifest.success) throw notUnpacked(manifest.error);
  return manifest.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The places of an unpacked photo that stand for all of it. @throws AppError input/not-found when they were cleared away. */
export async function readSample(folder: string, { sample, depth, channels, neutral }: Manifest): Promise<PhotoSample> {
  const bytes = await readFile(join(folder, SAMPLE)).catch((error: unknown) => {
    throw notUnpacked(error);
  });
  let from = 0;
  const crops = sample.crops.map(({ left, top, width, height }) => {
    const to = from + (width * height * channels * depth) / 8;
    if (to > bytes.length) throw notUnpacked();
    const data = new Uint8Array(bytes.subarray(from, to));
    from = to;
    return { left, top, pixels: { width, height, channels, data: depth === 8 ? data : new Uint16Array(data.buffer) } };
  });
  return { ...sample, depth, channels, neutral, crops };
}

function describeSample({ width, height, crops }: PhotoSample): Manifest['sample'] {
  return {
    width,
    height,
    crops: crops.map(({ left, top, pixels }) => ({ left, top, width: pixels.width, height: pixels.height })),
  };
}

/** The samples of all places, one after the other. */
const joined = ({ crops }: PhotoSample): Uint8Array =>
  Buffer.concat(crops.map(({ pixels: { data } }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));

/** The error of an unpacked photo, or a part of it, that is not there any more. */
export function notUnpacked(cause?: unknown): AppError {
  return new AppError('input/not-found', 'the photo is not unpacked any more: open it again', { cause });
}

/** Writes all levels strip by strip; tells whether the photo has no colour. */
async function writeLevels(
  signal: AbortSignal,
  image: DecodedImage,
  sizes: readonly { readonly width: number; readonly height: number }[],
  fileOf: (level: number) => string,
): Promise<boolean> {
  const { channels, source } = image;
  const { width, height } = sizes[0]!;
  const halvers = sizes.slice(1).map((_, i) => new Halver(sizes[i]!.width, channels));
  const stride = width * channels;
  const rowsPerStrip = Math.max(1, Math.floor(STRIP_BYTES / (stride * image.data.BYTES_PER_ELEMENT)));
  const strip = samplesLike(image.data, rowsPerStrip * stride);
  const files: FileHandle[] = [];
  let neutral = true;
  try {
    for (let level = 0; level < sizes.length; level++) files.push(await open(fileOf(level), 'wx'));
    for (let top = 0; top < height; top += rowsPerStrip) {
      if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
      const count = Math.min(rowsPerStrip, height - top);
      const rows = uprightRows(image, source.orientation, top, count, strip);
      neutral &&= isNeutral({ width, height: count, channels, data: rows });
      await pushRows(files, halvers, rows);
    }
    for (let level = 0; level < halvers.length; level++) {
      await pushRows(files.slice(level + 1), halvers.slice(level + 1), halvers[level]!.finish());
    }
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
  return neutral;
}

/** Writes rows to the first file and what they make of the next levels to the others. */
async function pushRows(files: readonly FileHandle[], halvers: readonly Halver[], rows: PixelData): Promise<void> {
  for (let level = 0; level < files.length && rows.length > 0; level++) {
    await writeWhole(files[level]!, rows);
    const halver = halvers[level];
    if (halver === undefined) return;
    rows = halver.push(rows);
  }
}

async function writeWhole(file: FileHandle, rows: PixelData): Promise<void> {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
}
