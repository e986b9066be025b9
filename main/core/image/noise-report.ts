import type { StatisticsGrid } from './statistics.js';

/** Noise of one photo as standard deviations in 8-bit units; the shape that the contract's NoiseEstimate describes. */
export interface NoiseReport {
  sigma: number;
  perChannel: number[];
  low: number;
  high: number;
}

const LOW_PERCENTILE = 0.1;
const HIGH_PERCENTILE = 0.9;

/** Summarises the sigma maps of an image: overall and per channel means, and the spread over its cells. */
export function reportNoise(grid: StatisticsGrid, isGrey: boolean): NoiseReport {
  const channels = (['sigmaRed', 'sigmaGreen', 'sigmaBlue'] as const).map((name) => grid.means(name));
  const cells = channels[0]!.map((red, i) => ((red + channels[1]![i]! + channels[2]![i]!) / 3) * 255);
  cells.sort((a, b) => a - b);
  const percentile = (share: number): number => cells[Math.round(share * (cells.length - 1))]!;
  const perChannel = channels.map((values) => mean(values) * 255);
  const sigma = mean(perChannel);
  return {
    sigma,
    perChannel: isGrey ? [sigma] : perChannel,
    low: percentile(LOW_PERCENTILE),
    high: percentile(HIGH_PERCENTILE),
  };
}

/** The report of a level that the person gave, in 8-bit units: there is nothing to measure. */
export function givenNoise(sigma: number, isGrey: boolean): NoiseReport {
  return { sigma, perChannel: isGrey ? [sigma] : [sigma, sigma, sigma], low: sigma, high: sigma };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
