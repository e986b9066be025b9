/** Builds an EXIF block by hand, as a camera would, so that tests do not rely on the tool that they test. */

type Value = string | readonly number[] | readonly (readonly [number, number])[] | Buffer;
interface Field {
  readonly tag: number;
  readonly type: 1 | 2 | 3 | 4 | 5 | 7;
  readonly value: Value;
}

const SIZES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 } as const;

const ascii = (tag: number, value: string): Field => ({ tag, type: 2, value });
const short = (tag: number, ...value: number[]): Field => ({ tag, type: 3, value });
const byte = (tag: number, ...value: number[]): Field => ({ tag, type: 1, value });
const rational = (tag: number, ...value: (readonly [number, number])[]): Field => ({ tag, type: 5, value });

export interface ExifOptions {
  readonly orientation?: number;
  /** A JPEG to embed as the thumbnail (IFD1). */
  readonly thumbnail?: Buffer;
}

/** A little-endian EXIF block (from 'II*\0') with camera, dates, exposure, GPS and a Canon maker note. */
export function exifBlock({ orientation = 1, thumbnail }: ExifOptions = {}): Buffer {
  const gps = [
    byte(0, 2, 3, 0, 0),
    ascii(1, 'N'),
    rational(2, [37, 1], [33, 1], [5946, 100]),
    ascii(3, 'E'),
    rational(4, [126, 1], [58, 1], [4068, 100]),
    ascii(29, '2024:05:17'),
  ];
  const makerNote = [
    ascii(0x0006, 'Canon EOS R5'),
    ascii(0x0007, 'Firmware 1.8.1'),
    ascii(0x0095, 'RF50mm F1.2 L USM'),
  ];
  const exif = (makerNoteBytes: Buffer): Field[] => [
    rational(0x829a, [1, 250]),
    rational(0x829d, [28, 10]),
    short(0x8827, 3200),
    { tag: 0x9000, type: 7, value: Buffer.from('0232') },
    ascii(0x9003, '2024:05:17 14:03:09'),
    ascii(0x9004, '2024:05:17 14:03:09'),
    ascii(0x9011, '+09:00'),
    rational(0x920a, [50, 1]),
    { tag: 0x927c, type: 7, value: makerNoteBytes },
    ascii(0x9291, '42'),
    short(0xa001, 0xffff),
    ascii(0xa434, 'RF50mm F1.2 L USM'),
  ];
  const main = (exifAt: number, gpsAt: number): Field[] => [
    ascii(0x010e, 'A cup of coffee'),
    ascii(0x010f, 'Canon'),
    ascii(0x0110, 'Canon EOS R5'),
    short(0x0112, orientation),
    rational(0x011a, [300, 1]),
    rational(0x011b, [300, 1]),
    short(0x0128, 2),
    ascii(0x0132, '2024:05:17 14:03:09'),
    ascii(0x013b, '홍길동 📷'),
    ascii(0x8298, '(c) 2024 Hong'),
    { tag: 0x8769, type: 4, value: [exifAt] },
    { tag: 0x8825, type: 4, value: [gpsAt] },
  ];
  const mainAt = 8;
  const exifAt = mainAt + directory(main(0, 0), mainAt).length;
  // A Canon maker note is a directory whose offsets count from the start of the block, so its own place matters.
  const empty = directory(makerNote, 0);
  const withEmpty = directory(exif(empty), exifAt);
  const noteAt = exifAt + withEmpty.indexOf(empty.subarray(0, 14));
  const exifDirectory = directory(exif(directory(makerNote, noteAt)), exifAt);
  const gpsAt = exifAt + exifDirectory.length;
  const gpsDirectory = directory(gps, gpsAt);
  const thumbnailDirectoryAt = thumbnail ? gpsAt + gpsDirectory.length : 0;
  const thumbnailFields = (at: number): Field[] => [
    short(0x0103, 6),
    { tag: 0x0201, type: 4, value: [at] },
    { tag: 0x0202, type: 4, value: [thumbnail?.length ?? 0] },
  ];
  const thumbnailAt = thumbnailDirectoryAt + directory(thumbnailFields(0), 0).length;
  return Buffer.concat([
    Buffer.from([0x49, 0x49, 42, 0, mainAt, 0, 0, 0]),
    directory(main(exifAt, gpsAt), mainAt, thumbnailDirectoryAt),
    exifDirectory,
    gpsDirectory,
    ...(thumbnail ? [directory(thumbnailFields(thumbnailAt), thumbnailDirectoryAt), thumbnail] : []),
  ]);
}

/** `jpeg` with the block in an APP1 segment behind its first marker. */
export function insertExif(jpeg: Buffer, block: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

function directory(fields: readonly Field[], at: number, next = 0): Buffer {
  const entries = Buffer.alloc(2 + fields.length * 12 + 4);
  const overflow: Buffer[] = [];
  let overflowAt = at + entries.length;
  entries.writeUInt16LE(fields.length, 0);
  fields.forEach((field, i) => {
    const bytes = encode(field);
    const entry = 2 + i * 12;
    entries.writeUInt16LE(field.tag, entry);
    entries.writeUInt16LE(field.type, entry + 2);
    entries.writeUInt32LE(bytes.length / SIZES[field.type], entry + 4);
    if (bytes.length <= 4) {
      bytes.copy(entries, entry + 8);
      return;
    }
    entries.writeUInt32LE(overflowAt, entry + 8);
    overflow.push(bytes, Buffer.alloc(bytes.length % 2));
    overflowAt += bytes.length + (bytes.length % 2);
  });
  entries.writeUInt32LE(next, entries.length - 4);
  return Buffer.concat([entries, ...overflow]);
}

function encode({ type, value }: Field): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'string') return Buffer.from(`${value}\0`, 'utf8');
  const flat = value.flatMap((v) => v);
  const size = type === 5 ? 4 : SIZES[type];
  const bytes = Buffer.alloc(flat.length * size);
  flat.forEach((v, i) => bytes.writeUIntLE(v, i * size, size));
  return bytes;
}
