import { bankNoiseOver } from '../../core/noise/bank.js';
import { sampleRandom } from '../../core/noise/sample-random.js';
import { meanOfPlanes, meanSquare } from '../../core/noise/planar.js';
import type { GateWindow } from './gate.js';
import type { MeasuredNoise, SmoothedWindow } from './measure-noise.js';
import type { PlanarImage } from '../../core/noise/flat-patches.js';

/** What held-out parts of photos are judged by. */

/** The share of noise that is added, a below, and 1/a that in the target; less disturbs the input less and the score more. */
const RECORRUPTION = 0.5;
/** Draws of z per window. */
const DRAWS = 3;
/** Frames of a burst that are tried one after the other. */
const MOST_INPUTS = 3;

/**
 * Without a clean version: for noise z as the photo's own n, the two images y + a z and y - z / a have independent noise
 * (for Gaussian noise, exactly), so that the squared error between what a net makes of the first and the second is its
 * true error plus a number that no net changes (Recorrupted-to-Recorrupted, Pang et al., CVPR 2021). Differences between
 * two nets are thus differences of their true errors, as far as z is like n.
 */
export function recorrupted(
  smoothed: readonly SmoothedWindow[],
  { bank, groupOf }: MeasuredNoise,
  seed: number,
): GateWindow[] {
  const heldOut = [...smoothed.entries()].filter(([, { window }]) => window.heldOut);
  return heldOut.map(([own, { noisy }], index) => ({
    kind: 'recorrupted',
    noisy,
    trials: (plain) =>
      Array.from({ length: DRAWS }, (_, draw) => {
        const noise = bankNoiseOver(bank.groups[groupOf[own]!]!, plain, sampleRandom(seed, index, draw));
        return {
          input: { ...noisy, data: noisy.data.map((value, i) => value + RECORRUPTION * noise[i]!) },
          target: noisy.data.map((value, i) => value - noise[i]! / RECORRUPTION),
          // What the target's noise adds is known: (1 + 1/a^2) of the noise's variance.
          added: (1 + 1 / RECORRUPTION ** 2) * meanSquare(noise),
        };
      }),
  }));
}

/**
 * Against other frames of the scene, whose noise is independent: the squared error is the true one plus the variance of
 * their noise; against a clean one it is the true one.
 * @param frames noisy pictures of one part of a scene
 */
export function againstFrames(frames: readonly PlanarImage[], clean: PlanarImage | null): GateWindow {
  return {
    kind: clean === null ? 'frames' : 'clean',
    noisy: frames[0]!,
    trials: () =>
      frames.slice(0, MOST_INPUTS).map((input, index) => {
        if (clean !== null) return { input, target: clean.data, added: 0 };
        const others = frames.filter((_, other) => other !== index);
        const target = meanOfPlanes(others).data;
        // The difference holds the noise of one frame and 1/m of it from the mean of m.
        const difference = meanSquare(input.data.map((value, i) => value - target[i]!));
        return { input, target, added: difference / (others.length + 1) };
      }),
  };
}
