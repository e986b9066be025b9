import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNeutral, samplesLike, type PixelData } from '../../../../main/core/image/pixels.js';
import { packTile, tileCore, TileWriter } from '../../../../main/core/image/tile-io.js';
import { planTiles, type TilePlan } from '../../../../main/core/image/tiling.js';

type Channels = 1 | 2 | 3 | 4;

function image<T extends PixelData>(width: number, height: number, channels: Channels, data: T) {
  data.forEach((_, i) => (data[i] = (i * 7919 + (i >> 5) * 31) % (data instanceof Uint8Array ? 256 : 65536)));
  return { width, height, channels, data };
}

function eachTile(plan: TilePlan, visit: (row: number, column: number) => void): void {
  plan.rows.forEach((_, row) => {
    plan.columns.forEach((_span, column) => {
      visit(row, column);
    });
  });
}

describe('TileWriter', () => {
  it('gives back what packTile took, bit for bit, for any size, depth and number of channels', () => {
    const cases = fc.record({
      width: fc.integer({ min: 1, max: 400 }),
      height: fc.integer({ min: 1, max: 400 }),
      channels: fc.constantFrom<Channels[]>(1, 2, 3, 4),
      deep: fc.boolean(),
      overlap: fc.integer({ min: 0, max: 60 }),
    });
    fc.assert(
      fc.property(cases, ({ width, height, channels, deep, overlap }) => {
        const length = width * height * channels;
        const work = image(width, height, channels, deep ? new Uint16Array(length) : new Uint8Array(length));
        const before = work.data.slice();
        const plan = planTiles(width, height, { overlap, multiple: 8, maxArea: 136 * 136, maxSide: 200 });
        const writer = new TileWriter(work, plan);
        eachTile(plan, (row, column) => {
          const tile = samplesLike(before, plan.tileHeight * plan.tileWidth * channels);
          packTile(work, plan, row, column, tile);
          writer.write(row, column, tile);
        });
        expect(Buffer.compare(Buffer.from(work.data.buffer), Buffer.from(before.buffer))).toBe(0);
      }),
      { seed: 11, numRuns: 150 },
    );
  });

  it('reads the original pixels for every tile although earlier tiles are already written', () => {
    const work = image(300, 300, 1, new Uint8Array(300 * 300));
    const original = work.data.slice();
    const plan = planTiles(300, 300, { overlap: 40, multiple: 8, maxArea: 128 * 128, maxSide: 128 });
    const writer = new TileWriter(work, plan);
    eachTile(plan, (row, column) => {
      const tile = new Uint8Array(plan.tileHeight * plan.tileWidth);
      packTile(work, plan, row, column, tile);
      const { start: top, size: rows } = plan.rows[row]!;
      const { start: left, size: columns } = plan.columns[column]!;
      for (let y = 0; y < rows; y++) {
        const expected = original.subarray((top + y) * 300 + left, (top + y) * 300 + left + columns);
        expect(Buffer.compare(tile.subarray(y * plan.tileWidth, y * plan.tileWidth + columns), expected)).toBe(0);
      }
      writer.write(row, column, tile.fill(200));
    });
    expect(work.data.every((value) => value === 200)).toBe(true);
  });

  it('blends tiles that disagree without a step: neighbouring pixels differ by a few levels only', () => {
    const work = image(256, 64, 1, new Uint8Array(256 * 64));
    const plan = planTiles(256, 64, { overlap: 64, multiple: 8, maxArea: 160 * 64, maxSide: 160 });
    const writer = new TileWriter(work, plan);
    eachTile(plan, (row, column) => {
      writer.write(row, column, new Uint8Array(plan.tileHeight * plan.tileWidth).fill(column % 2 === 0 ? 100 : 140));
    });
    const line = [...work.data.subarray(0, 256)];
    expect(new Set([line[0], line[255]])).toEqual(new Set([100, 140]));
    for (let x = 1; x < 256; x++) expect(Math.abs(line[x]! - line[x - 1]!)).toBeLessThanOrEqual(2);
  });
});

describe('tileCore', () => {
  it('divides the image among the tiles: every block belongs to exactly one', () => {
    const plan = planTiles(1000, 700, { overlap: 72, multiple: 8, maxArea: 320 * 320, maxSide: 320 });
    for (let y = 0; y < 700; y += 8) {
      for (let x = 0; x < 1000; x += 8) {
        let owners = 0;
        eachTile(plan, (row, column) => {
          const { left, top, right, bottom } = tileCore(plan, row, column);
          if (x >= left && x < right && y >= top && y < bottom) owners++;
        });
        expect(owners).toBe(1);
      }
    }
  });
});

describe('isNeutral', () => {
  it('is true for grey files and for colour files without colour, whatever their alpha', () => {
    const one = { width: 2, height: 1 };
    expect(isNeutral({ ...one, channels: 1, data: new Uint8Array([1, 9]) })).toBe(true);
    expect(isNeutral({ ...one, channels: 3, data: new Uint8Array([5, 5, 5, 7, 7, 7]) })).toBe(true);
    expect(isNeutral({ ...one, channels: 4, data: new Uint8Array([5, 5, 5, 1, 7, 7, 7, 2]) })).toBe(true);
    expect(isNeutral({ ...one, channels: 3, data: new Uint8Array([5, 5, 5, 7, 7, 8]) })).toBe(false);
  });
});
