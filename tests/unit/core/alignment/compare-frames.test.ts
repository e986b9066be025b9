import { describe, expect, it } from 'vitest';
import { compareFrames } from '../../../../main/core/alignment/compare-frames.js';
import { SAMPLES } from '../../../support/photos.js';
import { frameOf, type FrameOptions } from '../../../support/frames.js';

const compared = async (frame: FrameOptions, reference: FrameOptions = {}) =>
  compareFrames(await frameOf({ ...reference, seed: 1 }), await frameOf({ ...reference, seed: 2, ...frame }));

describe('compareFrames', () => {
  it.each(SAMPLES.flatMap((sample) => [0, 5, 25].map((sigma) => ({ sample, sigma }))))(
    'takes frames of $sample that differ by noise of $sigma levels',
    async (scene) => {
      const { fault, brightness } = await compared(scene.sigma === 0 ? { sigma: 2 } : {}, scene);
      expect(fault).toBeNull();
      for (const gain of brightness.gain) expect(Math.abs(gain - 1)).toBeLessThan(0.015);
    },
  );

  it.each([
    [0.5, 0.25, 5],
    [0.75, 0, 40],
    [-1, 2, 25],
    [3, -4, 25],
    [5, 0, 60],
  ])('finds a move of %f, %f pixels under noise of %i levels', async (x, y, sigma) => {
    const { fault } = await compared({ moved: [x, y] }, { sigma });
    const found = /^is moved by ([\d.]+) pixels$/.exec(fault ?? '');
    expect(found, String(fault)).not.toBeNull();
    expect(Math.abs(Number(found![1]) - Math.hypot(x, y))).toBeLessThan(0.16);
  });

  it('finds a turn', async () => {
    // Both are turned, so that both are as blurred by it.
    const { fault } = await compared({ turned: 1 }, { sigma: 10, turned: 0.5 });
    expect(fault).toMatch(/^is turned by 0\.(49|50|51) degrees, 2\.\d pixels at the corners$/);
  });

  it('undoes a small difference of exposure, and refuses a large one and another white balance', async () => {
    for (const sigma of [2, 25]) {
      const { fault, brightness } = await compared({ gain: [1.03, 1.03, 1.03] }, { sigma });
      expect(fault).toBeNull();
      for (const gain of brightness.gain) expect(Math.abs(gain - 1.03)).toBeLessThan(0.008);
    }
    const brighter = await compared({ gain: [1.12, 1.12, 1.12] }, { sigma: 10 });
    expect(brighter.fault).toMatch(/^is 1[0-4] % brighter: the exposure differs$/);
    const warmer = await compared({ gain: [1.12, 1, 0.88] }, { sigma: 10 });
    expect(warmer.fault).toMatch(/^has another white balance \(red \+1\d %, green [+-]0 %, blue -1\d %\)$/);
  });

  it('finds what moved in a picture that otherwise lies still', async () => {
    for (const sigma of [3, 15]) {
      const { fault } = await compared({ middle: 4 }, { sigma });
      expect(fault).toMatch(/^shows something that moved or changed, in \d(\.\d)? % of the picture/);
    }
  });

  it('refuses other sizes, other pictures, and what shows too little to tell', async () => {
    expect((await compared({ width: 350 })).fault).toBe('is 350 x 300 pixels, and the first frame 360 x 300');
    expect((await compared({ sample: 'coffee' }, { sigma: 5 })).fault).toMatch(
      /^does not show what the first frame shows/,
    );
    const { fault } = await compared({ sigma: 60, gain: [0, 0, 0] }, { sigma: 60, gain: [0, 0, 0] });
    expect(fault).toMatch(/^has too little in it/);
  });

  it('tells how noisy each frame is, though one is hardly noisy', async () => {
    const { noise } = await compared({ sigma: 2 }, { sigma: 20 });
    // Halving takes half of the deviation of white noise; luma of three channels has 0.668 of one channel's.
    const [first, second] = noise.map((variance) => 255 * Math.sqrt(Math.max(0, variance)));
    expect(Math.abs(first! / (20 * 0.5 * 0.668) - 1)).toBeLessThan(0.15);
    expect(second!).toBeLessThan(2);
  });
});
