import { describe, expect, it } from 'vitest';
import { expandFromTopBits, narrowTo8, packToTopBits, widenTo16 } from '../../../../main/engine/codec/depth.js';

const all16 = Uint16Array.from({ length: 65536 }, (_, i) => i);

describe('depth conversions', () => {
  it('rounds every 16-bit value to the nearest of 256', () => {
    const to = new Uint8Array(65536);
    narrowTo8(all16, to);
    expect([...to]).toEqual([...all16].map((x) => Math.round((x * 255) / 65535)));
  });

  it('widens by 257 and narrows back to the same', () => {
    const from = Uint8Array.from({ length: 256 }, (_, i) => i);
    const wide = new Uint16Array(256);
    const back = new Uint8Array(256);
    widenTo16(from, wide);
    narrowTo8(wide, back);
    expect([wide[0], wide[128], wide[255]]).toEqual([0, 32896, 65535]);
    expect(back).toEqual(from);
  });

  it.each([10, 12])('stretches %i bits to the full range and packs them back', (bits) => {
    const top = Uint16Array.from({ length: 1 << bits }, (_, v) => v << (16 - bits));
    const data = Uint16Array.from(top);
    expandFromTopBits(data, bits);
    expect([data[0], data.at(-1)]).toEqual([0, 65535]);
    const packed = new Uint16Array(data.length);
    packToTopBits(data, packed, bits);
    expect(packed).toEqual(top);
  });
});
