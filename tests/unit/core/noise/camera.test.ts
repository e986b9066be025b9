import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import {
  addBlotches,
  addCameraNoise,
  drawCamera,
  drawCameraNoise,
  type Camera,
  type CameraMix,
} from '../../../../main/core/noise/camera.js';
import { LUMA } from '../../../../main/core/noise/plane.js';
import {
  autocorrelation,
  correlation,
  deviation,
  flatCrop,
  isGrey,
  mean,
  noiseOf,
  pictureCrop,
} from '../../../support/noise-crops.js';
import type { NoiseCrop } from '../../../../main/core/noise/plane.js';

const SIDE = 128;
const PLANE = SIDE * SIDE;
const plain: Camera = {
  gamma: 2.2,
  exposure: 0.8,
  whiteBalance: [2, 1, 1.5],
  shot: 8e-4,
  read: 4e-5,
  mosaic: null,
  matrix: null,
  blur: null,
};

/** The noise of one channel in linear light. */
function linearNoise({ clean, noisy }: NoiseCrop, channel: number, gamma: number): Float64Array {
  const at = channel * PLANE;
  return Float64Array.from({ length: PLANE }, (_, i) => noisy[at + i]! ** gamma - clean[at + i]! ** gamma);
}

function noiseOn(level: number, camera: Camera, seed = 1): [Float64Array, Float64Array, Float64Array] {
  const crop = flatCrop(SIDE, [level, level, level]);
  addCameraNoise(crop, camera, createRandom(seed));
  return [0, 1, 2].map((c) => linearNoise(crop, c, camera.gamma)) as [Float64Array, Float64Array, Float64Array];
}

/** Standard deviation that the formula gives on a level in a channel. */
function expectedDeviation(level: number, channel: number, { gamma, exposure, whiteBalance, shot, read }: Camera) {
  const gain = whiteBalance[channel]! / exposure;
  return gain * Math.sqrt((shot * level ** gamma) / gain + read);
}

describe('the sensor', () => {
  it.each([0.5, 0.65, 0.8])('on %f has noise of the variance shot * x + read in linear light', (level) => {
    noiseOn(level, plain).forEach((noise, c) => {
      expect(Math.abs(deviation(noise) / expectedDeviation(level, c, plain) - 1)).toBeLessThan(0.025);
      expect(Math.abs(mean(noise) / expectedDeviation(level, c, plain))).toBeLessThan(0.04);
    });
  });

  it('has independent noise in each channel and pixel without a mosaic', () => {
    const [red, green] = noiseOn(0.6, plain);
    expect(Math.abs(correlation(red, green))).toBeLessThan(0.035);
    expect(Math.abs(autocorrelation(red, SIDE, 1, 0))).toBeLessThan(0.035);
  });

  it('leaves the crop as it is where there is no noise', () => {
    const crop = pictureCrop(SIDE);
    addCameraNoise(crop, { ...plain, shot: 1e-12, read: 1e-12 }, createRandom(1));
    let most = 0;
    crop.clean.forEach((value, i) => (most = Math.max(most, Math.abs(crop.noisy[i]! - value))));
    expect(most).toBeLessThan(5e-4);
  });

  it('clips to [0,1], where black and white are', () => {
    const crop = flatCrop(SIDE, (_, x) => (x < SIDE / 2 ? 0 : 1));
    addCameraNoise(crop, { ...plain, shot: 1e-2, read: 1e-3 }, createRandom(1));
    expect(Math.min(...crop.noisy)).toBe(0);
    expect(Math.max(...crop.noisy)).toBe(1);
    expect(mean(crop.noisy.subarray(0, SIDE / 2))).toBeGreaterThan(0);
  });
});

describe('the mosaic', () => {
  // Red sites: even rows, odd columns.
  const camera: Camera = { ...plain, mosaic: { row: 0, column: 1 } };
  const [red, green, blue] = noiseOn(0.6, camera);
  const at = (field: Float64Array, rowParity: number, columnParity: number): number[] =>
    [...field].filter((_, i) => (Math.floor(i / SIDE) & 1) === rowParity && (i & 1) === columnParity);
  const share = (field: Float64Array, channel: number, row: number, column: number): number =>
    deviation(at(field, row, column)) / expectedDeviation(0.6, channel, camera);

  it('leaves each colour its own noise at its sites', () => {
    for (const value of [share(red, 0, 0, 1), share(blue, 2, 1, 0), share(green, 1, 0, 0), share(green, 1, 1, 1)]) {
      expect(Math.abs(value - 1)).toBeLessThan(0.05);
    }
  });

  it('averages two or four neighbours elsewhere', () => {
    for (const value of [share(green, 1, 0, 1), share(green, 1, 1, 0), share(red, 0, 1, 0), share(blue, 2, 0, 1)]) {
      expect(Math.abs(value - 0.5)).toBeLessThan(0.025);
    }
    for (const value of [share(red, 0, 0, 0), share(red, 0, 1, 1), share(blue, 2, 0, 0), share(blue, 2, 1, 1)]) {
      expect(Math.abs(value - Math.SQRT1_2)).toBeLessThan(0.035);
    }
  });

  it('takes the right neighbours', () => {
    for (let y = 2; y < SIDE - 2; y += 2) {
      for (let x = 3; x < SIDE - 2; x += 2) {
        const i = y * SIDE + x;
        // Between two red sites in their row, and below one of them.
        expect(red[i + 1]).toBeCloseTo((red[i]! + red[i + 2]!) / 2, 5);
        expect(red[i + SIDE]).toBeCloseTo((red[i]! + red[i + 2 * SIDE]!) / 2, 5);
        const corners = green[i - 1]! + green[i + 1]! + green[i - SIDE]! + green[i + SIDE]!;
        expect(green[i]).toBeCloseTo(corners / 4, 5);
      }
    }
  });

  it('is mirrored about the outermost sites', () => {
    for (let i = 2; i < SIDE - 2; i++) {
      const [even, odd] = [i - (i % 2), i - (i % 2) + 1];
      expect(red[even * SIDE]).toBeCloseTo(red[even * SIDE + 1]!, 5);
      expect(blue[odd * SIDE + SIDE - 1]).toBeCloseTo(blue[odd * SIDE + SIDE - 2]!, 5);
      expect(blue[even]).toBeCloseTo(blue[SIDE + even]!, 5);
      expect(red[(SIDE - 1) * SIDE + odd]).toBeCloseTo(red[(SIDE - 2) * SIDE + odd]!, 5);
    }
  });

  it('correlates the noise of neighbours', () => {
    for (const field of [red, blue]) {
      expect(autocorrelation(field, SIDE, 1, 0)).toBeGreaterThan(0.4);
      expect(autocorrelation(field, SIDE, 0, 1)).toBeGreaterThan(0.4);
    }
    expect(autocorrelation(green, SIDE, 1, 0)).toBeGreaterThan(0.2);
  });

  it.each([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const)('begins at row %i, column %i where it is told to', (row, column) => {
    const [field] = noiseOn(0.6, { ...plain, mosaic: { row, column } });
    const strengths = [0, 1, 2, 3].map((k) => deviation(at(field, k >> 1, k & 1)));
    expect(strengths.indexOf(Math.max(...strengths))).toBe(row * 2 + column);
  });
});

describe('developing', () => {
  it('multiplies the noise by the colour matrix', () => {
    const matrix = [1.5, -0.3, -0.2, -0.1, 1.4, -0.3, 0, -0.6, 1.6];
    const before = noiseOn(0.6, plain);
    const after = noiseOn(0.6, { ...plain, matrix });
    after.forEach((noise, c) => {
      noise.forEach((value, i) => {
        const expected = before.reduce((sum, field, k) => sum + matrix[3 * c + k]! * field[i]!, 0);
        if (Math.abs(value - expected) > 1e-5) expect(value).toBeCloseTo(expected, 5);
      });
    });
  });

  it('blurs the noise and not the crop', () => {
    const [sharp] = noiseOn(0.6, plain);
    const [soft] = noiseOn(0.6, { ...plain, blur: 0.8 });
    expect(deviation(soft)).toBeLessThan(0.6 * deviation(sharp));
    expect(autocorrelation(soft, SIDE, 1, 0)).toBeGreaterThan(0.5);
    const crop = pictureCrop(SIDE);
    addCameraNoise(crop, { ...plain, shot: 1e-12, read: 1e-12, blur: 1 }, createRandom(1));
    const most = crop.clean.reduce((worst, value, i) => Math.max(worst, Math.abs(crop.noisy[i]! - value)), 0);
    expect(most).toBeLessThan(5e-4);
  });

  it('leaves a grey crop grey', () => {
    const crop = pictureCrop(SIDE, true);
    addCameraNoise(crop, { ...plain, mosaic: { row: 1, column: 0 } }, createRandom(1));
    expect(isGrey(crop.noisy)).toBe(true);
    expect(deviation(noiseOf(crop, 0))).toBeGreaterThan(0.003);
  });
});

const mix: CameraMix = {
  gamma: [1.8, 2.6],
  exposure: [0.3, 1.1],
  whiteBalance: [1.2, 2.4],
  shot: [1e-4, 1.5e-2],
  read: { slope: 2.18, offset: 1.2, spread: 0.3 },
  mosaic: 0.7,
  colourMatrix: 0.5,
  blur: { share: 0.35, sigma: [0.35, 1] },
  blotches: { share: 0, blur: [1.2, 3.5], strength: [0.2, 0.8] },
};

describe('drawCamera', () => {
  const random = createRandom(8);
  const cameras = Array.from({ length: 3000 }, () => drawCamera(mix, random));

  it('draws shot noise evenly by its logarithm, and read noise that goes with it', () => {
    const logs = cameras.map(({ shot }) => Math.log(shot));
    const [low, high] = [Math.log(1e-4), Math.log(1.5e-2)];
    expect(Math.min(...logs)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...logs)).toBeLessThanOrEqual(high);
    expect(Math.abs(mean(logs) - (low + high) / 2)).toBeLessThan(0.12);
    const residuals = cameras.map(({ read, shot }) => Math.log(read) - 2.18 * Math.log(shot) - 1.2);
    expect(Math.abs(mean(residuals))).toBeLessThan(0.03);
    expect(Math.abs(deviation(residuals) - 0.3)).toBeLessThan(0.02);
  });

  it('draws mosaics, matrices and blurs by their shares', () => {
    const share = (has: (camera: Camera) => boolean): number => cameras.filter(has).length / cameras.length;
    expect(Math.abs(share(({ mosaic }) => mosaic !== null) - 0.7)).toBeLessThan(0.04);
    expect(Math.abs(share(({ matrix }) => matrix !== null) - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(share((camera) => camera.blur !== null) - 0.35)).toBeLessThan(0.04);
    const phases = new Set(cameras.flatMap(({ mosaic }) => (mosaic ? [`${mosaic.row}${mosaic.column}`] : [])));
    expect(phases.size).toBe(4);
  });

  it('draws matrices that leave grey as it is, and gains within their range', () => {
    for (const { matrix, whiteBalance, exposure, gamma } of cameras) {
      for (const row of [0, 3, 6]) {
        if (matrix) expect(matrix[row]! + matrix[row + 1]! + matrix[row + 2]!).toBeCloseTo(1, 12);
        if (matrix) expect(matrix[row + row / 3]).toBeGreaterThan(1);
      }
      expect(whiteBalance[1]).toBe(1);
      for (const gain of [whiteBalance[0], whiteBalance[2]]) expect(gain >= 1.2 && gain < 2.4).toBe(true);
      expect(exposure >= 0.3 && exposure < 1.1 && gamma >= 1.8 && gamma < 2.6).toBe(true);
    }
  });
});

describe('blotches', () => {
  it('have no luma, their strength, and the size of their blur', () => {
    const crop = flatCrop(SIDE, [0.5, 0.4, 0.6]);
    addCameraNoise(crop, plain, createRandom(1));
    const before = crop.noisy.slice();
    addBlotches(crop, 1.2, 0.5, createRandom(2));
    const rms = (a: Float32Array, b: Float32Array): number => Math.sqrt(mean(a.map((v, i) => (v - b[i]!) ** 2)));
    // Patches of this size leave few independent samples.
    expect(Math.abs(rms(crop.noisy, before) / rms(before, crop.clean) - 0.5)).toBeLessThan(0.025);
    const added = crop.noisy.map((value, i) => value - before[i]!);
    for (let i = 0; i < PLANE; i++) {
      const luma = LUMA.reduce((sum, weight, c) => sum + weight * added[c * PLANE + i]!, 0);
      if (Math.abs(luma) > 1e-6) expect(luma).toBeCloseTo(0, 6);
    }
    const red = Float64Array.from(added.subarray(0, PLANE));
    expect(Math.abs(autocorrelation(red, SIDE, 2, 0) - Math.exp(-1 / 1.44))).toBeLessThan(0.08);
  });

  it('come by their share, and not on grey', () => {
    const blotchy = { ...mix, blotches: { ...mix.blotches, share: 1, strength: [3, 3] as const } };
    const alone = { ...mix, blotches: { ...mix.blotches, share: 0 } };
    const noisyOf = (grey: boolean, from: CameraMix): Float32Array => {
      const crop = pictureCrop(64, grey);
      drawCameraNoise(crop, from, createRandom(3));
      return crop.noisy;
    };
    expect(noisyOf(false, blotchy)).not.toEqual(noisyOf(false, alone));
    expect(isGrey(noisyOf(true, blotchy))).toBe(true);
    expect(Math.max(...noisyOf(false, blotchy))).toBeLessThanOrEqual(1);
  });
});
