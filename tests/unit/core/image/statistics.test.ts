import { describe, expect, it } from 'vitest';
import { reportNoise } from '../../../../main/core/image/noise-report.js';
import { STATISTICS_CHANNELS, StatisticsGrid, type StatisticsChannel } from '../../../../main/core/image/statistics.js';
import { createRandom } from '../../../../main/core/image/random.js';
import { judgeTrust } from '../../../../main/core/image/trust.js';

const EVERYWHERE = { left: 0, top: 0, right: Infinity, bottom: Infinity };

/** A grid of one tile whose block means are given by a function of the cell. */
function gridOf(cells: number, values: (x: number, y: number) => Partial<Record<StatisticsChannel, number>>) {
  const side = cells * 32;
  const blocks = side / 8;
  const data = new Float32Array(STATISTICS_CHANNELS.length * blocks * blocks);
  for (let y = 0; y < blocks; y++) {
    for (let x = 0; x < blocks; x++) {
      const given = values(x >> 2, y >> 2);
      STATISTICS_CHANNELS.forEach((channel, c) => {
        data[(c * blocks + y) * blocks + x] = given[channel] ?? 0;
      });
    }
  }
  const grid = new StatisticsGrid(side, side);
  grid.add(data, { left: 0, top: 0, right: side, bottom: side }, EVERYWHERE);
  return grid;
}

/** Noise of variance 1e-3, uncorrelated with a picture that has fine detail everywhere. */
const CLEAN_REMOVAL = { luma: 0.5, removedEnergy: 1e-3, detailEnergy: 1e-3, gradientEnergy: 1e-3 };

describe('StatisticsGrid', () => {
  it('counts each block once: only the core of a tile, only inside the image', () => {
    const grid = new StatisticsGrid(40, 24);
    const tile = { left: 0, top: 0, right: 48, bottom: 24 };
    grid.add(new Float32Array(18).fill(1), tile, { left: 0, top: 0, right: 16, bottom: 24 });
    grid.add(new Float32Array(18).fill(3), tile, { left: 16, top: 0, right: 48, bottom: 24 });
    // Cells: columns 0..31 hold two columns of each, columns 32..39 one of the second; 40..47 lie outside.
    expect(grid.means('sigmaRed')).toEqual([2, 3]);
  });
});

describe('reportNoise', () => {
  it('gives means and spread in 8-bit units, one channel for a grey photo', () => {
    const grid = gridOf(4, (x) => ({ sigmaRed: 0.1, sigmaGreen: 0.1, sigmaBlue: 0.1 + 0.1 * x }));
    const report = reportNoise(grid, false);
    expect(report.perChannel.map((value) => Math.round(value * 100) / 100)).toEqual([25.5, 25.5, 63.75]);
    expect(report.sigma).toBeCloseTo(38.25, 4);
    expect(report.low).toBeCloseTo(25.5, 4);
    expect(report.high).toBeCloseTo(51, 4);
    expect(reportNoise(grid, true).perChannel).toHaveLength(1);
  });
});

describe('judgeTrust', () => {
  it('trusts a removal that looks like noise, even when it is strong or depends on brightness', () => {
    expect(judgeTrust(gridOf(6, () => CLEAN_REMOVAL))).toMatchObject({ score: 1, verdict: 'good' });
    const random = createRandom(3);
    const shot = gridOf(8, (x) => ({
      ...CLEAN_REMOVAL,
      luma: x / 8,
      removedEnergy: (1 + x) * 1e-3 * (1 + 0.1 * random.uniform()),
    }));
    expect(judgeTrust(shot)?.verdict).toBe('good');
  });

  it.each([
    [
      'more energy in textured cells than in flat ones of the same brightness',
      { removedEnergy: 1e-2, gradientEnergy: 1e-1 },
    ],
    ['a residual that follows the detail left behind', { removedDetail: 9.5e-4 }],
    ['a residual far smoother than noise', { removedNeighbour: 9.8e-4 }],
  ])('distrusts %s', (_, sign) => {
    const grid = gridOf(8, (x) => ({ ...CLEAN_REMOVAL, ...(x >= 3 && sign) }));
    const judgement = judgeTrust(grid)!;
    expect(judgement.score).toBeLessThan(0.75);
    const at = (column: number): number => judgement.detailLoss[column]!;
    expect(at(6)).toBeGreaterThan(at(0));
  });

  it('does not judge what is too small to be judged', () => {
    expect(judgeTrust(gridOf(2, () => CLEAN_REMOVAL))).toBeNull();
  });
});
