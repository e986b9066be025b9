import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../main/core/image/random.js';
import { cutCrop, drawPlace, type CropPlace } from '../../../../main/core/noise/crop.js';

const WIDTH = 20;
const HEIGHT = 14;
const SIDE = 5;
const photo = {
  width: WIDTH,
  height: HEIGHT,
  data: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 37) % 256),
};

const PLACED = { crop: SIDE, parts: [0, 0], flips: true, transpose: true } as const;

const turns = [false, true].flatMap((transpose) =>
  [false, true].flatMap((flipX) => [false, true].map((flipY) => ({ transpose, flipX, flipY }))),
);

describe('cutCrop', () => {
  it.each(turns)('turns as it says: %o', (turn) => {
    const place: CropPlace = { left: 7, top: 3, size: SIDE, ...turn };
    const crop = new Float32Array(3 * SIDE * SIDE);
    cutCrop(photo, place, SIDE, crop);
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++) {
          const flippedX = place.flipX ? SIDE - 1 - x : x;
          const flippedY = place.flipY ? SIDE - 1 - y : y;
          const [u, v] = place.transpose ? [flippedY, flippedX] : [flippedX, flippedY];
          const expected = photo.data[((place.top + v) * WIDTH + place.left + u) * 3 + c]! / 255;
          expect(crop[c * SIDE * SIDE + y * SIDE + x]).toBeCloseTo(expected, 6);
        }
      }
    }
  });

  it('scales a larger part of the photo down, each pixel the mean of those that it covers', () => {
    const place: CropPlace = { left: 4, top: 2, size: 2 * SIDE, flipX: true, flipY: false, transpose: false };
    const crop = new Float32Array(3 * SIDE * SIDE);
    cutCrop(photo, place, SIDE, crop);
    for (const [x, y, c] of [
      [0, 0, 0],
      [3, 4, 1],
      [4, 1, 2],
    ] as const) {
      const [u, v] = [place.left + 2 * (SIDE - 1 - x), place.top + 2 * y];
      const at = (dx: number, dy: number): number => photo.data[((v + dy) * WIDTH + u + dx) * 3 + c]!;
      const mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
      expect(crop[c * SIDE * SIDE + y * SIDE + x]! * 255).toBeCloseTo(mean, -0.4);
    }
  });
});

describe('drawPlace', () => {
  it('draws every place and turn, and none beyond the photo', () => {
    const random = createRandom(1);
    const places = Array.from({ length: 4000 }, () => drawPlace(photo, PLACED, random));
    const lefts = new Set(places.map(({ left }) => left));
    const tops = new Set(places.map(({ top }) => top));
    expect([Math.min(...lefts), Math.max(...lefts), lefts.size]).toEqual([0, WIDTH - SIDE, WIDTH - SIDE + 1]);
    expect([Math.min(...tops), Math.max(...tops), tops.size]).toEqual([0, HEIGHT - SIDE, HEIGHT - SIDE + 1]);
    const kinds = new Set(places.map(({ flipX, flipY, transpose }) => String([flipX, flipY, transpose])));
    expect(kinds.size).toBe(8);
  });

  it('draws the same places whether they are turned or not', () => {
    const turned = drawPlace(photo, PLACED, createRandom(9));
    const unturned = drawPlace(photo, { ...PLACED, flips: false }, createRandom(9));
    expect(unturned).toEqual({ ...turned, flipX: false, flipY: false, transpose: false });
  });

  it('finds the only place in a photo of the size of a crop', () => {
    const place = drawPlace({ width: SIDE, height: SIDE }, PLACED, createRandom(1));
    expect([place.left, place.top]).toEqual([0, 0]);
  });

  it('draws parts between those pixels and the largest square, the small ones as often as the large', () => {
    const random = createRandom(4);
    const whole = drawPlace(photo, { ...PLACED, parts: [1, 1] }, random);
    expect(whole).toMatchObject({ size: HEIGHT, top: 0 });
    const sizes = Array.from({ length: 3000 }, () => drawPlace(photo, { ...PLACED, parts: [0, 1] }, random));
    for (const { left, top, size } of sizes) {
      expect(left + size).toBeLessThanOrEqual(WIDTH);
      expect(top + size).toBeLessThanOrEqual(HEIGHT);
    }
    const below = sizes.filter(({ size }) => size < Math.sqrt(SIDE * HEIGHT)).length / sizes.length;
    expect(below).toBeGreaterThan(0.4);
    expect(below).toBeLessThan(0.6);
  });

  it('turns nothing upside down or on its side without transpose', () => {
    const random = createRandom(2);
    const places = Array.from({ length: 100 }, () => drawPlace(photo, { ...PLACED, transpose: false }, random));
    expect(new Set(places.map(({ flipX, flipY, transpose }) => String([flipX, flipY, transpose]))).size).toBe(2);
  });
});
