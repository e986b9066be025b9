/** Writes the two files that hold an icon in several sizes, each size as a PNG. Pure. */

export interface IconImage {
  /** Side in pixels. */
  readonly size: number;
  readonly png: Uint8Array;
}

const ICO_HEADER_BYTES = 6;
const ICO_ENTRY_BYTES = 16;
/** Sides that Windows asks for; 256 is the most that the format can say. */
export const ICO_SIZES = [16, 20, 24, 32, 40, 48, 64, 128, 256] as const;

/** An icon of Windows: a directory of the images, then the images. */
export function ico(images: readonly IconImage[]): Uint8Array {
  const header = Buffer.alloc(ICO_HEADER_BYTES + ICO_ENTRY_BYTES * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of images.entries()) {
    const entry = ICO_HEADER_BYTES + ICO_ENTRY_BYTES * index;
    // 256 does not fit a byte and is written as 0.
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...images.map((image) => image.png)]);
}

/** Types of an Apple icon's elements that hold PNGs, with the pixels of each; the second of a size is for high densities. */
const ICNS_TYPES: readonly (readonly [type: string, size: number])[] = [
  ['icp4', 16],
  ['ic11', 32],
  ['icp5', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];
export const ICNS_SIZES = [...new Set(ICNS_TYPES.map(([, size]) => size))];

/** An icon of macOS: elements of a type, a length and a PNG. */
export function icns(images: readonly IconImage[]): Uint8Array {
  const elements = ICNS_TYPES.flatMap(([type, size]) => {
    const image = images.find((candidate) => candidate.size === size);
    return image === undefined ? [] : [element(type, image.png)];
  });
  return element('icns', Buffer.concat(elements));
}

function element(type: string, data: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(header.length + data.length, 4);
  return Buffer.concat([header, data]);
}
