/**
 * Pixel buffers with room in front of and behind the samples, so that a carrier TIFF (see carrier.ts) can be built
 * around them without a copy. Only buffers made here are registered: nobody else's memory is ever scribbled on.
 */

import type { PixelData } from '../../core/image/pixels.js';

const registered = new WeakSet<ArrayBufferLike>();

/** Bytes in front of the samples: a TIFF header is 8, and 16 keeps every sample type aligned. */
export const ROOM_BEFORE = 16;

/** Bytes behind the samples that a carrier needs besides the profile and packets it embeds. */
export const ROOM_AFTER = 64 * 1024;

/** An array of `samples` zeroes with `ROOM_BEFORE` bytes in front and `roomAfter` behind. */
export function allocatePixels(samples: number, depth: 8 | 16, roomAfter: number): PixelData {
  const memory = new ArrayBuffer(ROOM_BEFORE + samples * (depth / 8) + roomAfter);
  registered.add(memory);
  return depth === 16 ? new Uint16Array(memory, ROOM_BEFORE, samples) : new Uint8Array(memory, ROOM_BEFORE, samples);
}

/** Views `samples` samples at `byteOffset` of memory that this program owns, and registers its margins as room. */
export function adoptPixels(memory: Uint8Array, byteOffset: number, samples: number, depth: 8 | 16): PixelData {
  registered.add(memory.buffer);
  const start = memory.byteOffset + byteOffset;
  return depth === 16 ? new Uint16Array(memory.buffer, start, samples) : new Uint8Array(memory.buffer, start, samples);
}

/** Bytes that may be overwritten around the samples: none unless the buffer was made here. */
export function roomAround(data: PixelData): { readonly before: number; readonly after: number } {
  if (!registered.has(data.buffer)) return { before: 0, after: 0 };
  return { before: data.byteOffset, after: data.buffer.byteLength - data.byteOffset - data.byteLength };
}
