import { describe, expect, it } from 'vitest';
import type { MapPoint, PhotoId } from '../../../../../preload/contract.js';
import { moved } from '../../../../../renderer/features/generate/between/between-state.js';
import { isInside, layOut, nearestPhoto, pointsAlong } from '../../../../../renderer/features/generate/map/world.js';
import { cleanSeed, rollSeed } from '../../../../../renderer/features/generate/seed.js';
import { someOf } from '../../../../../renderer/features/generate/some-of.js';

const point = (photo: string, x: number, y: number): MapPoint => ({ photo: photo as PhotoId, x, y, neighbours: [] });

describe('the map as a picture', () => {
  const world = layOut([point('low', -2, -1), point('high', 4, 3), point('middle', 1, 1)]);
  const at = (photo: string) => world.photos.find((placed) => placed.photo === photo)!.at;

  it('has all photos within it, y upwards', () => {
    for (const { x, y } of world.photos.map((placed) => placed.at)) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(world.width);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(world.height);
    }
    expect(at('high').x).toBeGreaterThan(at('low').x);
    expect(at('high').y).toBeLessThan(at('low').y);
    expect(at('middle')).toEqual({ x: world.width / 2, y: world.height / 2 });
  });

  it('goes from its points to the latent space and back', () => {
    expect(world.toMap(at('high'))).toEqual({ x: 4, y: 3 });
    const between = world.fromMap({ x: 0.25, y: -0.5 });
    expect(world.toMap(between).x).toBeCloseTo(0.25);
    expect(world.toMap(between).y).toBeCloseTo(-0.5);
  });

  it('has photos that are all alike in its middle', () => {
    const same = layOut([point('a', 5, 5), point('b', 5, 5)]);
    expect(same.photos[1]!.at).toEqual({ x: same.width / 2, y: same.height / 2 });
  });

  it('finds the nearest photo, and none that is too far away', () => {
    const near = { x: at('middle').x + 30, y: at('middle').y };
    expect(nearestPhoto(world.photos, near)?.photo).toBe('middle');
    expect(nearestPhoto(world.photos, near, 20)).toBeNull();
    expect(nearestPhoto([], near)).toBeNull();
  });
});

describe('lines on the map', () => {
  const dent = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 5, y: 4 },
    { x: 0, y: 10 },
  ];

  it('hold what is inside, dents left out', () => {
    expect(isInside({ x: 2, y: 5 }, dent)).toBe(true);
    expect(isInside({ x: 8, y: 5 }, dent)).toBe(true);
    expect(isInside({ x: 5, y: 8 }, dent)).toBe(false);
    expect(isInside({ x: 11, y: 5 }, dent)).toBe(false);
    expect(isInside({ x: 5, y: 5 }, [])).toBe(false);
  });

  it('are walked in equal steps', () => {
    const line = [
      { x: 0, y: 0 },
      { x: 3, y: 0 },
      { x: 3, y: 0 },
      { x: 3, y: 9 },
    ];
    expect(pointsAlong(line, 5)).toEqual([
      { x: 0, y: 0 },
      { x: 3, y: 0 },
      { x: 3, y: 3 },
      { x: 3, y: 6 },
      { x: 3, y: 9 },
    ]);
    expect(pointsAlong([{ x: 1, y: 2 }], 5)).toEqual([{ x: 1, y: 2 }]);
    expect(pointsAlong([], 5)).toEqual([]);
  });
});

describe('lists and seeds', () => {
  it('are thinned evenly, in their order', () => {
    expect(someOf([1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(someOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
  });

  it('have one moved, and no further than they reach', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 1, 9)).toEqual(['a', 'c', 'b']);
  });

  it('are never rolled twice in a row, and fit into 32 bits', () => {
    for (const before of [1, 5000, 9999]) {
      expect(rollSeed(before, () => (before - 1) / 9999)).not.toBe(before);
    }
    expect(rollSeed(3, () => 0.999999)).toBe(9999);
    expect([cleanSeed(-5), cleanSeed(7.4), cleanSeed(1e12)]).toEqual([0, 7, 2 ** 32 - 1]);
  });
});
