import { expect, it } from 'vitest';
import { contactSheet } from '../../../../main/core/image/contact-sheet.js';

it('puts images side by side with gaps, clipped, and leaves what is missing white', () => {
  const image = (r: number, g: number, b: number): Float32Array =>
    Float32Array.from([r, g, b].flatMap((value) => [value, value, value, value]));
  const { width, height, data } = contactSheet([[image(0, 0.5, 1), image(-1, 2, 0.2)], [image(1, 0, 0)]], 2);
  expect([width, height]).toEqual([10, 10]);
  const at = (x: number, y: number): number[] => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  expect(at(2, 2)).toEqual([0, 128, 255]);
  expect(at(3, 3)).toEqual([0, 128, 255]);
  expect(at(6, 2)).toEqual([0, 255, 51]);
  expect(at(2, 6)).toEqual([255, 0, 0]);
  for (const [x, y] of [
    [1, 1],
    [4, 2],
    [6, 6],
    [9, 9],
  ] as const) {
    expect(at(x, y)).toEqual([255, 255, 255]);
  }
});
