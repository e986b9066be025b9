import { ROOM_AFTER, allocatePixels, roomAround } from './pixel-buffer.js';
import type { PixelData } from '../../core/image/pixels.js';

/**
 * An uncompressed TIFF built around a pixel buffer: libvips reads it from memory as it would a file. sharp cannot
 * attach an ICC profile, XMP or IPTC to raw pixels; from a carrier it passes them on byte for byte.
 */

export interface CarrierImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly depth: 8 | 16;
  readonly data: PixelData;
}

export interface CarrierBlobs {
  readonly icc?: Uint8Array | null;
  readonly xmp?: Uint8Array | null;
  readonly iptc?: Uint8Array | null;
  /** EXIF orientation of the stored pixels, 1 to 8. */
  readonly orientation?: number;
  /** Pixels per inch. */
  readonly density?: number | null;
}

const HEADER_BYTES = 8;
/** libtiff decodes a strip at a time: small strips keep its working memory small. */
const STRIP_BYTES = 256 * 1024;

/** What most software writes when nothing is known. */
const DEFAULT_DENSITY_PPI = 72;

const TYPE = { byte: 1, short: 3, long: 4, rational: 5, undefined: 7 } as const;
type Entry = readonly [tag: number, type: keyof typeof TYPE, values: readonly number[] | Uint8Array];

/** Bytes behind the samples that a carrier with these blobs needs. */
export function carrierRoom(blobs: CarrierBlobs): number {
  return ROOM_AFTER + (blobs.icc?.length ?? 0) + (blobs.xmp?.length ?? 0) + (blobs.iptc?.length ?? 0);
}

/** Wraps `image` in TIFF structure: in place where its buffer has room, else in a copy. Samples are unchanged. */
export function buildCarrier(image: CarrierImage, blobs: CarrierBlobs): Buffer {
  const dataBytes = image.data.byteLength;
  const trailerAt = HEADER_BYTES + dataBytes + (dataBytes % 2);
  const trailer = buildDirectory(directoryEntries(image, blobs), trailerAt);
  const total = trailerAt + trailer.length;

  let data = image.data;
  const room = roomAround(data);
  if (room.before < HEADER_BYTES || room.after < total - HEADER_BYTES - dataBytes) {
    data = allocatePixels(image.data.length, image.depth, carrierRoom(blobs) + trailer.length);
    data.set(image.data);
  }
  const carrier = Buffer.from(data.buffer, data.byteOffset - HEADER_BYTES, total);
  carrier.write('II*\0', 0, 'latin1');
  carrier.writeUInt32LE(trailerAt, 4);
  trailer.copy(carrier, trailerAt);
  return carrier;
}

function directoryEntries(image: CarrierImage, blobs: CarrierBlobs): Entry[] {
  const { width, height, channels, depth } = image;
  const rowBytes = width * channels * (depth / 8);
  // At most 4096 strips, so that the directory fits the room whatever the shape.
  const rowsPerStrip = Math.max(1, Math.floor(STRIP_BYTES / rowBytes), Math.ceil(height / 4096));
  const strips = Math.ceil(height / rowsPerStrip);
  const offsets = Array.from({ length: strips }, (_, i) => HEADER_BYTES + i * rowsPerStrip * rowBytes);
  const counts = offsets.map((_, i) => Math.min(rowsPerStrip, height - i * rowsPerStrip) * rowBytes);
  const isGrey = channels < 3;
  const density = Math.max(1, Math.round(blobs.density ?? DEFAULT_DENSITY_PPI));
  const entries: Entry[] = [
    [256, 'long', [width]],
    [257, 'long', [height]],
    [258, 'short', Array<number>(channels).fill(depth)],
    [259, 'short', [1]],
    [262, 'short', [isGrey ? 1 : 2]],
    [273, 'long', offsets],
    [274, 'short', [blobs.orientation ?? 1]],
    [277, 'short', [channels]],
    [278, 'long', [rowsPerStrip]],
    [279, 'long', counts],
    // One rational: numerator and denominator.
    [282, 'rational', [density, 1]],
    [283, 'rational', [density, 1]],
    [284, 'short', [1]],
    // 2: per inch.
    [296, 'short', [2]],
  ];
  // 2: unassociated (straight) alpha.
  if (channels === 2 || channels === 4) entries.push([338, 'short', [2]]);
  if (blobs.xmp) entries.push([700, 'byte', blobs.xmp]);
  if (blobs.iptc) entries.push([33723, 'undefined', blobs.iptc]);
  if (blobs.icc) entries.push([34675, 'undefined', blobs.icc]);
  return entries;
}

/** Lays out one directory at file offset `at`, followed by the values that do not fit in it. */
function buildDirectory(entries: readonly Entry[], at: number): Buffer {
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  const overflow: Buffer[] = [];
  let overflowAt = at + directory.length;
  directory.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, type, values], i) => {
    const entryAt = 2 + i * 12;
    const bytes = encodeValues(type, values);
    directory.writeUInt16LE(tag, entryAt);
    directory.writeUInt16LE(TYPE[type], entryAt + 2);
    directory.writeUInt32LE(type === 'rational' ? 1 : values.length, entryAt + 4);
    if (bytes.length <= 4) {
      bytes.copy(directory, entryAt + 8);
    } else {
      directory.writeUInt32LE(overflowAt, entryAt + 8);
      const padded = Buffer.alloc(bytes.length + (bytes.length % 2));
      bytes.copy(padded);
      overflow.push(padded);
      overflowAt += padded.length;
    }
  });
  return Buffer.concat([directory, ...overflow]);
}

function encodeValues(type: keyof typeof TYPE, values: readonly number[] | Uint8Array): Buffer {
  if (values instanceof Uint8Array) return Buffer.from(values);
  const size = type === 'short' ? 2 : 4;
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, i) => (size === 2 ? bytes.writeUInt16LE(value, i * 2) : bytes.writeUInt32LE(value, i * 4)));
  return bytes;
}
