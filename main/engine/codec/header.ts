import type { Format } from '../../../preload/contract.js';
import { AppError } from '../../core/errors.js';
import { damaged } from './faults.js';
import type { FileIdentity, Inspection } from './inspect.js';

/** What a file says of its image, and which images are refused for what they say. Pure. */

export type Channels = 1 | 2 | 3 | 4;

/** What a file says of its image, and what encoding needs to know of the original. */
export interface ImageHeader {
  /** The original, opened for reading only. */
  readonly path: string;
  readonly identity: FileIdentity;
  readonly format: Format;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: Channels;
  readonly depth: 8 | 16;
  readonly hasAlpha: boolean;
  /** Bits per sample that carry information: 10 or 12 for deep AVIF, else the depth. */
  readonly significantBits: number;
  /** How the stored pixels are to be turned for viewing, as EXIF counts (1 to 8); AVIF is decoded upright: 1. */
  readonly orientation: number;
  /** A WebP whose pixels were stored losslessly. */
  readonly lossless: boolean;
  readonly tiffCompression: number | null;
  /** Pixels per inch, where the file says. */
  readonly density: number | null;
  readonly icc: Uint8Array | null;
  readonly exif: Uint8Array | null;
  readonly xmp: Uint8Array | null;
  readonly iptc: Uint8Array | null;
}

/** More is refused: 1000 megapixels. */
export const MAX_PIXELS = 1_000_000_000;
/** Node's largest Buffer, less the room that a carrier needs. */
const MAX_RAW_BYTES = 2 ** 32 - 2 ** 25;
/** A JPEG spends at least a bit on each block of 64 pixels: more pixels per byte than this cannot be. */
const JPEG_MAX_PIXELS_PER_BYTE = 512;

/** What libvips says of a file, as far as it counts. */
interface FileMetadata {
  readonly width: number;
  readonly height: number;
  readonly space: string;
  readonly depth: string;
  readonly channels: number;
  readonly bitsPerSample?: number | undefined;
  readonly orientation?: number | undefined;
  readonly density?: number | undefined;
  readonly icc?: Uint8Array | undefined;
  readonly exif?: Uint8Array | undefined;
  readonly xmp?: Uint8Array | undefined;
  readonly iptc?: Uint8Array | undefined;
}

/** The header of an image that we handle; throws an `AppError` for any other. */
export function toHeader(path: string, inspection: Inspection, metadata: FileMetadata): ImageHeader {
  const { format, identity, lossless, tiffCompression } = inspection;
  const { width, height, space } = metadata;
  if (width * height > MAX_PIXELS) {
    const megapixels = Math.round((width * height) / 1e6);
    throw new AppError('input/too-large', `${width} x ${height} is ${megapixels} megapixels: the limit is 1000`);
  }
  if (format === 'jpeg' && width * height > identity.size * JPEG_MAX_PIXELS_PER_BYTE) {
    throw damaged(`it declares ${width} x ${height} pixels, more than ${identity.size} bytes can hold`);
  }
  if (space === 'cmyk') {
    throw new AppError('input/unsupported', 'CMYK images are not supported: convert it to RGB first');
  }
  if (!['srgb', 'rgb16', 'b-w', 'grey16'].includes(space) || !['uchar', 'ushort'].includes(metadata.depth)) {
    throw new AppError('input/unsupported', `images in ${space} with ${metadata.depth} samples are not supported`);
  }
  const channels: number = metadata.channels;
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4) {
    throw new AppError('input/unsupported', `images with ${channels} channels are not supported`);
  }
  const depth = metadata.depth === 'ushort' ? 16 : 8;
  const header = {
    path,
    identity,
    format,
    width,
    height,
    channels,
    depth,
    hasAlpha: channels === 2 || channels === 4,
    significantBits: format === 'avif' ? (metadata.bitsPerSample ?? depth) : depth,
    orientation: format === 'avif' ? 1 : (metadata.orientation ?? 1),
    lossless,
    tiffCompression,
    density: metadata.density ?? null,
    icc: metadata.icc ?? null,
    exif: metadata.exif ?? null,
    xmp: metadata.xmp ?? null,
    iptc: metadata.iptc ?? null,
  } satisfies ImageHeader;
  if (decodedBytes(header) > MAX_RAW_BYTES) {
    const gigabytes = (imageBytes(header) / 1e9).toFixed(1);
    throw new AppError('input/too-large', `decoded, the image takes ${gigabytes} GB: the limit is 4`);
  }
  return header;
}

/** Bytes of memory that the decoded image takes. */
export function imageBytes(header: Pick<ImageHeader, 'width' | 'height' | 'channels' | 'depth'>): number {
  return header.width * header.height * header.channels * (header.depth / 8);
}

/** sharp's raw output drops the alpha of 8-bit grey images, so those are decoded as RGBA and gathered. */
export function isExpandedGrey(header: ImageHeader): boolean {
  return header.channels === 2 && header.depth === 8;
}

/** Bytes of what sharp returns of the image. */
export function decodedBytes(header: ImageHeader): number {
  return imageBytes(isExpandedGrey(header) ? { ...header, channels: 4 } : header);
}

/** The layout in which sharp is to return the image. */
export function decodedSpace(header: ImageHeader): 'srgb' | 'rgb16' | 'b-w' | 'grey16' {
  return isExpandedGrey(header) ? 'srgb' : colourspace(header.channels, header.depth);
}

/** libvips's name of the layout; naming the one that the samples are in keeps it from converting them. */
export function colourspace(channels: Channels, depth: 8 | 16): 'srgb' | 'rgb16' | 'b-w' | 'grey16' {
  if (channels < 3) return depth === 16 ? 'grey16' : 'b-w';
  return depth === 16 ? 'rgb16' : 'srgb';
}
