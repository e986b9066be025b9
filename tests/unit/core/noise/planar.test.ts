import { describe, expect, it } from 'vitest';
import { fromPhases, halvedImage, meanOfPlanes, meanSquare, phasesOf } from '../../../../main/core/noise/planar.js';

const numbered = (width: number, height: number) => ({
  width,
  height,
  data: Float32Array.from({ length: 3 * width * height }, (_, i) => i),
});

describe('phases', () => {
  it('take every s-th pixel, and make the image again', () => {
    const image = numbered(6, 4);
    const phases = phasesOf(image, 2);
    expect(phases.map(({ width, height }) => [width, height])).toEqual(Array(4).fill([3, 2]));
    expect([...phases[3]!.data.subarray(0, 6)]).toEqual([7, 9, 11, 19, 21, 23]);
    expect(fromPhases(phases, 2)).toEqual(image);
  });
});

it('halves by means of 2x2', () => {
  const { width, height, data } = halvedImage(numbered(4, 2));
  expect([width, height, ...data]).toEqual([2, 1, 2.5, 4.5, 10.5, 12.5, 18.5, 20.5]);
});

it('takes the mean of images and of squares', () => {
  const image = numbered(1, 1);
  const twice = { ...image, data: image.data.map((value) => 3 * value) };
  expect([...meanOfPlanes([image, twice]).data]).toEqual([0, 2, 4]);
  expect(meanSquare(Float32Array.of(1, 2, 3))).toBeCloseTo(14 / 3);
});
