import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cropToCore,
  packPreviewTile,
  planPreview,
  withinLevel,
  type Area,
} from '../../../../main/core/image/preview-tiles.js';

describe('planPreview', () => {
  it('covers every region once, with the margin as far as the level has it, on the grid and within the limit', () => {
    const tilings = fc.record({
      margin: fc.integer({ min: 0, max: 100 }),
      multiple: fc.constantFrom(8, 16),
      maxSide: fc.integer({ min: 300, max: 600 }),
    });
    const places = fc
      .tuple(fc.integer({ min: 1, max: 2500 }), fc.integer({ min: 1, max: 1500 }))
      .chain(([width, height]) =>
        fc.record({
          level: fc.constant({ width, height }),
          x: fc.tuple(fc.integer({ min: 0, max: width - 1 }), fc.integer({ min: 0, max: width - 1 })),
          y: fc.tuple(fc.integer({ min: 0, max: height - 1 }), fc.integer({ min: 0, max: height - 1 })),
        }),
      );
    fc.assert(
      fc.property(places, tilings, ({ level, x, y }, tiling) => {
        const [left, right] = [Math.min(...x), Math.max(...x) + 1];
        const [top, bottom] = [Math.min(...y), Math.max(...y) + 1];
        const tiles = planPreview(level, { left, top, width: right - left, height: bottom - top }, tiling);
        const corners = new Set<string>();
        let pixels = 0;
        for (const { core, input } of tiles) {
          pixels += core.width * core.height;
          corners.add(`${core.left} ${core.top}`);
          for (const [c, cs, i, is, length, start, end] of [
            [core.left, core.width, input.left, input.width, level.width, left, right],
            [core.top, core.height, input.top, input.height, level.height, top, bottom],
          ] as const) {
            expect(c >= start && c + cs <= end && cs > 0).toBe(true);
            expect([i % tiling.multiple, is % tiling.multiple]).toEqual([0, 0]);
            expect(is).toBeLessThanOrEqual(tiling.maxSide);
            expect(i).toBeLessThanOrEqual(Math.max(0, c - tiling.margin));
            expect(i + is).toBeGreaterThanOrEqual(Math.min(length, c + cs + tiling.margin));
          }
        }
        expect(corners.size).toBe(tiles.length);
        expect(pixels).toBe((right - left) * (bottom - top));
      }),
    );
  });

  it('begins in the middle', () => {
    const tiles = planPreview(
      { width: 3000, height: 3000 },
      { left: 0, top: 0, width: 1000, height: 1000 },
      { margin: 40, multiple: 8, maxSide: 464 },
    );
    expect(tiles).toHaveLength(9);
    expect(tiles[0]!.core).toMatchObject({ left: 336, top: 336 });
  });

  it('still gives tiles to a net that sees further than the limit', () => {
    const tiling = { margin: 400, multiple: 8, maxSide: 512 };
    expect(
      planPreview({ width: 4000, height: 4000 }, { left: 2000, top: 2000, width: 100, height: 60 }, tiling),
    ).toHaveLength(2);
  });
});

describe('packPreviewTile', () => {
  const input: Area = { left: 0, top: 0, width: 4, height: 3 };

  it('makes 16-bit colour of any samples, mirrored beyond the level', () => {
    const inside = withinLevel(input, { width: 3, height: 2 });
    expect(inside).toEqual({ left: 0, top: 0, width: 3, height: 2 });
    const grey = { ...inside, channels: 2, data: Uint8Array.from([1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9]) };
    const reds = packPreviewTile(grey, input).filter((_, i) => i % 3 === 0);
    expect([...reds].map((value) => value / 257)).toEqual([1, 2, 3, 2, 4, 5, 6, 5, 1, 2, 3, 2]);
    const colour = { width: 1, height: 1, channels: 4, data: Uint16Array.from([65535, 2, 3, 4]) };
    expect([...packPreviewTile(colour, { left: 0, top: 0, width: 1, height: 1 })]).toEqual([65535, 2, 3]);
  });
});

describe('cropToCore', () => {
  it('cuts the core out of what the net saw', () => {
    const tile = {
      core: { left: 11, top: 21, width: 2, height: 1 },
      input: { left: 10, top: 20, width: 4, height: 3 },
    };
    const data = Uint8Array.from({ length: 24 }, (_, i) => i);
    expect([...cropToCore(data, 2, tile)]).toEqual([10, 11, 12, 13]);
  });
});
