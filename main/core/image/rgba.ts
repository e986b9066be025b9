import { colourChannels, type PixelData } from './pixels.js';

/** Any samples as 8-bit RGBA: grey in all colours, opaque where there is no alpha, 16 bits rounded to 8. */
export function toRgba8(data: PixelData, channels: number): Uint8Array {
  const pixels = data.length / channels;
  const out = new Uint8Array(pixels * 4);
  const narrow = data instanceof Uint16Array;
  const colours = colourChannels(channels);
  // round(255 x / 65535) = floor((x + 128) / 257)
  const sample = (value: number): number => (narrow ? ((value + 128) / 257) | 0 : value);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += channels, to += 4) {
    out[to] = sample(data[from]!);
    out[to + 1] = sample(data[from + (colours === 1 ? 0 : 1)]!);
    out[to + 2] = sample(data[from + (colours === 1 ? 0 : 2)]!);
    out[to + 3] = colours === channels ? 255 : sample(data[from + colours]!);
  }
  return out;
}
