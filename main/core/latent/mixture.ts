import type { Random } from '../image/random.js';
import { principalComponents, project, reconstruct, type Pca } from './pca.js';
import { addScaled, distance, dot, type Vector } from './vectors.js';

/**
 * A Gaussian mixture as the prior of a set's latents: latents drawn from it decode to pictures like the set's, which N(0, I)
 * does not give. In the subspace of the set's principal axes the components are Gaussians with diagonal covariances; across
 * it, all have the same variance in each direction, that of what the axes leave out (Tipping and Bishop, "Probabilistic
 * principal component analysis", 1999).
 */
export interface Mixture {
  readonly pca: Pca;
  readonly components: readonly MixtureComponent[];
  /** Variance across the axes, per direction. */
  readonly residualVariance: number;
}

/** One Gaussian, in coordinates along the axes. */
export interface MixtureComponent {
  /** Share of the set; the shares add up to 1. */
  readonly weight: number;
  readonly mean: Float64Array;
  readonly variances: Float64Array;
}

export interface MixtureOptions {
  /** Most components that are tried. */
  readonly mostComponents?: number;
  /** Most principal axes. */
  readonly mostAxes?: number;
}

const MOST_COMPONENTS = 6;
const MOST_AXES = 32;
/** A component is only tried where it would have so many latents. */
const LEAST_PER_COMPONENT = 8;
/** Latents along an axis that a variance is pulled to the whole set's by, as a number of imaginary observations. */
const PRIOR_COUNT = 4;
const MOST_ITERATIONS = 100;
/** Gain in mean log likelihood per latent at which the iteration ends. */
const CONVERGED = 1e-6;
/** Variance, as a share of the set's mean variance, that no direction falls below: a set of equals is a point. */
const LEAST_SHARE = 1e-6;

/**
 * Fits a mixture by expectation maximisation from a k-means++ start, the number of components by the Bayesian information
 * criterion (Schwarz 1978). Variances are pulled towards the whole set's, so that few latents do.
 *
 * @param latents at least one; from one, a point comes out
 */
export function fitMixture(
  latents: readonly Vector[],
  random: Random,
  { mostComponents = MOST_COMPONENTS, mostAxes = MOST_AXES }: MixtureOptions = {},
): Mixture {
  const dimensions = latents[0]!.length;
  // With as many axes as latents, each would be on its own axis, at the same distance from all others.
  const axes = Math.min(mostAxes, Math.max(1, Math.floor(latents.length / 2)));
  const pca = principalComponents(latents, axes);
  const floor = Math.max((LEAST_SHARE * pca.totalVariance) / dimensions, Number.MIN_VALUE);
  const kept = pca.variances.reduce((sum, v) => sum + v, 0);
  const across = dimensions - pca.axes.length;
  const residualVariance = across > 0 ? Math.max(floor, (pca.totalVariance - kept) / across) : floor;
  const points = latents.map((latent) => project(pca, latent));
  const limit = Math.max(1, Math.min(mostComponents, Math.floor(latents.length / LEAST_PER_COMPONENT)));
  let best: { components: MixtureComponent[]; score: number } | undefined;
  for (let k = 1; k <= limit; k++) {
    const { components, logLikelihood } = expectationMaximisation(points, k, pca.variances, floor, random);
    const parameters = k * (2 * pca.axes.length + 1) - 1;
    const score = -2 * logLikelihood + parameters * Math.log(points.length);
    if (best === undefined || score < best.score) best = { components, score };
  }
  return { pca, components: best!.components, residualVariance };
}

interface Fit {
  readonly components: MixtureComponent[];
  readonly logLikelihood: number;
}

function expectationMaximisation(
  points: readonly Float64Array[],
  k: number,
  whole: Float64Array,
  floor: number,
  random: Random,
): Fit {
  const starts = spreadStarts(points, k, random);
  let components: MixtureComponent[] = starts.map((mean) => ({
    weight: 1 / k,
    mean,
    variances: whole.map((v) => Math.max(floor, v)),
  }));
  let last = -Infinity;
  for (let iteration = 0; ; iteration++) {
    const shares: Float64Array[] = [];
    let logLikelihood = 0;
    for (const point of points) {
      const logs = Float64Array.from(components, (c) => Math.log(c.weight) + logDensity(c, point));
      const total = logSumExp(logs);
      logLikelihood += total;
      shares.push(logs.map((x) => Math.exp(x - total)));
    }
    if (iteration === MOST_ITERATIONS || logLikelihood - last < CONVERGED * points.length) {
      return { components, logLikelihood };
    }
    last = logLikelihood;
    components = components.map((_, c) => maximised(points, (i) => shares[i]![c]!, whole, floor));
  }
}

/** The Gaussian of the points by their shares, with imaginary observations of the whole set's variance. */
function maximised(
  points: readonly Float64Array[],
  share: (index: number) => number,
  whole: Float64Array,
  floor: number,
): MixtureComponent {
  let total = 0;
  const mean = new Float64Array(whole.length);
  points.forEach((point, i) => {
    total += share(i);
    for (let d = 0; d < mean.length; d++) mean[d]! += share(i) * point[d]!;
  });
  // A component that lost all of its points is as good as none.
  const held = Math.max(total, Number.MIN_VALUE);
  for (let d = 0; d < mean.length; d++) mean[d]! /= held;
  const variances = whole.map((prior, d) => {
    let sum = PRIOR_COUNT * prior;
    points.forEach((point, i) => (sum += share(i) * (point[d]! - mean[d]!) ** 2));
    return Math.max(floor, sum / (total + PRIOR_COUNT));
  });
  return { weight: held / points.length, mean, variances };
}

/** Starting means far apart: each is a point drawn by its squared distance from those before it (Arthur and Vassilvitskii 2007). */
function spreadStarts(points: readonly Float64Array[], k: number, random: Random): Float64Array[] {
  const starts = [points[Math.floor(random.uniform() * points.length)]!.slice()];
  while (starts.length < k) {
    const squares = points.map((point) => Math.min(...starts.map((start) => distance(point, start) ** 2)));
    const total = squares.reduce((sum, x) => sum + x, 0);
    let left = random.uniform() * total;
    let index = squares.findIndex((square) => (left -= square) < 0);
    if (index < 0) index = points.length - 1;
    starts.push(points[index]!.slice());
  }
  return starts;
}

/** Log density of a diagonal Gaussian in its own coordinates. */
function logDensity({ mean, variances }: MixtureComponent, point: Vector): number {
  let sum = 0;
  for (let d = 0; d < mean.length; d++) {
    sum += Math.log(2 * Math.PI * variances[d]!) + (point[d]! - mean[d]!) ** 2 / variances[d]!;
  }
  return -sum / 2;
}

function logSumExp(logs: Float64Array): number {
  const most = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  return most + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - most), 0));
}

/** Log density of a latent under a mixture. */
export function logLikelihood({ pca, components, residualVariance }: Mixture, latent: Vector): number {
  const point = project(pca, latent);
  const across = latent.length - pca.axes.length;
  const centred = addScaled(latent, pca.mean, -1);
  const square = Math.max(0, dot(centred, centred) - dot(point, point));
  const residual = -(across * Math.log(2 * Math.PI * residualVariance) + square / residualVariance) / 2;
  return logSumExp(Float64Array.from(components, (c) => Math.log(c.weight) + logDensity(c, point))) + residual;
}

/** Draws a latent from a mixture. */
export function sampleMixture({ pca, components, residualVariance }: Mixture, random: Random): Float64Array {
  let left = random.uniform();
  const component = components.find(({ weight }) => (left -= weight) < 0) ?? components.at(-1)!;
  const coordinates = component.mean.map((mean, d) => mean + Math.sqrt(component.variances[d]!) * random.normal());
  // What is drawn for all directions, less its part along the axes, is drawn for those across them.
  const spread = Math.sqrt(residualVariance);
  let residual: Float64Array = pca.mean.map(() => spread * random.normal());
  for (const axis of pca.axes) residual = addScaled(residual, axis, -dot(axis, residual));
  return addScaled(reconstruct(pca, coordinates), residual, 1);
}
