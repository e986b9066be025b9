import { NOISE_PATCH_PX, type NoisePatch } from './flat-patches.js';

/** What is known of a camera's noise at one ISO: how strong it is at each brightness, and how it spreads. */
export interface NoiseProfile {
  /** Brightness of the knots in [0,1], rising; at least one. */
  readonly brightness: readonly number[];
  /** Standard deviation of the noise at each knot per channel (R, G, B), in units of full scale. */
  readonly sigma: readonly [readonly number[], readonly number[], readonly number[]];
  /** Autocorrelation of luma noise at distances of 0, 1, 2... pixels, along rows and along columns. */
  readonly correlation: { readonly across: readonly number[]; readonly down: readonly number[] };
  /** Correlation of the channels' noise: R with G, G with B, R with B. */
  readonly channels: readonly [number, number, number];
  /** Patches that it was measured on. */
  readonly patches: number;
}

const BINS = 12;
/** Patches that it takes to believe a knot. */
const LEAST_PATCHES = 3;
const MOST_LAG_PX = 8;

/**
 * Fits a profile to flat patches: per channel the median variance of those of about one brightness, so that a patch that
 * was not flat after all does not count.
 * @param patches at least one
 */
export function fitProfile(patches: readonly NoisePatch[]): NoiseProfile {
  const knots: { brightness: number; sigma: [number, number, number] }[] = [];
  for (let bin = 0; bin < BINS; bin++) {
    const brightness = (bin + 0.5) / BINS;
    const sigma = [0, 1, 2].map((channel) => medianSigma(near(patches, channel, brightness), channel));
    if (sigma.every((value) => value !== null)) knots.push({ brightness, sigma: sigma as [number, number, number] });
  }
  if (knots.length === 0) {
    const sigma = [0, 1, 2].map((channel) => medianSigma(patches, channel, 1)!);
    knots.push({ brightness: 0.5, sigma: sigma as [number, number, number] });
  }
  const perChannel = (channel: number): number[] => knots.map(({ sigma }) => sigma[channel]!);
  return {
    brightness: knots.map(({ brightness }) => brightness),
    sigma: [perChannel(0), perChannel(1), perChannel(2)],
    ...spread(patches),
    patches: patches.length,
  };
}

/** Patches whose channel is about as bright: each channel has a brightness of its own. */
const near = (patches: readonly NoisePatch[], channel: number, brightness: number): NoisePatch[] =>
  patches.filter(({ mean }) => Math.abs(mean[channel]! - brightness) <= 1 / BINS);

function medianSigma(patches: readonly NoisePatch[], channel: number, least = LEAST_PATCHES): number | null {
  if (patches.length < least) return null;
  const sorted = patches.map(({ variance }) => variance[channel]!).sort((a, b) => a - b);
  return Math.sqrt(sorted[sorted.length >> 1]!);
}

/** Sums over patches, each weighed by its own variance alike: a patch counts for how its noise spreads, not how much. */
function spread(patches: readonly NoisePatch[]): Pick<NoiseProfile, 'correlation' | 'channels'> {
  const side = NOISE_PATCH_PX;
  const count = side * side;
  const across = new Float64Array(MOST_LAG_PX + 1);
  const down = new Float64Array(MOST_LAG_PX + 1);
  const channels: [number, number, number] = [0, 0, 0];
  for (const { residual, variance } of patches) {
    const luma = Float32Array.from(
      { length: count },
      (_, i) => residual[i]! + residual[count + i]! + residual[2 * count + i]!,
    );
    const energy = luma.reduce((sum, value) => sum + value * value, 0) / count;
    for (let lag = 0; energy > 0 && lag <= MOST_LAG_PX; lag++) {
      let [rows, columns] = [0, 0];
      for (let y = 0; y < side; y++) {
        for (let x = 0; x + lag < side; x++) {
          rows += luma[y * side + x]! * luma[y * side + x + lag]!;
          columns += luma[x * side + y]! * luma[(x + lag) * side + y]!;
        }
      }
      const pairs = side * (side - lag);
      across[lag]! += rows / pairs / energy / patches.length;
      down[lag]! += columns / pairs / energy / patches.length;
    }
    for (const [index, [a, b]] of CHANNEL_PAIRS.entries()) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += residual[a * count + i]! * residual[b * count + i]!;
      const scale = Math.sqrt(variance[a] * variance[b]);
      if (scale > 0) channels[index]! += sum / count / scale / patches.length;
    }
  }
  return { correlation: { across: [...across], down: [...down] }, channels };
}

const CHANNEL_PAIRS = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const;

/** Standard deviation of a channel's noise at a brightness in [0,1]: linear between knots, constant beyond. */
export function sigmaAt(profile: NoiseProfile, channel: 0 | 1 | 2, brightness: number): number {
  const { brightness: knots } = profile;
  const sigma = profile.sigma[channel];
  const next = knots.findIndex((knot) => knot >= brightness);
  if (next === -1) return sigma.at(-1)!;
  if (next === 0) return sigma[0]!;
  const share = (brightness - knots[next - 1]!) / (knots[next]! - knots[next - 1]!);
  return sigma[next - 1]! * (1 - share) + sigma[next]! * share;
}

/** Root mean square of sigma over all knots and channels, in units of full scale. */
export function meanSigma({ sigma }: NoiseProfile): number {
  const all = sigma.flat();
  return Math.sqrt(all.reduce((sum, value) => sum + value * value, 0) / all.length);
}
