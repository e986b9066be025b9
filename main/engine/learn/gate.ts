import type { GateMeasure, GateVerdict } from '../../../preload/learn/learn-call.js';
import { bankNoiseOver, type BankGroup } from '../../core/noise/bank.js';
import type { PlanarImage } from '../../core/noise/flat-patches.js';
import { fillNormals } from '../../core/noise/normals.js';
import { sampleRandom } from '../../core/noise/sample-random.js';

/**
 * The promotion gate: whether a trained net is better than its parent on photos that it never saw, measured without a clean
 * version of them.
 *
 * The score is that of Recorrupted-to-Recorrupted (Pang et al., CVPR 2021): for noise z as the photo's own n, the two
 * images y + a z and y - z / a have independent noise (for Gaussian noise, exactly), so that the squared error between
 * what a net makes of the first and the second is its true error plus a number that no net changes. Differences between
 * two nets are thus differences of their true errors, as far as z is like n.
 */

/** a above: the share of noise that is added, and 1/a that in the target; less disturbs the input less and the score more. */
const RECORRUPTION = 0.5;
/** Draws of z per window. */
const DRAWS = 3;
/** How many standard errors the gain has to be above 0. */
const LEAST_SIGNIFICANCE = 1;
/** Ordinary noise, of 255: put on what the parent makes of the parts, which stands for clean for both nets alike. */
const ORDINARY_SIGMAS = [15, 25, 50] as const;
/** Tells its streams from those of z. */
const ORDINARY_SALT = 0x67617573;
/** dB that quality on ordinary noise may fall. */
const MOST_FORGOTTEN_DB = 0.3;
/** 8-bit levels by which mean brightness may drift. */
const MOST_DRIFT = 0.5;
/** Share of the fine detail of the parent's results that has to be there: less is smoothing away, not denoising. */
const LEAST_DETAIL = 0.6;

export interface GateWindow {
  readonly noisy: PlanarImage;
  /** Its noise. */
  readonly group: BankGroup;
}

/** A net that denoises an image as if its noise were `factor` times what is estimated. */
export interface Denoiser {
  denoise(image: PlanarImage, factor: number): Promise<PlanarImage>;
}

export interface GateInput {
  readonly parent: Denoiser;
  readonly child: Denoiser;
  /** At least one. */
  readonly windows: readonly GateWindow[];
  readonly seed: number;
}

/** Judges a child. Deterministic. */
export async function judge(signal: AbortSignal, input: GateInput): Promise<GateVerdict> {
  const gains: number[] = [];
  const errors = { parent: 0, child: 0 };
  let drift = 0;
  const detail = { parent: 0, child: 0 };
  const general = { parent: 0, child: 0 };
  for (const [index, { noisy, group }] of input.windows.entries()) {
    signal.throwIfAborted();
    const plain = await bothOf(input, noisy);
    for (const net of ['parent', 'child'] as const) detail[net] += detailOf(plain[net]);
    drift = Math.max(drift, Math.abs(meanOf(plain.child.data) - meanOf(plain.parent.data)));
    for (const [kind, sigma] of ORDINARY_SIGMAS.entries()) {
      const clean = plain.parent.data.map((value) => Math.min(1, Math.max(0, value)));
      const noise = new Float32Array(clean.length);
      fillNormals(noise, sampleRandom(input.seed ^ ORDINARY_SALT, index, kind));
      const made = await bothOf(input, { ...noisy, data: clean.map((value, i) => value + (sigma / 255) * noise[i]!) });
      for (const net of ['parent', 'child'] as const) {
        const quality = -10 * Math.log10(squaredError(made[net].data, clean));
        general[net] += quality / ORDINARY_SIGMAS.length / input.windows.length;
      }
    }
    for (let draw = 0; draw < DRAWS; draw++) {
      const noise = bankNoiseOver(group, plain.parent, sampleRandom(input.seed, index, draw));
      const more = { ...noisy, data: noisy.data.map((value, i) => value + RECORRUPTION * noise[i]!) };
      const target = noisy.data.map((value, i) => value - noise[i]! / RECORRUPTION);
      const made = await bothOf(input, more);
      const risk = (net: 'parent' | 'child'): number => squaredError(made[net].data, target);
      const [ofParent, ofChild] = [risk('parent'), risk('child')];
      gains.push(ofParent - ofChild);
      // What the target's noise adds is known: (1 + 1/a^2) of the noise's variance.
      const added = (1 + 1 / RECORRUPTION ** 2) * meanSquare(noise);
      errors.parent += ofParent - added;
      errors.child += ofChild - added;
    }
  }
  return verdict(gains, errors, drift * 255, detail, general);
}

async function bothOf({ parent, child }: GateInput, image: PlanarImage) {
  return { parent: await parent.denoise(image, 1), child: await child.denoise(image, 1) };
}

function verdict(
  gains: readonly number[],
  errors: { parent: number; child: number },
  drift: number,
  detail: { parent: number; child: number },
  general: { parent: number; child: number },
): GateVerdict {
  const mean = meanOf(gains);
  const spread = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, gains.length - 1));
  const significance = spread > 0 ? (mean / spread) * Math.sqrt(gains.length) : 0;
  const kept = detail.parent > 0 ? detail.child / detail.parent : 1;
  const count = gains.length;
  // In 8-bit levels, so that a person can read them; an estimate of a small error can come out below 0.
  const level = (sum: number): number => Math.sign(sum) * Math.sqrt(Math.abs(sum) / count) * 255;
  const measures: GateMeasure[] = [
    {
      name: 'self-supervised error',
      unit: 'levels',
      parent: level(errors.parent),
      child: level(errors.child),
      ok: significance >= LEAST_SIGNIFICANCE,
    },
    {
      name: 'significance',
      unit: 'standard errors',
      parent: 0,
      child: significance,
      ok: significance >= LEAST_SIGNIFICANCE,
    },
    {
      name: 'ordinary noise',
      unit: 'dB',
      ...general,
      ok: general.child >= general.parent - MOST_FORGOTTEN_DB,
    },
    { name: 'fine detail', unit: 'of the parent', parent: 1, child: kept, ok: kept >= LEAST_DETAIL },
    { name: 'brightness drift', unit: 'levels', parent: 0, child: drift, ok: drift <= MOST_DRIFT },
  ];
  return { passed: measures.every(({ ok }) => ok), measures, reasons: reasonsOf(measures) };
}

function reasonsOf(measures: readonly GateMeasure[]): string[] {
  const texts: Record<string, (measure: GateMeasure) => string> = {
    'self-supervised error': ({ parent, child }) =>
      `on held-out photos its error is not clearly lower (${child.toFixed(2)} levels, its parent's ${parent.toFixed(2)})`,
    'ordinary noise': ({ parent, child }) =>
      `it forgot: on ordinary noise ${child.toFixed(2)} dB after ${parent.toFixed(2)} dB`,
    'fine detail': ({ child }) => `it keeps only ${Math.round(100 * child)} % of its parent's fine detail`,
    'brightness drift': ({ child }) => `it changes mean brightness by ${child.toFixed(2)} levels`,
  };
  return measures.filter(({ ok, name }) => !ok && name in texts).map((measure) => texts[measure.name]!(measure));
}

const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
};

const meanSquare = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value * value, 0) / values.length;

function squaredError(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
}

/** Mean absolute difference of neighbours along rows. */
function detailOf({ width, data }: PlanarImage): number {
  let sum = 0;
  for (let i = 1; i < data.length; i++) if (i % width !== 0) sum += Math.abs(data[i]! - data[i - 1]!);
  return sum / data.length;
}
