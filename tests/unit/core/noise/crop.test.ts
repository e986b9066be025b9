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

const turns = [false, true].flatMap((transpose) =>
  [false, true].flatMap((flipX) => [false, true].map((flipY) => ({ transpose, flipX, flipY }))),
);

describe('cutCrop', () => {
  it.each(turns)('turns as it says: %o', (turn) => {
    const place: CropPlace = { left: 7, top: 3, ...turn };
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
});

describe('drawPlace', () => {
  it('draws every place and turn, and none beyond the photo', () => {
    const random = createRandom(1);
    const places = Array.from({ length: 4000 }, () => drawPlace(photo, SIDE, true, random));
    const lefts = new Set(places.map(({ left }) => left));
    const tops = new Set(places.map(({ top }) => top));
    expect([Math.min(...lefts), Math.max(...lefts), lefts.size]).toEqual([0, WIDTH - SIDE, WIDTH - SIDE + 1]);
    expect([Math.min(...tops), Math.max(...tops), tops.size]).toEqual([0, HEIGHT - SIDE, HEIGHT - SIDE + 1]);
    const kinds = new Set(places.map(({ flipX, flipY, transpose }) => String([flipX, flipY, transpose])));
    expect(kinds.size).toBe(8);
  });

  it('draws the same places whether they are turned or not', () => {
    const turned = drawPlace(photo, SIDE, true, createRandom(9));
    const unturned = drawPlace(photo, SIDE, false, createRandom(9));
    expect(unturned).toEqual({ ...turned, flipX: false, flipY: false, transpose: false });
  });

  it('finds the only place in a photo of the size of a crop', () => {
    const place = drawPlace({ width: SIDE, height: SIDE }, SIDE, true, createRandom(1));
    expect([place.left, place.top]).toEqual([0, 0]);
  });
});
