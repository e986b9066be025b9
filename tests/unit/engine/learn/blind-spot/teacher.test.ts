import { describe, expect, it } from 'vitest';
import type { PlanarImage } from '../../../../../main/core/noise/flat-patches.js';
import { taught } from '../../../../../main/engine/learn/blind-spot/teacher.js';
import { evenAndStriped, withKnownNoise } from '../../../../support/flat-noise.js';

const noisy = withKnownNoise(evenAndStriped(64, 48), 3);

describe('taught', () => {
  it('leaves a picture as it is if the teacher does, which sees phases and then whole pictures', async () => {
    const sizes: string[] = [];
    const teacher = {
      denoise: (image: PlanarImage) => {
        sizes.push(`${image.width}x${image.height}`);
        return Promise.resolve(image);
      },
    };
    const { data } = await taught(teacher, noisy, 1, 0);
    expect(sizes).toEqual([...Array<string>(4).fill('32x24'), ...Array<string>(4).fill('64x48')]);
    for (let i = 0; i < data.length; i++) expect(data[i]).toBeCloseTo(noisy.data[i]!, 6);
  });

  it('puts back a share of the pixels, others each time, and keeps the mean of each channel', async () => {
    // A teacher that makes phases black and leaves whole pictures: what is brighter than most was put back.
    const even = { ...noisy, data: new Float32Array(noisy.data.length).fill(0.5) };
    const teacher = {
      denoise: (image: PlanarImage) =>
        Promise.resolve(image.width === 32 ? { ...image, data: new Float32Array(image.data.length) } : image),
    };
    const { data } = await taught(teacher, even, 1, 0);
    const plane = 64 * 48;
    for (let c = 0; c < 3; c++) {
      const part = data.subarray(c * plane, (c + 1) * plane);
      expect(part.reduce((sum, value) => sum + value, 0) / plane).toBeCloseTo(0.5, 4);
    }
    const least = data.reduce((low, value) => Math.min(low, value), 1);
    const shares = [...data].map((value) => (value - least) / 0.5);
    expect(Math.abs(shares.reduce((sum, value) => sum + value, 0) / shares.length - 0.16)).toBeLessThan(0.02);
    expect(new Set(shares.map((value) => Math.round(4 * value)))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect((await taught(teacher, even, 1, 0)).data).toEqual(data);
    expect((await taught(teacher, even, 1, 1)).data).not.toEqual(data);
  });
});
