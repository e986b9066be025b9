import { describe, expect, it } from 'vitest';
import { toRgba8 } from '../../../../main/core/image/rgba.js';

describe('toRgba8', () => {
  it.each([
    ['grey', 1, [7], [7, 7, 7, 255]],
    ['grey and alpha', 2, [7, 9], [7, 7, 7, 9]],
    ['colour', 3, [1, 2, 3], [1, 2, 3, 255]],
    ['colour and alpha', 4, [1, 2, 3, 4], [1, 2, 3, 4]],
  ])('expands %s', (_, channels, samples, expected) => {
    expect([...toRgba8(Uint8Array.from(samples), channels)]).toEqual(expected);
    expect([
      ...toRgba8(
        Uint16Array.from(samples, (value) => value * 257),
        channels,
      ),
    ]).toEqual(expected);
  });

  it('rounds 16 bits to the nearest of 8', () => {
    expect([...toRgba8(Uint16Array.from([65535, 128, 129]), 3)]).toEqual([255, 0, 1, 255]);
  });
});
