import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { psnr } from '../../main/core/image/metrics.js';
import { addGaussianNoise } from '../../main/core/image/noise.js';
import { createRandom } from '../../main/core/image/random.js';
import { Precision } from '../../preload/contract.js';
import { denoise } from '../support/cli.js';
import { readPixels, writePixels } from '../support/images.js';
import { table } from '../support/table.js';
import { readReference, type Measured } from './reference.js';
import { findSets, type BenchSet, type Pair } from './sets.js';

/**
 * `npm run bench -- quality --data DIR`: the whole program, files in and files out, against the figures that were
 * measured for its bare networks. Fails where the program loses more than the tolerance; on real noise it gains, because
 * it holds brightness (docs/decisions/0005-brightness.md), and says so. With `--precision int8` the 8-bit variants against
 * float in the same run.
 */

const SIGMAS = [15, 25, 50];
const TOLERANCE_DB = 0.05;
/** Of 8 bits against float, at sigma 50: what is left of the picture there is coarse. */
const INT8_TOLERANCE_DB: ReadonlyMap<number | null, number> = new Map([[50, 0.1]]);

/** One line of the table: a model on a set at one noise level. */
interface QualityRow {
  readonly model: string;
  readonly precision: Precision;
  readonly set: string;
  /** Camera, in a set of pairs; null for the whole set. */
  readonly group: string | null;
  /** Added noise in 8-bit units; null for real noise. */
  readonly sigma: number | null;
  readonly blind: boolean;
  readonly images: number;
  /** dB, mean over the images, before and after. */
  readonly psnrIn: number;
  readonly psnrOut: number;
  /** The model's own figure, where there is one for exactly this; of 8 bits what float gave. */
  readonly reference: number | null;
}

/** A noisy file, the clean photo it came from, and how near they are. */
interface NoisyFile extends Pair {
  readonly psnrIn: number;
}

/** Runs the benchmark; true when no figure falls short of its reference. */
export async function benchQuality(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', multiple: true },
      models: { type: 'string', default: 'quality,fast' },
      limit: { type: 'string', default: 'Infinity' },
      precision: { type: 'string', default: 'float' },
      json: { type: 'boolean', default: false },
    },
  });
  if (!values.data)
    throw new Error('--data DIR is needed: a folder of clean photos, or of NAME_real and NAME_mean pairs');
  const inEightBits = Precision.parse(values.precision) === 'int8';
  const sets = (await Promise.all(values.data.map((folder) => findSets(folder, Number(values.limit))))).flat();
  const reference = await readReference();
  const work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-bench-'));
  try {
    const rows: QualityRow[] = [];
    for (const set of sets) {
      for (const trial of await prepare(set, work)) {
        for (const model of values.models.split(',')) {
          // On stderr: the table may be on its way into a file, and it takes minutes.
          console.error(`${trial.set}, ${levelOf(trial)}, ${trial.files.length} photos, model ${model}...`);
          const float = await measure(trial, model, 'float', referenceOf(trial, reference.get(model) ?? []), work);
          rows.push(...float);
          if (inEightBits) rows.push(...(await measure(trial, model, 'int8', float[0]?.psnrOut ?? null, work)));
        }
      }
    }
    console.log(values.json ? JSON.stringify(rows, null, 2) : print(rows));
    return rows.every((row) => (gain(row) ?? 0) >= -tolerance(row));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Noisy files of one noise level, and whether the program is told it. */
interface Trial {
  readonly set: string;
  readonly sigma: number | null;
  readonly blind: boolean;
  readonly files: readonly NoisyFile[];
}

function levelOf({ sigma, blind }: Trial): string {
  if (sigma === null) return 'real noise';
  return `sigma ${sigma}${blind ? ', not told' : ''}`;
}

async function prepare(set: BenchSet, work: string): Promise<Trial[]> {
  if (set.kind === 'pairs') {
    const files = await Promise.all(set.pairs.map(withPsnr));
    return [{ set: set.name, sigma: null, blind: true, files }];
  }
  const trials: Trial[] = [];
  for (const sigma of SIGMAS) {
    const folder = path.join(work, set.name, `sigma-${sigma}`);
    const files: NoisyFile[] = [];
    for (const [index, clean] of set.photos.entries()) {
      const noisy = path.join(folder, `${path.parse(clean).name}.png`);
      // A seed per photo and level: the same files on every machine, whatever the limit.
      const random = createRandom(sigma * 1000 + index);
      const image = await readPixels(clean);
      await writePixels(noisy, addGaussianNoise(image, sigma, random), image.source);
      files.push(await withPsnr({ noisy, clean, group: '' }));
    }
    trials.push({ set: set.name, sigma, blind: false, files }, { set: set.name, sigma, blind: true, files });
  }
  return trials;
}

async function withPsnr(pair: Pair): Promise<NoisyFile> {
  return { ...pair, psnrIn: psnr(await readPixels(pair.clean), await readPixels(pair.noisy)) };
}

async function measure(
  trial: Trial,
  model: string,
  precision: Precision,
  reference: number | null,
  work: string,
): Promise<QualityRow[]> {
  const out = await mkdtemp(path.join(work, 'out-'));
  const level = trial.blind || trial.sigma === null ? [] : ['--sigma', String(trial.sigma)];
  const inputs = trial.files.map((file) => file.noisy);
  const run = await denoise([
    ...inputs,
    '--out',
    out,
    '--model',
    model,
    '--precision',
    precision,
    '--format',
    'png',
    ...level,
  ]);
  const results = await Promise.all(
    trial.files.map(async (file) => {
      const result = run.files.find((candidate) => path.resolve(candidate.input) === path.resolve(file.noisy));
      if (result?.status !== 'done' || result.output === null) {
        throw new Error(`${file.noisy} failed: ${result?.error?.message ?? 'the command said nothing of it'}`);
      }
      return { ...file, psnrOut: psnr(await readPixels(file.clean), await readPixels(result.output)) };
    }),
  );
  await rm(out, { recursive: true });
  const row = (group: string | null, files: typeof results): QualityRow => ({
    model,
    precision,
    set: trial.set,
    group,
    sigma: trial.sigma,
    blind: trial.blind,
    images: files.length,
    psnrIn: mean(files.map((file) => file.psnrIn)),
    psnrOut: mean(files.map((file) => file.psnrOut)),
    reference: group === null ? reference : null,
  });
  const groups = [...new Set(results.map((file) => file.group))].filter((group) => group !== '');
  return [
    row(null, results),
    ...groups.map((group) =>
      row(
        group,
        results.filter((file) => file.group === group),
      ),
    ),
  ];
}

/** The figure on the model's card for exactly this; null where there is none. */
function referenceOf({ set, sigma, blind, files }: Trial, figures: readonly Measured[]): number | null {
  const same = figures.find((figure) => {
    return figure.set === set && figure.sigma === sigma && figure.blind === blind && figure.images === files.length;
  });
  return same?.psnr ?? null;
}

function print(rows: readonly QualityRow[]): string {
  const cells = rows.map((row) => {
    const difference = gain(row);
    return [
      row.group === null ? row.set : `  ${row.group}`,
      row.precision === 'float' ? row.model : `${row.model} ${row.precision}`,
      row.sigma === null ? 'real' : String(row.sigma),
      row.blind ? 'blind' : 'told',
      String(row.images),
      row.psnrIn.toFixed(2),
      row.psnrOut.toFixed(2),
      row.reference?.toFixed(2) ?? '',
      difference === null ? '' : `${difference >= 0 ? '+' : ''}${difference.toFixed(3)}`,
      difference === null ? '' : verdict(difference, tolerance(row)),
    ];
  });
  const heading = ['set', 'model', 'sigma', 'level', 'photos', 'PSNR in', 'PSNR out', 'reference', 'difference', ''];
  return table([heading, ...cells]);
}

/** How far a figure is from its reference in dB; null where there is none. */
function gain(row: QualityRow): number | null {
  return row.reference === null ? null : row.psnrOut - row.reference;
}

const tolerance = ({ precision, sigma }: QualityRow): number =>
  (precision === 'int8' ? INT8_TOLERANCE_DB.get(sigma) : undefined) ?? TOLERANCE_DB;

function verdict(gained: number, allowed: number): string {
  if (gained < -allowed) return 'LOST';
  return gained > allowed ? 'ok, gained' : 'ok';
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
