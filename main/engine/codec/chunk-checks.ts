import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../core/errors.js';
import { damaged } from './faults.js';

/** Checks of PNG and WebP structure that cost a few reads and spare a decoder a hopeless or dangerous file. */

/** No deflate stream expands its input by more than this. */
const DEFLATE_MAX_RATIO = 1032;
const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Chunks in front of the pixels; real files have a dozen. */
const MAX_CHUNKS = 1000;

/** Refuses animated PNG, and PNG whose file is too short for the pixels that it declares. */
export async function checkPng(file: FileHandle, size: number): Promise<void> {
  const header = await readAt(file, 8, 25);
  if (header.length < 25 || header.toString('latin1', 4, 8) !== 'IHDR') throw damaged('it has no header');
  const width = header.readUInt32BE(8);
  const height = header.readUInt32BE(12);
  const channels = PNG_CHANNELS[header.readUInt8(17)] ?? 1;
  const rowBytes = 1 + Math.ceil((width * channels * header.readUInt8(16)) / 8);
  if (rowBytes * height > size * DEFLATE_MAX_RATIO) {
    throw damaged(`it declares ${width} x ${height} pixels, more than ${size} bytes can hold`);
  }
  let at = 33;
  for (let i = 0; i < MAX_CHUNKS; i++) {
    const chunk = await readAt(file, at, 8);
    const type = chunk.toString('latin1', 4, 8);
    if (type === 'acTL') throw new AppError('input/unsupported', 'animated PNG is not supported');
    if (chunk.length < 8 || type === 'IDAT') return;
    at += 12 + chunk.readUInt32BE(0);
  }
}

/** Refuses animated and cut WebP; tells whether the pixels are stored losslessly. */
export async function checkWebp(file: FileHandle, size: number): Promise<{ lossless: boolean }> {
  const header = await readAt(file, 0, 12);
  if (header.length < 12 || header.readUInt32LE(4) + 8 > size) throw damaged('it is shorter than it says');
  let at = 12;
  for (let i = 0; i < MAX_CHUNKS; i++) {
    const chunk = await readAt(file, at, 9);
    if (chunk.length < 9) break;
    const type = chunk.toString('latin1', 0, 4);
    if (type === 'VP8X' && (chunk.readUInt8(8) & 2) !== 0) {
      throw new AppError('input/unsupported', 'animated WebP is not supported');
    }
    if (type === 'VP8L') return { lossless: true };
    if (type === 'VP8 ') return { lossless: false };
    const length = chunk.readUInt32LE(4);
    at += 8 + length + (length % 2);
  }
  throw damaged('it holds no pixels');
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  return buffer.subarray(0, bytesRead);
}
