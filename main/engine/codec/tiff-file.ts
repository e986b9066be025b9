import type { FileHandle } from 'node:fs/promises';

/**
 * Reads the directories of a TIFF file, classic or BigTIFF, without its pixels. libvips would happily open the
 * thumbnail of a camera RAW, the first of many pages, or a file whose strips lie behind its end; this tells first.
 */

export interface TiffDirectory {
  /** Numbers of the tags that were asked for; absent tags are absent. */
  readonly tags: ReadonlyMap<number, readonly number[]>;
  readonly isSubDirectory: boolean;
}

/** Tags that the codec looks at. */
export const TAG = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  stripByteCounts: 279,
  tileOffsets: 324,
  tileByteCounts: 325,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  dngVersion: 50706,
} as const;

const WANTED = new Set<number>(Object.values(TAG));
/** Bytes per value of each TIFF field type that holds unsigned whole numbers; others are skipped. */
const NUMBER_SIZES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };
/** A tile list of a gigapixel image has some 100,000 entries; more than this is no photograph. */
const MAX_VALUES = 1_000_000;
const MAX_DIRECTORIES = 256;
const MAX_ENTRIES = 4096;

/** Thrown when the structure points outside the file or loops. */
export class TiffStructureError extends Error {}

interface Layout {
  readonly file: FileHandle;
  readonly size: number;
  readonly little: boolean;
  readonly big: boolean;
}

/** Lists the directories of `file`: the chain of pages and, one level down, their sub-directories. */
export async function readTiffDirectories(file: FileHandle, size: number): Promise<TiffDirectory[]> {
  const head = await readAt(file, size, 0, Math.min(16, size));
  const little = head[0] === 0x49;
  const big = (little ? head.readUInt16LE(2) : head.readUInt16BE(2)) === 43;
  const layout = { file, size, little, big };
  const found: TiffDirectory[] = [];
  const seen = new Set<number>();
  let next = big ? uint(head, 8, 8, little) : uint(head, 4, 4, little);
  while (next !== 0) {
    if (seen.has(next) || seen.size >= MAX_DIRECTORIES) throw new TiffStructureError('directories loop');
    seen.add(next);
    const directory = await readDirectory(layout, next, false);
    found.push(directory.directory);
    for (const offset of directory.directory.tags.get(TAG.subDirectories) ?? []) {
      if (seen.has(offset) || seen.size >= MAX_DIRECTORIES) throw new TiffStructureError('directories loop');
      seen.add(offset);
      found.push((await readDirectory(layout, offset, true)).directory);
    }
    next = directory.next;
  }
  return found;
}

async function readDirectory(
  layout: Layout,
  offset: number,
  isSubDirectory: boolean,
): Promise<{ directory: TiffDirectory; next: number }> {
  const { file, size, little, big } = layout;
  const countBytes = big ? 8 : 2;
  const entryBytes = big ? 20 : 12;
  const pointerBytes = big ? 8 : 4;
  const count = uint(await readAt(file, size, offset, countBytes), 0, countBytes, little);
  if (count === 0 || count > MAX_ENTRIES) throw new TiffStructureError('a directory has no sensible length');
  const body = await readAt(file, size, offset + countBytes, count * entryBytes + pointerBytes);
  const tags = new Map<number, readonly number[]>();
  for (let i = 0; i < count; i++) {
    const entry = body.subarray(i * entryBytes, (i + 1) * entryBytes);
    const tag = uint(entry, 0, 2, little);
    if (WANTED.has(tag)) tags.set(tag, await readValues(layout, entry));
  }
  return { directory: { tags, isSubDirectory }, next: uint(body, count * entryBytes, pointerBytes, little) };
}

async function readValues(layout: Layout, entry: Buffer): Promise<number[]> {
  const { file, size, little, big } = layout;
  const bytes = NUMBER_SIZES[uint(entry, 2, 2, little)];
  const count = uint(entry, 4, big ? 8 : 4, little);
  if (bytes === undefined) return [];
  if (count > MAX_VALUES) throw new TiffStructureError('a tag has no sensible length');
  const inline = entry.subarray(big ? 12 : 8);
  const values =
    count * bytes <= inline.length
      ? inline
      : await readAt(file, size, uint(inline, 0, inline.length, little), count * bytes);
  return Array.from({ length: count }, (_, i) => uint(values, i * bytes, bytes, little));
}

async function readAt(file: FileHandle, size: number, offset: number, length: number): Promise<Buffer> {
  if (offset + length > size) throw new TiffStructureError('the structure points behind the end of the file');
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  if (bytesRead < length) throw new TiffStructureError('the file ends early');
  return buffer;
}

function uint(buffer: Buffer, at: number, bytes: number, little: boolean): number {
  if (bytes === 1) return buffer.readUInt8(at);
  if (bytes === 2) return little ? buffer.readUInt16LE(at) : buffer.readUInt16BE(at);
  if (bytes === 4) return little ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at);
  return Number(little ? buffer.readBigUInt64LE(at) : buffer.readBigUInt64BE(at));
}
