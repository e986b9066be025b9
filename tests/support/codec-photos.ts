import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Format } from '../../preload/contract.js';
import { exifBlock, insertExif } from './exif-block.js';

/** Makes photo files of every kind that the codec meets, and reads results back by other means than the codec. */

/** For files of special kinds; tests take sharp from here, so that one place shows who uses it. */
export { sharp };

export const FIXTURES = join(import.meta.dirname, '../fixtures');

export const ALL_FORMATS: readonly Format[] = ['jpeg', 'png', 'tiff', 'webp', 'avif'];

export type Layout = 'grey8' | 'greya8' | 'rgb8' | 'rgba8' | 'grey16' | 'greya16' | 'rgb16' | 'rgba16';

const CHANNELS = { grey: 1, greya: 2, rgb: 3, rgba: 4 } as const;

/** Channels and depth of a layout. */
export function shape(layout: Layout): { channels: 1 | 2 | 3 | 4; depth: 8 | 16 } {
  const match = /^([a-z]+)(8|16)$/.exec(layout)!;
  return { channels: CHANNELS[match[1] as keyof typeof CHANNELS], depth: match[2] === '16' ? 16 : 8 };
}

/** Samples of the coffee photograph in `layout`, with a smooth alpha from 0 to full. */
export async function samples(layout: Layout, width = 64, height = 48): Promise<Uint8Array | Uint16Array> {
  const { channels, depth } = shape(layout);
  const small = sharp(join(FIXTURES, 'coffee.png')).resize(width, height, { fit: 'fill' });
  const rgb = new Uint8Array(await small.raw().toBuffer());
  const out = depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  const colours = channels < 3 ? 1 : 3;
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < colours; c++) out[i * channels + c] = deepen(rgb[i * 3 + (colours === 1 ? 1 : c)]!, i, depth);
    if (channels === colours) continue;
    out[i * channels + colours] = deepen(Math.floor((255 * (i % width)) / (width - 1)), i, depth);
  }
  return out;
}

/** Fills the low byte of 16-bit samples with something of its own, so that a detour through 8 bits shows. */
function deepen(value: number, i: number, depth: 8 | 16): number {
  return depth === 8 ? value : Math.min(65535, value * 256 + ((i * 37) % 256));
}

/** Encodes samples by sharp alone, losslessly where the format can. */
export async function encodeBySharp(
  data: Uint8Array | Uint16Array,
  layout: Layout,
  format: Format,
  width = 64,
  height = 48,
): Promise<Buffer> {
  const { channels, depth } = shape(layout);
  const grey = channels < 3;
  const space = depth === 16 ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb';
  const input = sharp(data, { raw: { width, height, channels } }).toColourspace(space);
  const bitdepth = depth === 16 ? 12 : 8;
  switch (format) {
    case 'jpeg':
      return input.jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer();
    case 'png':
      return input.png().toBuffer();
    case 'tiff':
      return input.tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer();
    case 'webp':
      return input.webp({ lossless: true, exact: true }).toBuffer();
    case 'avif':
      return input.avif({ quality: 98, chromaSubsampling: '4:4:4', effort: 2, bitdepth }).toBuffer();
  }
}

/** The Display P3 profile that libvips brings. */
export async function p3Profile(): Promise<Buffer> {
  const tiny = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#888' } })
    .withIccProfile('p3')
    .png()
    .toBuffer();
  return (await sharp(tiny).metadata()).icc!;
}

/** Made once for each orientation: each takes a start of ExifTool. */
const rich = new Map<number, Buffer>();

/** A JPEG with EXIF (maker note, GPS and thumbnail included), XMP and IPTC in two scripts, and a P3 profile. */
export async function richJpeg(path: string, orientation: number): Promise<void> {
  const made = rich.get(orientation);
  if (made) return writeFile(path, made);
  const picture = sharp(join(FIXTURES, 'coffee.png')).resize(96, 64, { fit: 'fill' });
  const thumbnail = await picture.clone().resize(24, 16).jpeg().toBuffer();
  const jpeg = await picture.clone().withIccProfile('p3').jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer();
  await writeFile(path, insertExif(jpeg, exifBlock({ orientation, thumbnail })));
  exiftool(
    '-overwrite_original',
    '-XMP-dc:Title=제목 title',
    '-XMP-dc:Subject=a',
    '-XMP-dc:Subject=b',
    '-XMP-xmp:Rating=4',
    '-XMP-photoshop:City=Seoul',
    '-XMP-exif:GPSLatitude=37.5',
    '-XMP-iptcExt:LocationShownCity=Busan',
    `-XMP-tiff:Orientation#=${orientation}`,
    '-XMP-crs:Exposure2012=+0.5',
    '-IPTC:CodedCharacterSet=UTF8',
    '-IPTC:Caption-Abstract=캡션 caption',
    '-IPTC:Keywords=k1',
    '-IPTC:Keywords=k2',
    '-IPTC:City=Seoul',
    path,
  );
  rich.set(orientation, readFileSync(path));
}

const EXIFTOOL = createRequire(import.meta.url)('exiftool-vendored.pl') as string;

/** Runs ExifTool once, outside the product's own process; found even where a test hides Perl from the product. */
export function exiftool(...args: string[]): string {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
  return execFileSync('/usr/bin/perl', [EXIFTOOL, '-config', '', '-q', ...args], options);
}

export type Tags = Readonly<Record<string, unknown>>;

/** Every tag of the files, as 'Group:Name'; one ExifTool for all of them. */
export function readTags(paths: readonly string[]): Tags[] {
  return JSON.parse(exiftool('-json', '-G1', '-a', '-n', '-b', '-ICC_Profile', '-all', ...paths)) as Tags[];
}

/** Calls `use` with a folder that is removed when it ends. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'stillgrain-test-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The bytes of a fixture. */
export function fixture(name: string): Buffer {
  return readFileSync(join(FIXTURES, name));
}

/** The picture as a viewer shows it: sharp's own pixels, turned as the file says, as 8-bit RGB. */
export async function shown(file: string): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { data, info } = await sharp(file, { ignoreIcc: true })
    .autoOrient()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Mean absolute difference of two pictures of one size, in their own units. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
