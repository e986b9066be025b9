import { crc32 } from 'node:zlib';

/** Files that no encoder makes: structure with chosen lies in it. */

export interface TiffOptions {
  readonly channels?: number;
  readonly bits?: number;
  readonly photometric?: number;
  readonly compression?: number;
  /** Width and height that the file claims, while it holds 4 x 4 pixels. */
  readonly declared?: number;
  readonly declaredHeight?: number;
  readonly stripBytes?: number;
  readonly pages?: number;
  readonly extra?: readonly TiffTag[];
  /** A tag of every page but the first. */
  readonly laterPages?: TiffTag;
}

/** Tag, field type (1 byte, 3 short, 4 long) and values. */
export type TiffTag = readonly [tag: number, type: 1 | 3 | 4, values: readonly number[]];

const SIZE = { 1: 1, 3: 2, 4: 4 } as const;

/** A little-endian TIFF of 4 x 4 grey-to-white pixels, uncompressed, with the pixels in front. */
export function tiffFile(options: TiffOptions = {}): Buffer {
  const { channels = 3, bits = 8, compression = 1, declared = 4, pages = 1, extra = [], laterPages } = options;
  const strip = Buffer.alloc((4 * 4 * channels * bits) / 8, 0x80);
  const parts: Buffer[] = [Buffer.from('II*\0\0\0\0\0', 'latin1'), strip];
  let at = 8 + strip.length;
  for (let page = 0; page < pages; page++) {
    const tags: TiffTag[] = [
      [256, 4, [declared]],
      [257, 4, [options.declaredHeight ?? declared]],
      [258, 3, Array<number>(channels).fill(bits)],
      [259, 3, [compression]],
      [262, 3, [options.photometric ?? (channels < 3 ? 1 : 2)]],
      [273, 4, [8]],
      [277, 3, [channels]],
      [278, 4, [options.declaredHeight ?? declared]],
      [279, 4, [options.stripBytes ?? strip.length]],
      ...extra,
      ...(page > 0 && laterPages ? [laterPages] : []),
    ];
    tags.sort((a, b) => a[0] - b[0]);
    const directory = directoryAt(at, tags, page + 1 < pages);
    if (page === 0) parts[0]!.writeUInt32LE(at, 4);
    parts.push(directory);
    at += directory.length;
  }
  return Buffer.concat(parts);
}

function directoryAt(at: number, tags: readonly TiffTag[], hasNext: boolean): Buffer {
  const head = Buffer.alloc(2 + tags.length * 12 + 4);
  const overflow: Buffer[] = [];
  let overflowAt = at + head.length;
  head.writeUInt16LE(tags.length, 0);
  tags.forEach(([tag, type, values], i) => {
    const entry = 2 + i * 12;
    const bytes = Buffer.alloc(Math.max(4, values.length * SIZE[type]));
    values.forEach((value, k) => bytes.writeUIntLE(value, k * SIZE[type], SIZE[type]));
    head.writeUInt16LE(tag, entry);
    head.writeUInt16LE(type, entry + 2);
    head.writeUInt32LE(values.length, entry + 4);
    if (bytes.length === 4) {
      bytes.copy(head, entry + 8);
      return;
    }
    head.writeUInt32LE(overflowAt, entry + 8);
    overflow.push(bytes);
    overflowAt += bytes.length;
  });
  head.writeUInt32LE(hasNext ? overflowAt : 0, head.length - 4);
  return Buffer.concat([head, ...overflow]);
}

/** A PNG chunk with its length and checksum. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body) >>> 0);
  return Buffer.concat([length, body, sum]);
}
