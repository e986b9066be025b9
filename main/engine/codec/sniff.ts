import type { Format } from '../../../preload/contract.js';

/** What the first bytes of a file say it is: a format we read, the name of one we do not, or nothing known. */
export type Sniffed =
  | { readonly kind: 'format'; readonly format: Format }
  | { readonly kind: 'foreign'; readonly name: string }
  | { readonly kind: 'unknown' };

/** Bytes that `sniff` wants to see; fewer are fine when the file is shorter. */
export const SNIFF_BYTES = 4096;

/** Little- and big-endian, classic (42, '*') and BigTIFF (43, '+'). */
const TIFF_MAGIC = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

/** Signatures of formats that are refused by name, as [offset, bytes in latin1, name]. */
const FOREIGN: readonly (readonly [number, string, string])[] = [
  [0, 'GIF8', 'GIF'],
  [0, '%PDF', 'PDF'],
  [0, 'BM', 'BMP'],
  [0, '8BPS', 'Photoshop (PSD)'],
  [0, '\x00\x00\x01\x00', 'icon (ICO)'],
  [0, 'v/1\x01', 'OpenEXR'],
  [0, '#?RADIANCE', 'Radiance HDR'],
  [0, '\xff\x0a', 'JPEG XL'],
  [0, '\x00\x00\x00\x0cJXL ', 'JPEG XL'],
  [0, '\x00\x00\x00\x0cjP  ', 'JPEG 2000'],
  [0, '\xff\x4f\xff\x51', 'JPEG 2000'],
  [0, 'FUJIFILMCCD-RAW', 'camera RAW (Fujifilm RAF)'],
  [0, 'IIRO', 'camera RAW (Olympus ORF)'],
  [0, 'IIRS', 'camera RAW (Olympus ORF)'],
  [0, 'MMOR', 'camera RAW (Olympus ORF)'],
  [0, 'IIU\x00', 'camera RAW (Panasonic RW2)'],
  [0, 'FOVb', 'camera RAW (Sigma X3F)'],
  [0, '\x00MRM', 'camera RAW (Minolta MRW)'],
  [0, 'II\x1a\x00\x00\x00HEAPCCDR', 'camera RAW (Canon CRW)'],
  [0, 'PK\x03\x04', 'ZIP archive'],
];

/** Brands of an ISO media file (bytes after `ftyp`) that are refused by name. */
const FOREIGN_BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^avis/, 'animated AVIF'],
  [/^crx /, 'camera RAW (Canon CR3)'],
  [/^(heic|heix|heim|heis|hevc|hevx|mif1|msf1)/, 'HEIC'],
];

/** Names a file's format by its contents; the file's name has no say. */
export function sniff(head: Buffer): Sniffed {
  const text = head.toString('latin1');
  if (text.startsWith('\xff\xd8\xff')) return { kind: 'format', format: 'jpeg' };
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return { kind: 'format', format: 'png' };
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return { kind: 'format', format: 'webp' };
  if (text.startsWith('ftyp', 4)) return sniffIsoMedia(head, text);
  const foreign = FOREIGN.find(([offset, magic]) => text.startsWith(magic, offset));
  if (foreign) return { kind: 'foreign', name: foreign[2] };
  if (TIFF_MAGIC.some((magic) => text.startsWith(magic))) return { kind: 'format', format: 'tiff' };
  if (isSvg(head)) return { kind: 'foreign', name: 'SVG' };
  return { kind: 'unknown' };
}

function sniffIsoMedia(head: Buffer, text: string): Sniffed {
  const major = text.slice(8, 12);
  const boxEnd = Math.min(head.readUInt32BE(0), text.length);
  const compatible: string[] = [];
  for (let at = 16; at + 4 <= boxEnd; at += 4) compatible.push(text.slice(at, at + 4));
  const animated = major === 'avis';
  if (!animated && (major === 'avif' || compatible.includes('avif'))) return { kind: 'format', format: 'avif' };
  const brand = FOREIGN_BRANDS.find(([pattern]) => pattern.test(major) || compatible.some((b) => pattern.test(b)));
  return { kind: 'foreign', name: brand ? brand[1] : 'video' };
}

function isSvg(head: Buffer): boolean {
  return /^\s*(<\?xml[^>]*>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]/i.test(
    head.toString('utf8').replace(/^\ufeff/, ''),
  );
}
