import { describe, expect, it } from 'vitest';
import { buildCarrier, carrierRoom } from '../../../../main/engine/codec/carrier.js';
import { adoptPixels, allocatePixels } from '../../../../main/engine/codec/pixel-buffer.js';

const icc = Buffer.from('a profile of an odd length!');
const image = (data: Uint8Array | Uint16Array) => ({
  width: 5,
  height: 7,
  channels: 3 as const,
  depth: 8 as const,
  data,
});

describe('buildCarrier', () => {
  it('is built around the pixels without a copy where there is room', () => {
    const data = allocatePixels(5 * 7 * 3, 8, carrierRoom({ icc })).fill(9);
    const carrier = buildCarrier(image(data), { icc });
    expect(carrier.buffer).toBe(data.buffer);
    expect(carrier.subarray(8, 8 + data.length)).toEqual(Buffer.from(data));
    expect(carrier.includes(icc)).toBe(true);
    expect(data.every((x) => x === 9)).toBe(true);
  });

  it('copies pixels whose surroundings belong to somebody else', () => {
    const memory = new Uint8Array(4000).fill(1);
    const data = memory.subarray(1000, 1000 + 5 * 7 * 3);
    const carrier = buildCarrier(image(data), { icc });
    expect(carrier.buffer).not.toBe(memory.buffer);
    expect(memory.every((x) => x === 1)).toBe(true);
  });

  it('copies when the room is too small', () => {
    const memory = new Uint8Array(16 + 5 * 7 * 3 + 10);
    const data = adoptPixels(memory, 16, 5 * 7 * 3, 8);
    expect(buildCarrier(image(data), { icc }).buffer).not.toBe(memory.buffer);
  });

  it('fits its directory into the room, for any shape', () => {
    for (const [width, height] of [
      [1, 1],
      [1, 200_000],
      [200_000, 1],
      [3, 20_000],
      [700, 700],
    ] as const) {
      const data = allocatePixels(width * height, 8, carrierRoom({ icc }));
      const carrier = buildCarrier({ width, height, channels: 1, depth: 8, data }, { icc });
      expect([width, height, carrier.buffer === data.buffer]).toEqual([width, height, true]);
    }
  });
});
