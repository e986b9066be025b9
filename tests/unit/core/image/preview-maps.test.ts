import { describe, expect, it } from 'vitest';
import { PreviewMaps } from '../../../../main/core/image/preview-maps.js';
import { planPreview } from '../../../../main/core/image/preview-tiles.js';
import { STATISTICS_CHANNELS } from '../../../../main/core/image/statistics.js';

const LEVEL = { width: 500, height: 300 };
const REGION = { left: 75, top: 41, width: 201, height: 130 };

describe('PreviewMaps', () => {
  it('puts the noise of every block and the loss of every cell in their places, whatever the tiles', () => {
    for (const maxSide of [128, 512]) {
      const maps = new PreviewMaps(REGION, LEVEL);
      for (const tile of planPreview(LEVEL, REGION, { margin: 16, multiple: 8, maxSide })) {
        const [columns, rows] = [tile.input.width / 8, tile.input.height / 8];
        // The noise of a block tells where it is: level columns in red, the mean of the channels is the same.
        const blocks = new Float32Array(STATISTICS_CHANNELS.length * columns * rows).map((_, i) => {
          const place = i % (columns * rows);
          const column = tile.input.left / 8 + (place % columns);
          const row = tile.input.top / 8 + Math.floor(place / columns);
          return (column + row) / 255;
        });
        maps.add(blocks, tile);
      }
      const cells = maps.grid.columns * maps.grid.rows;
      expect(maps.grid.means('sigmaRed')).toHaveLength(cells);
      maps.judge({ score: 1, verdict: 'good', detailLoss: Array.from({ length: cells }, (_, i) => i / 255) });
      expect([maps.columns, maps.rows]).toEqual([26, 17]);
      const rgba = maps.toRgba(255);
      for (const [column, row] of [
        [0, 0],
        [25, 0],
        [7, 11],
        [25, 16],
      ] as const) {
        const x = Math.min(REGION.left + column * 8 + 4, REGION.left + REGION.width - 1);
        const y = Math.min(REGION.top + row * 8 + 4, REGION.top + REGION.height - 1);
        const cell = (Math.floor(y / 32) - 1) * maps.grid.columns + Math.floor(x / 32) - 2;
        const at = (row * 26 + column) * 4;
        expect([...rgba.subarray(at, at + 4)]).toEqual([Math.floor(x / 8) + Math.floor(y / 8), cell, 0, 255]);
      }
    }
  });

  it('shows no loss where nothing could be judged', () => {
    const maps = new PreviewMaps({ left: 0, top: 0, width: 8, height: 8 }, LEVEL);
    maps.judge(null);
    expect([...maps.toRgba(64)]).toEqual([0, 0, 0, 255]);
  });
});
