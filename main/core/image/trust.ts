import type { StatisticsGrid } from './statistics.js';

/**
 * Does the model fit the photo? An autoencoder does well only on what resembles its training data, and where it does
 * not, it takes picture for noise. Noise has no structure, so structure in what was removed is picture lost.
 *
 * Three signs are read per 32x32 cell, each as a share in [0,1] of the removed energy:
 *  - excess: energy above what flat cells of the same brightness lost (noise depends on brightness, not on the motif);
 *  - correlation of the removed part with the fine detail that was left (an edge that was softened, not cleaned);
 *  - a smooth residual: neighbouring pixels removed alike far beyond what a camera's own processing correlates.
 * The largest share says how much of the removed energy was picture; set against the detail that is left it gives the
 * detail loss. Against true loss on photos, camera noise, forced over-smoothing and motifs foreign to the training
 * data its rank correlation is in docs/decisions/0004-trust.md, with what it cannot see.
 */

export interface TrustJudgement {
  /** 1 minus the mean detail loss. */
  score: number;
  verdict: 'good' | 'fair' | 'poor';
  /** Detail loss per cell, [0,1], in the order of the grid's cells. */
  detailLoss: number[];
}

/** Fewer cells than this say nothing about a picture. */
const LEAST_CELLS = 9;
/** Share of the cells, those with the least gradient, that serve as the reference for noise alone. */
const FLAT_SHARE = 0.25;
/** Cells of a similar brightness are compared: standard deviation of the comparison, in [0,1] units. */
const BRIGHTNESS_WINDOW = 30 / 255;
/** Flat cells differ among themselves: energy up to this factor above them is no sign. */
const EXCESS_TOLERANCE = 1.3;
/** Leftover noise alone correlates the two up to here. */
const CORRELATION_TOLERANCE = 0.4;
/** Demosaicing and JPEG correlate neighbouring noise up to here (measured on five cameras). */
const SMOOTHNESS_TOLERANCE = 0.7;
/** Detail below half a level of 255 is invisible; it keeps flat pictures from being judged on nothing. */
const INVISIBLE_ENERGY = 0.5 / 255 ** 2;

const GOOD_FROM = 0.75;
const FAIR_FROM = 0.5;

/** Judges an image by its gathered statistics; null if it is too small to be judged. */
export function judgeTrust(grid: StatisticsGrid): TrustJudgement | null {
  const luma = grid.means('luma');
  if (luma.length < LEAST_CELLS) return null;
  const energy = grid.means('removedEnergy');
  const neighbour = grid.means('removedNeighbour');
  const covariance = grid.means('removedDetail');
  const detail = grid.means('detailEnergy');
  const expected = flatEnergy(luma, energy, grid.means('gradientEnergy'));

  let lostSum = 0;
  let leftSum = 0;
  const detailLoss = luma.map((_, i) => {
    const removed = energy[i]! + Number.EPSILON;
    const excess = 1 - (EXCESS_TOLERANCE * expected(luma[i]!)) / removed;
    const correlation = Math.abs(covariance[i]!) / Math.sqrt(removed * detail[i]! + Number.EPSILON);
    const softened = Math.max(0, (correlation - CORRELATION_TOLERANCE) / (1 - CORRELATION_TOLERANCE)) ** 2;
    const smooth = (Math.abs(neighbour[i]!) / removed - SMOOTHNESS_TOLERANCE) / (1 - SMOOTHNESS_TOLERANCE);
    const lost = energy[i]! * Math.min(1, Math.max(0, excess, softened, smooth));
    const left = detail[i]! + INVISIBLE_ENERGY;
    lostSum += lost;
    leftSum += left;
    return lost / (lost + left);
  });
  const score = leftSum / (lostSum + leftSum);
  return { score, verdict: score >= GOOD_FROM ? 'good' : score >= FAIR_FROM ? 'fair' : 'poor', detailLoss };
}

/** Energy that flat cells of a brightness lost: a Gaussian-weighted mean over the flattest cells. */
function flatEnergy(
  luma: readonly number[],
  energy: readonly number[],
  gradient: readonly number[],
): (brightness: number) => number {
  const order = luma.map((_, i) => i).sort((a, b) => gradient[a]! - gradient[b]!);
  const flat = order.slice(0, Math.max(4, Math.ceil(order.length * FLAT_SHARE)));
  // A photo of 100 megapixels has 25,000 flat cells: a table over brightness keeps the comparison linear in them.
  const table = Array.from({ length: 256 }, (_, level) => {
    let sum = 0;
    let weights = 0;
    for (const i of flat) {
      const weight = Math.exp(-(((luma[i]! - level / 255) / BRIGHTNESS_WINDOW) ** 2)) + 1e-3;
      sum += weight * energy[i]!;
      weights += weight;
    }
    return sum / weights;
  });
  return (brightness) => table[Math.min(255, Math.max(0, Math.round(brightness * 255)))]!;
}
