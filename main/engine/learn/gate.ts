import type { GateMeasure, GateVerdict } from '../../../preload/learn/learn-call.js';
import type { PlanarImage } from '../../core/noise/flat-patches.js';
import { fillNormals } from '../../core/noise/normals.js';
import { sampleRandom } from '../../core/noise/sample-random.js';

/**
 * The promotion gate: whether a trained net is better than its parent on what it never saw, tried in pairs of an input and
 * a target whose noise is independent of it (`trials`): the squared error then is the true one plus a number that no net
 * changes.
 */

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

export interface GateTrial {
  readonly input: PlanarImage;
  /** Samples as of the input. */
  readonly target: Float32Array;
  /** Mean square of what is known to be the target's noise. */
  readonly added: number;
}

export interface GateWindow {
  /** What the targets are: the photo with other noise, other frames, a clean one. */
  readonly kind: 'recorrupted' | 'frames' | 'clean';
  readonly noisy: PlanarImage;
  /** @param plain what the parent makes of `noisy` */
  readonly trials: (plain: PlanarImage) => readonly GateTrial[];
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
  for (const [index, { noisy, trials }] of input.windows.entries()) {
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
    for (const { input: tried, target, added } of trials(plain.parent)) {
      const made = await bothOf(input, tried);
      const risk = (net: 'parent' | 'child'): number => squaredError(made[net].data, target);
      const [ofParent, ofChild] = [risk('parent'), risk('child')];
      gains.push(ofParent - ofChild);
      errors.parent += ofParent - added;
      errors.child += ofChild - added;
    }
  }
  return verdict(kindOf(input.windows), gains, errors, drift * 255, detail, general);
}

async function bothOf({ parent, child }: GateInput, image: PlanarImage) {
  return { parent: await parent.denoise(image, 1), child: await child.denoise(image, 1) };
}

/** Of all together: clean only if all are. */
const kindOf = (windows: readonly GateWindow[]): GateWindow['kind'] =>
  windows.find(({ kind }) => kind !== 'clean')?.kind ?? 'clean';

/** What the first measure is called, and its unit. */
const ERRORS = {
  recorrupted: { name: 'self-supervised error', unit: 'levels' },
  frames: { name: 'error against other frames', unit: 'levels' },
  clean: { name: 'PSNR of held-out pairs', unit: 'dB' },
} as const satisfies Record<GateWindow['kind'], { name: string; unit: string }>;

function verdict(
  kind: GateWindow['kind'],
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
  const shown = (sum: number): number => (kind === 'clean' ? -10 * Math.log10(sum / count) : level(sum));
  const measures: GateMeasure[] = [
    {
      ...ERRORS[kind],
      parent: shown(errors.parent),
      child: shown(errors.child),
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
    'PSNR of held-out pairs': ({ parent, child }) =>
      `on held-out pairs it is not clearly better (${child.toFixed(2)} dB, its parent ${parent.toFixed(2)} dB)`,
    'error against other frames': ({ parent, child }) =>
      `on held-out frames its error is not clearly lower (${child.toFixed(2)} levels, its parent's ${parent.toFixed(2)})`,
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
