import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { LearningReport } from '../../preload/learn/learn-call.js';
import { psnr } from '../../main/core/image/metrics.js';
import { denoise, ROOT } from '../support/cli.js';
import { readPixels } from '../support/images.js';
import { table } from '../support/table.js';
import { findSets, type Pair } from './sets.js';

/**
 * `npm run bench -- learn --data DIR`: pairs of real noisy and clean photos. For each camera `stillgrain learn` gets the
 * noisy photos of some scenes, or with `--recipe pairs` their clean versions as well; what it makes of the others is compared
 * with their clean versions.
 */

/** What it is to reach: mean gain over cameras, and cameras that gain. */
const BUDGET = { meanGain: 0.3, losers: 1 } as const;

interface Outcome {
  readonly camera: string;
  readonly learnt: number;
  readonly judged: number;
  /** PSNR in dB, mean over the photos of scenes that were not learnt from. */
  readonly before: number;
  readonly after: number;
  /** The same of the photos that were learnt from. */
  readonly ownBefore: number;
  readonly ownAfter: number;
  /** Of the last run. */
  readonly report: LearningReport;
  readonly runs: number;
  readonly refused: number;
}

/** Runs the benchmark; true when the budget is met. */
export async function benchLearn(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      minutes: { type: 'string', default: '10' },
      model: { type: 'string', default: 'fast' },
      cameras: { type: 'string' },
      /** Which half of the scenes is learnt from; absent: all scenes but one, and each is judged in its turn. */
      half: { type: 'string' },
      /** refine, blind-spot or pairs. */
      recipe: { type: 'string', default: 'refine' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.data === undefined) throw new Error('--data DIR is needed: a folder of NAME_real and NAME_mean pairs');
  const pairs = (await findSets(values.data, Infinity)).flatMap((set) => (set.kind === 'pairs' ? set.pairs : []));
  const cameras = [...new Set(pairs.map(({ group }) => group))].filter(
    (camera) => values.cameras?.split(',').includes(camera) ?? true,
  );
  const outcomes: Outcome[] = [];
  for (const camera of cameras) {
    const own = pairs.filter(({ group }) => group === camera);
    const runs: Outcome[] = [];
    for (const judged of splits(own, values.half)) {
      const outcome = await learnCamera(camera, own, judged, values);
      console.error(`${camera}, ${path.basename(judged[0]!.noisy)}: ${signed(outcome.after - outcome.before)} dB`);
      runs.push(outcome);
    }
    outcomes.push(together(runs));
  }
  console.log(values.json ? JSON.stringify(outcomes, null, 2) : print(outcomes));
  const gains = outcomes.map(({ before, after }) => after - before);
  return mean(gains) >= BUDGET.meanGain && gains.filter((gain) => gain <= 0).length <= BUDGET.losers;
}

/** The pairs to judge with, a run each: those of one scene, or those that are not in a half. */
function splits(pairs: readonly Pair[], half: string | undefined): Pair[][] {
  const scenes = [...new Set(pairs.map(sceneOf))].sort();
  const of = (which: (scene: number) => boolean): Pair[] =>
    pairs.filter((pair) => which(scenes.indexOf(sceneOf(pair))));
  if (half !== undefined) return [of((scene) => scene % 2 !== Number(half))];
  return scenes.map((_, judged) => of((scene) => scene === judged));
}

/** Several runs of a camera as one: means over the photos that were judged, and learnt from. */
function together(runs: readonly Outcome[]): Outcome {
  const over = (of: (run: Outcome) => number, weight: (run: Outcome) => number): number =>
    runs.reduce((sum, run) => sum + weight(run) * of(run), 0) / runs.reduce((sum, run) => sum + weight(run), 0);
  const last = runs.at(-1)!;
  return {
    ...last,
    learnt: Math.max(...runs.map(({ learnt }) => learnt)),
    judged: runs.reduce((sum, { judged }) => sum + judged, 0),
    before: over(
      ({ before }) => before,
      ({ judged }) => judged,
    ),
    after: over(
      ({ after }) => after,
      ({ judged }) => judged,
    ),
    ownBefore: over(
      ({ ownBefore }) => ownBefore,
      ({ learnt }) => learnt,
    ),
    ownAfter: over(
      ({ ownAfter }) => ownAfter,
      ({ learnt }) => learnt,
    ),
    refused: runs.filter(({ report }) => !report.verdict.passed).length,
    runs: runs.length,
  };
}

async function learnCamera(
  camera: string,
  pairs: readonly Pair[],
  judged: readonly Pair[],
  options: LearnOptions,
): Promise<Outcome> {
  const { model } = options;
  const learnt = pairs.filter((pair) => !judged.includes(pair));
  const work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-learn-'));
  try {
    const report = await runLearn(learnt, work, options);
    const [before, ownBefore] = [await quality(judged, model, work), await quality(learnt, model, work)];
    const [after, ownAfter] = [await quality(judged, report.model, work), await quality(learnt, report.model, work)];
    const refused = report.verdict.passed ? 0 : 1;
    const counts = { learnt: learnt.length, judged: judged.length, runs: 1, refused };
    return { camera, ...counts, before, after, ownBefore, ownAfter, report };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** `CAMERA_..._SCENE_NUMBER_real.JPG`: parts of one photograph have one scene. */
const sceneOf = ({ noisy }: Pair): string => path.basename(noisy).split('_').at(-3)!;

interface LearnOptions {
  readonly model: string;
  readonly minutes: string;
  readonly recipe: string;
}

async function runLearn(
  pairs: readonly Pair[],
  work: string,
  { model, minutes, recipe }: LearnOptions,
): Promise<LearningReport> {
  const out = path.join(work, 'run');
  const data =
    recipe === 'pairs'
      ? ['--pairs', ...pairs.flatMap(({ noisy, clean }) => [noisy, clean])]
      : [...pairs.map(({ noisy }) => noisy), '--recipe', recipe];
  const cli = [path.join(ROOT, 'bin/stillgrain.mjs'), 'learn', ...data, '--out', out];
  const child = spawn(process.execPath, [...cli, '--model', model, '--minutes', minutes], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, STILLGRAIN_STATE_DIR: path.join(work, 'state') },
  });
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return JSON.parse(await readFile(path.join(out, 'report.json'), 'utf8')) as LearningReport;
}

/** Mean PSNR in dB of what a model makes of photos. */
async function quality(pairs: readonly Pair[], model: string, work: string): Promise<number> {
  const out = await mkdtemp(path.join(work, 'out-'));
  const inputs = pairs.map(({ noisy }) => noisy);
  const { files } = await denoise([...inputs, '--out', out, '--model', model, '--format', 'png']);
  const results = pairs.map(async ({ noisy, clean }) => {
    const file = files.find(({ input }) => path.resolve(input) === path.resolve(noisy));
    if (file === undefined || file.output === null)
      throw new Error(`${noisy} failed: ${file?.error?.message ?? 'nothing is said of it'}`);
    return psnr(await readPixels(clean), await readPixels(file.output));
  });
  return mean(await Promise.all(results));
}

function print(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ camera, learnt, judged, before, after, ownBefore, ownAfter, report, runs, refused }) => [
    camera,
    String(learnt),
    String(judged),
    before.toFixed(2),
    after.toFixed(2),
    signed(after - before),
    signed(ownAfter - ownBefore),
    String(report.steps),
    `${runs - refused} of ${runs} passed`,
    report.verdict.measures
      .slice(0, 2)
      .map((measure) => measure.child.toFixed(2))
      .join(', '),
  ]);
  const heading = [
    'camera',
    'learnt',
    'judged',
    'before',
    'after',
    'gain',
    'own',
    'steps',
    'gate',
    'error, significance',
  ];
  const gains = outcomes.map(({ before, after }) => after - before);
  const own = outcomes.map(({ ownBefore, ownAfter }) => ownAfter - ownBefore);
  const total = ['mean', '', '', '', '', signed(mean(gains)), signed(mean(own)), '', '', ''];
  return table([heading, ...rows, total]);
}

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
