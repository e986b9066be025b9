import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import { applyChange, fitChange, lumaPlane, type DecodedSquare } from '../../../../main/core/latent/change.js';

const SIDE = 32;
const flat = (r: number, g: number, b: number): DecodedSquare => ({
  side: SIDE,
  data: Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => [r, g, b][Math.floor(i / (SIDE * SIDE))]!),
});

/** A photo of two halves with a sharp edge between them, and fine detail. */
function photo(width: number, height: number, seed: number) {
  const random = createRandom(seed);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const base = i % width < width / 2 ? 60 : 190;
    for (let c = 0; c < 3; c++) data[3 * i + c] = base + Math.round(12 * random.uniform());
  }
  return { width, height, channels: 3, data };
}

const changed = (image: ReturnType<typeof photo>, before: DecodedSquare, after: DecodedSquare, neutral = false) => {
  const copy = { ...image, data: image.data.slice() };
  applyChange(copy, fitChange(before, after, lumaPlane(image), neutral), 0, image.height);
  return copy.data;
};

describe('a change', () => {
  it('of nothing leaves every value as it is, at 8 and at 16 bits', () => {
    const same = flat(0.4, 0.5, 0.6);
    const image = photo(24, 16, 1);
    expect(Buffer.compare(changed(image, same, same), image.data)).toBe(0);
    // Every value that 16 bits can hold.
    const data = Uint16Array.from({ length: 256 * 256 * 3 }, (_, i) => i % 65536);
    const deep = { width: 256, height: 256, channels: 3, data: data.slice() };
    applyChange(deep, fitChange(same, same, lumaPlane(image), false), 0, 256);
    expect(deep.data.findIndex((value, i) => value !== data[i])).toBe(-1);
  });

  it('grows with the difference, never clips and keeps the order of tones', () => {
    const ramp = {
      width: 256,
      height: 4,
      channels: 3,
      data: Uint8Array.from({ length: 256 * 12 }, (_, i) => Math.floor(i / 3) % 256),
    };
    const means = [0.5, 0.6, 0.7, 0.8, 0.95].map((to) => {
      const data = changed(ramp, flat(0.5, 0.5, 0.5), flat(to, to, to));
      for (let x = 1; x < 256; x++) expect(data[3 * x]!).toBeGreaterThanOrEqual(data[3 * x - 3]!);
      expect([data[0], data[255 * 3]]).toEqual([0, 255]);
      return data.reduce((sum, v) => sum + v, 0) / data.length;
    });
    for (let k = 1; k < means.length; k++) expect(means[k]!).toBeGreaterThan(means[k - 1]!);
  });

  it('that differs between the sides of an edge makes no halo along it', () => {
    const image = photo(128, 96, 1);
    const [before, after] = [flat(0.5, 0.5, 0.5), flat(0.5, 0.5, 0.5)];
    // The right half gets brighter.
    for (let i = 0; i < after.data.length; i++) if (i % SIDE >= SIDE / 2) after.data[i] = 0.7;
    const data = changed(image, before, after);
    const column = (x: number): number => {
      let sum = 0;
      for (let y = 0; y < image.height; y++)
        sum += data[(y * image.width + x) * 3]! - image.data[(y * image.width + x) * 3]!;
      return sum / image.height;
    };
    // Right beside the edge it does what it does well away from it.
    expect(column(66)).toBeGreaterThan(0.7 * column(90));
    expect(column(61)).toBeLessThan(0.3 * column(90));
    expect(column(90)).toBeGreaterThan(15);
  });

  it('changes each channel by its own', () => {
    const image = photo(32, 32, 2);
    const data = changed(image, flat(0.5, 0.5, 0.5), flat(0.7, 0.5, 0.3));
    const moved = [0, 1, 2].map(
      (c) => data.reduce((sum, v, i) => (i % 3 === c ? sum + v - image.data[i]! : sum), 0) / 1024,
    );
    expect(moved[0]).toBeGreaterThan(15);
    expect(moved[1]).toBeCloseTo(0, 5);
    expect(moved[2]).toBeLessThan(-15);
  });

  it('gives no colour to a photo without any, and leaves alpha alone', () => {
    const grey = {
      ...photo(16, 16, 1),
      channels: 4,
      data: Uint8Array.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 77 : 90 + (i >> 5))),
    };
    const copy = { ...grey, data: grey.data.slice() };
    const guide = lumaPlane(photo(16, 16, 1));
    applyChange(copy, fitChange(flat(0.5, 0.5, 0.5), flat(0.9, 0.4, 0.2), guide, true), 0, 16);
    for (let i = 0; i < 1024; i += 4) {
      expect([copy.data[i + 1], copy.data[i + 2]]).toEqual([copy.data[i], copy.data[i]]);
      expect(copy.data[i + 3]).toBe(77);
    }
    expect(copy.data).not.toEqual(grey.data);
  });
});
