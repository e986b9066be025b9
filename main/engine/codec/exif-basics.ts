/**
 * Reads the few EXIF fields that people miss most (camera, dates, exposure) as the strings that sharp's `withExif`
 * takes. Used only where ExifTool, which carries everything, cannot run.
 */

export interface ExifBasics {
  readonly IFD0: Readonly<Record<string, string>>;
  readonly IFD2: Readonly<Record<string, string>>;
}

const IFD0_FIELDS: Readonly<Record<number, string>> = {
  0x010e: 'ImageDescription',
  0x010f: 'Make',
  0x0110: 'Model',
  0x0132: 'DateTime',
  0x013b: 'Artist',
  0x8298: 'Copyright',
};
/** sharp calls the Exif sub-directory IFD2. */
const EXIF_FIELDS: Readonly<Record<number, string>> = {
  0x829a: 'ExposureTime',
  0x829d: 'FNumber',
  0x8827: 'ISOSpeedRatings',
  0x9003: 'DateTimeOriginal',
  0x9004: 'DateTimeDigitized',
  0x920a: 'FocalLength',
  0xa405: 'FocalLengthIn35mmFilm',
  0xa434: 'LensModel',
};
const EXIF_POINTER = 0x8769;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

/** The fields found in a raw EXIF block; whatever is damaged is left out. */
export function exifBasics(block: Uint8Array): ExifBasics {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const exif = bytes.toString('latin1', 0, 6) === 'Exif\0\0' ? bytes.subarray(6) : bytes;
  const IFD0: Record<string, string> = {};
  const IFD2: Record<string, string> = {};
  try {
    const reader = new Reader(exif);
    const pointer = reader.collect(reader.uint32(4), IFD0_FIELDS, IFD0);
    if (pointer !== null) reader.collect(pointer, EXIF_FIELDS, IFD2);
  } catch (error) {
    // An offset outside the block: what was read before it stands.
    if (!(error instanceof RangeError)) throw error;
  }
  return { IFD0, IFD2 };
}

class Reader {
  private readonly little: boolean;

  constructor(private readonly bytes: Buffer) {
    this.little = bytes[0] === 0x49;
  }

  uint32(at: number): number {
    return this.little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  private uint16(at: number): number {
    return this.little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  /** Adds the known fields of the directory at `at` to `into`; returns where the Exif directory is, if it says. */
  collect(at: number, names: Readonly<Record<number, string>>, into: Record<string, string>): number | null {
    let pointer: number | null = null;
    for (let entry = at + 2; entry < at + 2 + this.uint16(at) * 12; entry += 12) {
      const tag = this.uint16(entry);
      if (tag === EXIF_POINTER) pointer = this.uint32(entry + 8);
      const name = names[tag];
      const value = name === undefined ? null : this.value(entry);
      if (name !== undefined && value !== null) into[name] = value;
    }
    return pointer;
  }

  private value(entry: number): string | null {
    const type = this.uint16(entry + 2);
    const count = this.uint32(entry + 4);
    if (type === ASCII) {
      const at = count <= 4 ? entry + 8 : this.uint32(entry + 8);
      const bytes = this.bytes.toString('latin1', at, at + count);
      const text = bytes.replace(/\0.*$/s, '').trim();
      // libexif writes ASCII only, and would put question marks in place of a name.
      return /^[\x20-\x7e]+$/.test(text) ? text : null;
    }
    if (type === SHORT) return String(this.uint16(entry + 8));
    if (type === LONG) return String(this.uint32(entry + 8));
    if (type !== RATIONAL) return null;
    const at = this.uint32(entry + 8);
    return `${this.uint32(at)}/${this.uint32(at + 4)}`;
  }
}
