import { expect, it } from 'vitest';
import { scoreColumns } from '../../../../../renderer/features/train/curve-data.js';

it('breaks the held-out curve between rounds, whose pictures differ', () => {
  const heldOut = [
    { step: 0, psnr: 30 },
    { step: 10, psnr: 31 },
    { step: 10, psnr: 40 },
    { step: 20, psnr: 41 },
  ];
  const { x, y } = scoreColumns(heldOut, [10]);
  expect(y).toEqual([30, 31, null, 40, 41]);
  expect(x).toEqual(x.toSorted((a, b) => a - b));
  expect(new Set(x).size).toBe(x.length);
  expect(scoreColumns([], [])).toEqual({ x: [], y: [] });
});
