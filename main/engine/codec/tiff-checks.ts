import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../core/errors.js';
import { damaged } from './faults.js';
import { TAG, TiffStructureError, readTiffDirectories } from './tiff-file.js';
import type { TiffDirectory } from './tiff-file.js';

/** Values of the PhotometricInterpretation tag. */
const PHOTOMETRIC = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3, yCbCr: 6 } as const;
const REFUSED_PHOTOMETRIC: Readonly<Record<number, string>> = {
  4: 'a transparency mask',
  5: 'CMYK',
  8: 'CIELAB',
  9: 'ICC LAB',
  10: 'ITU LAB',
  32803: 'a camera RAW mosaic',
  32844: 'LogLuv',
  32845: 'LogLuv',
  34892: 'linear camera RAW',
};
/** Compression tags whose strips hold exactly the samples. */
const UNCOMPRESSED = 1;
/** No deflate stream expands its input by more than this. */
const DEFLATE_MAX_RATIO = 1032;
const DEFLATE = new Set([8, 32946]);

/** Refuses TIFF files of kinds that libvips would misread or that we do not handle; returns what encoding needs. */
export async function checkTiff(file: FileHandle, size: number, head: Buffer): Promise<{ compression: number }> {
  if (head.toString('latin1', 8, 10) === 'CR') throw unsupported('camera RAW (Canon CR2)');
  const directories = await readTiffDirectories(file, size).catch((error: unknown) => {
    throw error instanceof TiffStructureError ? damaged(error.message, { cause: error }) : error;
  });
  const first = directories[0];
  if (!first) throw damaged('it holds no image');
  refuseRaw(first, directories);
  // Bit 0: a reduced copy of another page; bit 2: a mask. Neither is a page of its own.
  const pages = directories.filter((d) => !d.isSubDirectory && ((value(d, TAG.newSubfileType) ?? 0) & 5) === 0);
  if (pages.length > 1) throw unsupported(`TIFF with ${pages.length} pages`);
  refuseSamples(first);
  checkExtents(first, size);
  return { compression: value(first, TAG.compression) ?? UNCOMPRESSED };
}

function refuseRaw(first: TiffDirectory, directories: readonly TiffDirectory[]): void {
  if (first.tags.has(TAG.dngVersion)) throw unsupported('camera RAW (DNG)');
  const isMosaic = directories.some((d) => [32803, 34892].includes(value(d, TAG.photometric) ?? -1));
  const startsWithThumbnail = ((value(first, TAG.newSubfileType) ?? 0) & 1) === 1 && directories.length > 1;
  if (isMosaic || startsWithThumbnail) throw unsupported('camera RAW');
}

function refuseSamples(first: TiffDirectory): void {
  const photometric = value(first, TAG.photometric) ?? PHOTOMETRIC.blackIsZero;
  const refused = REFUSED_PHOTOMETRIC[photometric];
  if (refused !== undefined) throw unsupported(`TIFF with ${refused} pixels`);
  const formats = first.tags.get(TAG.sampleFormat) ?? [];
  if (formats.includes(3)) throw unsupported('floating-point TIFF');
  if (formats.some((f) => f !== 1 && f !== 4)) throw unsupported('TIFF with signed or complex samples');
  const bits = first.tags.get(TAG.bitsPerSample) ?? [1];
  if (bits.some((b) => b !== bits[0]) || ![1, 2, 4, 8, 16].includes(bits[0] ?? 1)) {
    throw unsupported(`TIFF with ${[...new Set(bits)].join('/')} bits per sample`);
  }
  const samples = value(first, TAG.samplesPerPixel) ?? 1;
  const isColour = photometric === PHOTOMETRIC.rgb || photometric === PHOTOMETRIC.yCbCr;
  const colours = isColour ? 3 : 1;
  if (samples < colours || samples > colours + 1) throw unsupported(`TIFF with ${samples} channels`);
}

/** A file that declares more pixels than its strips can hold, or strips behind its end, is refused before decoding. */
function checkExtents(first: TiffDirectory, size: number): void {
  const tiled = first.tags.has(TAG.tileOffsets);
  const offsets = first.tags.get(tiled ? TAG.tileOffsets : TAG.stripOffsets) ?? [];
  const counts = first.tags.get(tiled ? TAG.tileByteCounts : TAG.stripByteCounts);
  if (offsets.length === 0) throw damaged('it holds no pixels');
  let stored = 0;
  offsets.forEach((offset, i) => {
    const count = counts?.[i] ?? 0;
    stored += count;
    if (offset + count > size) throw damaged('its pixels end behind the end of the file');
  });
  if (!counts) return;
  const compression = value(first, TAG.compression) ?? UNCOMPRESSED;
  const bits = (value(first, TAG.bitsPerSample) ?? 1) * (value(first, TAG.samplesPerPixel) ?? 1);
  const declared = ((value(first, TAG.width) ?? 0) * bits * (value(first, TAG.height) ?? 0)) / 8;
  const ratio = compression === UNCOMPRESSED ? 1 : DEFLATE.has(compression) ? DEFLATE_MAX_RATIO : Infinity;
  if (stored * ratio < declared) throw damaged('it holds fewer pixels than it declares');
}

function value(directory: TiffDirectory, tag: number): number | undefined {
  return directory.tags.get(tag)?.[0];
}

function unsupported(what: string): AppError {
  return new AppError('input/unsupported', `${what} is not supported: convert it to 8- or 16-bit RGB or grey first`);
}
