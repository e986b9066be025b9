import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import type { EncodeSettings, Format } from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import type { Pixels } from '../core/image/pixels.js';
import { buildCarrier, carrierRoom } from './codec/carrier.js';
import type { CarrierImage } from './codec/carrier.js';
import { colourTable, gridImage } from './codec/colour-table.js';
import { expandFromTopBits, narrowTo8, packToTopBits, widenTo16 } from './codec/depth.js';
import { lossNote, statedOrientation } from './codec/carried.js';
import { exifBasics } from './codec/exif-basics.js';
import { damaged, inputFault, messageOf } from './codec/faults.js';
import { colourspace, decodedBytes, decodedSpace, isExpandedGrey, MAX_PIXELS, toHeader } from './codec/header.js';
import type { Channels, ImageHeader } from './codec/header.js';
import { assertUnchanged, inspectFile } from './codec/inspect.js';
import { ROOM_BEFORE, adoptPixels, allocatePixels } from './codec/pixel-buffer.js';
import { planOutput } from './codec/plan.js';
import type { OutputPlan } from './codec/plan.js';
import { copyMetadata } from './metadata.js';

/** Reads and writes image files. The only file that imports sharp. Pixel values are never colour-converted. */

export { imageBytes } from './codec/header.js';
export type { Channels, ImageHeader } from './codec/header.js';

/** An image in memory: rows of interleaved samples in the file's own encoding and stored orientation. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  readonly depth: 8 | 16;
  readonly data: Uint8Array | Uint16Array;
  readonly source: ImageHeader;
}

const MAX_THREADS = 4;
const THUMBNAIL_QUALITY = 80;
// Each photo is decoded once: a cache of operations would only hold on to its memory.
sharp.cache(false);
// AVIF gains most from threads, TIFF and PNG a little; inference needs the other cores.
sharp.concurrency(Math.min(MAX_THREADS, availableParallelism()));

/** Reads what `path` holds without decoding its pixels; throws an `AppError` for whatever we do not handle. */
export async function readHeader(path: string): Promise<ImageHeader> {
  const inspection = await inspectFile(path);
  let metadata: Metadata;
  try {
    metadata = await sharp(await openable(path, inspection.format), { limitInputPixels: false }).metadata();
  } catch (error) {
    throw inputFault(error);
  }
  return toHeader(path, inspection, metadata);
}

/** Versions of the libraries that decode and encode. */
export function codecVersions(): { sharp: string; libvips: string } {
  return { sharp: sharp.versions.sharp, libvips: sharp.versions.vips };
}

/** Decodes the image at `path`: one buffer, sized for `encodeImage` to use without a copy. */
export async function decodeImage(path: string, signal?: AbortSignal): Promise<DecodedImage> {
  throwIfAborted(signal);
  const header = await readHeader(path);
  throwIfAborted(signal);
  const raw = await strictly(header, (failOn) => decodeWith(header, failOn));
  await assertUnchanged(path, header.identity);
  throwIfAborted(signal);
  const { width, height, channels, depth } = header;
  return { width, height, channels, depth, data: raw, source: header };
}

/** A small version of a photo, encoded. */
export interface Thumbnail {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly contentType: string;
  readonly header: ImageHeader;
}

/** The image at `path`, upright, in sRGB, at most `size` pixels on its longer side: as WebP with alpha, else as JPEG. */
export async function renderThumbnail(path: string, size: number): Promise<Thumbnail> {
  const header = await readHeader(path);
  const { data, info } = await strictly(header, async (failOn) => {
    const options: SharpOptions = { failOn, sequentialRead: true, limitInputPixels: MAX_PIXELS };
    const input = sharp(await openable(path, header.format), options);
    // AVIF is decoded upright, whatever its EXIF says.
    if (header.orientation !== 1) input.autoOrient();
    input.resize(size, size, { fit: 'inside', withoutEnlargement: true }).toColourspace('srgb');
    // sharp takes 16-bit colours to P3, and on to sRGB only when told.
    if (header.depth === 16 && header.icc !== null && header.channels >= 3) input.withIccProfile('srgb');
    const quality = THUMBNAIL_QUALITY;
    const encoded = header.hasAlpha ? input.webp({ quality, effort: 2 }) : input.jpeg({ quality });
    return encoded.toBuffer({ resolveWithObject: true });
  });
  await assertUnchanged(path, header.identity);
  const contentType = header.hasAlpha ? 'image/webp' : 'image/jpeg';
  return { data, width: info.width, height: info.height, contentType, header };
}

/** The colour table of a photo's profile (LUT_SIZE^3 RGBA): its values in sRGB; null where they are sRGB already. */
export async function toSrgbTable({ icc, channels }: ImageHeader): Promise<Uint8Array | null> {
  if (icc === null) return null;
  const colours = channels < 3 ? 1 : 3;
  const grid = buildCarrier(gridImage(colours), { icc });
  const { data, info } = await sharp(grid).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return colourTable(info.channels === 1 ? repeated(data) : data, colours);
}

/** Grey samples as RGB: what a profile that does not fit leaves behind. */
function repeated(grey: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: grey.length * 3 }, (_, i) => grey[Math.floor(i / 3)]!);
}

/**
 * Encodes `image` to the file `target` with the profile and metadata of its source, which must still be there. Returns
 * notes on what could not be kept. Throws 'output/failed' when the file cannot be written.
 *
 * @param mark an XMP packet of the result's own; what the original's XMP says comes on top of it
 */
export async function encodeImage(
  image: CarrierImage,
  source: ImageHeader,
  target: string,
  settings: EncodeSettings,
  signal?: AbortSignal,
  mark: string | null = null,
): Promise<{ notes: string[] }> {
  throwIfAborted(signal);
  const { width, height, channels, depth } = image;
  const hasAlpha = channels === 2 || channels === 4;
  const hasGreyProfile = channels < 3 && source.icc !== null;
  const plan = planOutput({ ...source, width, height, depth, hasAlpha, hasGreyProfile }, settings);
  const stored = toPlannedDepth(image, plan, source);
  const own = { ...source, mark: mark === null ? null : Buffer.from(mark) };
  await writeImage(stored, own, plan, target, 'profile');
  throwIfAborted(signal);
  const outcome = await copyMetadata({
    source: source.path,
    target,
    format: plan.format,
    policy: settings.metadata,
    orientation: statedOrientation(source, plan.format, settings.metadata),
    marked: mark !== null,
  });
  throwIfAborted(signal);
  if (outcome.kind === 'copied') return { notes: [...plan.notes, ...outcome.notes] };
  await writeImage(stored, own, plan, target, settings.metadata === 'all' ? 'everything' : 'orientation');
  return { notes: [...plan.notes, lossNote(plan.format, settings.metadata, outcome.reason)] };
}

/** An 8-bit sRGB picture that was made here. */
export type Picture = Pixels<Uint8Array>;

const PICTURE_QUALITY = 92;

/** Encodes a picture of three channels, with an XMP packet where one is given. */
export async function encodePicture(
  { width, height, data }: Picture,
  format: 'jpeg' | 'png' | 'webp',
  mark: string | null = null,
): Promise<Buffer> {
  const input = sharp(data, { raw: { width, height, channels: 3 } });
  if (mark !== null) input.withXmp(mark);
  if (format === 'png') return input.png().toBuffer();
  return format === 'webp'
    ? input.webp({ quality: PICTURE_QUALITY }).toBuffer()
    : input.jpeg({ quality: PICTURE_QUALITY, chromaSubsampling: '4:4:4' }).toBuffer();
}

/** Encodes pictures of one size as an animated WebP that is repeated for ever. */
export async function encodeAnimation(frames: readonly Picture[], delayMs: number, mark: string): Promise<Buffer> {
  const { width, height } = frames[0]!;
  const data = Buffer.concat(frames.map((frame) => frame.data));
  return sharp(data, { raw: { width, height: height * frames.length, channels: 3, pageHeight: height } })
    .withXmp(mark)
    .webp({ quality: PICTURE_QUALITY, loop: 0, delay: frames.map(() => delayMs) })
    .toBuffer();
}

/** A picture at another size, by cubic interpolation. */
export async function resizePicture(picture: Picture, width: number, height: number): Promise<Picture> {
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  const data = await sharp(picture.data, { raw })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  return { width, height, channels: 3, data: new Uint8Array(data) };
}

/** What sharp itself is to write besides the pixels: ExifTool adds the rest, or cannot. */
type Carried = 'profile' | 'orientation' | 'everything';

async function writeImage(
  image: CarrierImage,
  source: ImageHeader & { readonly mark: Uint8Array | null },
  plan: OutputPlan,
  target: string,
  carried: Carried,
): Promise<void> {
  const { icc, iptc, exif, orientation, density, mark } = source;
  const xmp = mark ?? (carried === 'everything' ? source.xmp : null);
  const blobs = { icc, orientation, density, xmp, ...(carried === 'everything' && { iptc }) };
  const input = sharp(buildCarrier(image, blobs), { limitInputPixels: MAX_PIXELS, sequentialRead: true })
    .toColourspace(colourspace(image.channels, image.depth))
    .keepIccProfile();
  if (mark !== null) input.keepXmp();
  if (carried === 'orientation' && orientation !== 1) input.keepExif();
  if (carried === 'everything') input.keepMetadata().withExifMerge(exif ? exifBasics(exif) : {});
  try {
    await withEncoder(input, plan, source, image).toFile(target);
  } catch (error) {
    throw new AppError('output/failed', 'the image could not be encoded', { cause: error });
  }
}

/**
 * What sharp is to open. libwebp reads a mapping of the file, and a mapped file that shrinks is a crash; libvips takes
 * brackets at the end of a name for options. Both get a copy in memory.
 */
async function openable(path: string, format: Format): Promise<string | Buffer> {
  return format === 'webp' || path.endsWith(']') ? readFile(path) : path;
}

/**
 * Decodes with libjpeg's warnings as errors where that is right: it reports corrupt data and harmless oddities alike.
 * Strictly first; where the warning proves harmless, once more without.
 */
async function strictly<T>(header: ImageHeader, decode: (failOn: 'error' | 'warning') => Promise<T>): Promise<T> {
  try {
    if (header.format !== 'jpeg') return await decode('error');
    try {
      return await decode('warning');
    } catch (error) {
      if (isJpegDamage(messageOf(error))) throw error;
      return await decode('error');
    }
  } catch (error) {
    await assertUnchanged(header.path, header.identity);
    throw inputFault(error);
  }
}

/** Stray bytes before the end marker (0xd9) lose nothing; any other complaint of corrupt data does. */
function isJpegDamage(message: string): boolean {
  return /Corrupt JPEG data(?!: \d+ extraneous bytes before marker 0xd9)|premature end/i.test(message);
}

async function decodeWith(header: ImageHeader, failOn: 'error' | 'warning'): Promise<Uint8Array | Uint16Array> {
  const { width, height, channels, depth } = header;
  const options: SharpOptions = { failOn, ignoreIcc: true, sequentialRead: true, limitInputPixels: MAX_PIXELS };
  const rowBytes = (decodedBytes(header) / height) | 0;
  const top = Math.ceil(ROOM_BEFORE / rowBytes);
  const bottom = Math.ceil(carrierRoom(header) / rowBytes);
  const { data, info } = await sharp(await openable(header.path, header.format), options)
    // Rows above and below the picture become the room that a carrier needs.
    .extend({ top, bottom, background: '#000' })
    .toColourspace(decodedSpace(header))
    .raw({ depth: depth === 16 ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.width !== width || info.height !== top + height + bottom || data.length !== rowBytes * info.height) {
    throw damaged('the decoder returned an image of another size');
  }
  const pixels = adoptPixels(data, top * rowBytes, width * height * channels, depth);
  if (isExpandedGrey(header)) gatherGreyAlpha(data, top * rowBytes, width * height);
  if (header.significantBits < depth) expandFromTopBits(pixels, header.significantBits);
  return pixels;
}

function gatherGreyAlpha(data: Uint8Array, at: number, pixels: number): void {
  for (let i = 0; i < pixels; i++) {
    data[at + 2 * i] = data[at + 4 * i]!;
    data[at + 2 * i + 1] = data[at + 4 * i + 3]!;
  }
}

/** The image at the depth that the plan stores; the same object when nothing is to be converted. */
function toPlannedDepth(image: CarrierImage, plan: OutputPlan, source: ImageHeader): CarrierImage {
  const packs = plan.bits === 10 || plan.bits === 12;
  if (plan.depth === image.depth && !packs) return image;
  const data = allocatePixels(image.data.length, plan.depth, carrierRoom({ icc: source.icc }));
  if (plan.depth === 8) narrowTo8(image.data, data);
  else if (image.depth === 8) widenTo16(image.data, data);
  if (packs) packToTopBits(image.depth === 8 ? data : image.data, data, plan.bits);
  return { ...image, depth: plan.depth, data };
}

/** TIFF compressions that lose nothing, by tag; others are written as deflate. */
const TIFF_COMPRESSION: Readonly<Record<number, 'none' | 'lzw' | 'deflate' | 'packbits'>> = {
  1: 'none',
  5: 'lzw',
  8: 'deflate',
  32773: 'packbits',
  32946: 'deflate',
};
/** Offsets in a classic TIFF end at 4 GiB; above this the file is written as BigTIFF. */
const CLASSIC_TIFF_MAX_BYTES = 3.9e9;
const MM_PER_INCH = 25.4;
const DEFAULT_DENSITY_PPI = 72;
/** At and above this quality, chroma is stored at full resolution: below, bytes matter more. */
const FULL_CHROMA_QUALITY = 90;

/** Optimised Huffman tables save 10 % and hold the whole image as coefficients, 11 bytes a pixel. */
const JPEG_OPTIMISE_MAX_PIXELS = 30e6;

function withEncoder(pipeline: Sharp, plan: OutputPlan, source: ImageHeader, image: CarrierImage): Sharp {
  const pixels = image.width * image.height;
  const { quality } = plan;
  const chromaSubsampling = quality >= FULL_CHROMA_QUALITY ? '4:4:4' : '4:2:0';
  switch (plan.format) {
    case 'jpeg':
      return pipeline
        .flatten({ background: '#fff' })
        .jpeg({ quality, chromaSubsampling, optimiseCoding: pixels <= JPEG_OPTIMISE_MAX_PIXELS });
    case 'png':
      return pipeline.png({ compressionLevel: 3, adaptiveFiltering: true });
    case 'tiff': {
      const perMm = (source.density ?? DEFAULT_DENSITY_PPI) / MM_PER_INCH;
      return pipeline.tiff({
        compression: TIFF_COMPRESSION[source.tiffCompression ?? 0] ?? 'deflate',
        predictor: 'horizontal',
        bigtiff: image.data.byteLength > CLASSIC_TIFF_MAX_BYTES,
        xres: perMm,
        yres: perMm,
      });
    }
    case 'webp':
      return pipeline.webp({ quality, lossless: plan.lossless, exact: true, smartSubsample: true });
    case 'avif':
      // Effort 2 is 6 times as fast as the default 4, for files 8 % larger.
      return pipeline.avif({ quality, chromaSubsampling, bitdepth: plan.bits === 16 ? 12 : plan.bits, effort: 2 });
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('engine/cancelled', 'cancelled');
}
