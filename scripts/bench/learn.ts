import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
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
  /** `after` where the learnt model does every photo, and how many of those judged the shipped one did in its place. */
  readonly alone: number;
  readonly replaced: number;
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
      /** Threads of each run; absent: all. With one, two cameras can be run beside each other. */
      threads: { type: 'string' },
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
      const { before, after, alone, replaced } = outcome;
      console.error(
        `${camera}, ${path.basename(judged[0]!.noisy)}: ${signed(after - before)} dB` +
          (replaced > 0
            ? `, ${replaced} of ${judged.length} by ${values.model} (else ${signed(alone - before)} dB)`
            : ''),
      );
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
    alone: over(
      ({ alone }) => alone,
      ({ judged }) => judged,
    ),
    replaced: runs.reduce((sum, { replaced }) => sum + replaced, 0),
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
  const threads = threadsOf(options);
  const learnt = pairs.filter((pair) => !judged.includes(pair));
  const work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-learn-'));
  try {
    const { report, version } = await runLearn(learnt, work, options);
    const of = (some: readonly Pair[], ...args: string[]): Promise<Quality> =>
      quality(some, [...args, ...threads], work);
    const before = await of(judged, '--model', model);
    const after = await of(judged, '--model', version);
    const alone = await of(judged, '--model', version, '--fallback', 'none');
    const ownBefore = await of(learnt, '--model', model);
    const ownAfter = await of(learnt, '--model', version);
    return {
      camera,
      learnt: learnt.length,
      judged: judged.length,
      before: before.psnr,
      after: after.psnr,
      ownBefore: ownBefore.psnr,
      ownAfter: ownAfter.psnr,
      alone: alone.psnr,
      replaced: after.replaced,
      report,
      runs: 1,
      refused: report.verdict.passed ? 0 : 1,
    };
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
  readonly threads?: string | undefined;
}

const threadsOf = ({ threads }: LearnOptions): string[] => (threads === undefined ? [] : ['--threads', threads]);

/** Learns from pairs, and says what was learnt and which version it is of the models in the state folder. */
async function runLearn(
  pairs: readonly Pair[],
  work: string,
  options: LearnOptions,
): Promise<{ readonly report: LearningReport; readonly version: string }> {
  const { model, minutes, recipe } = options;
  const out = path.join(work, 'run');
  const data =
    recipe === 'pairs'
      ? ['--pairs', ...pairs.flatMap(({ noisy, clean }) => [noisy, clean])]
      : [...pairs.map(({ noisy }) => noisy), '--recipe', recipe];
  const cli = [path.join(ROOT, 'bin/stillgrain.mjs'), 'learn', ...data, '--out', out];
  const child = spawn(
    process.execPath,
    [...cli, ...threadsOf(options), '--model', model, '--minutes', minutes, '--json'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, STILLGRAIN_STATE_DIR: stateIn(work) },
    },
  );
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) last = line;
  await ended;
  const { version } = JSON.parse(last) as { readonly version: string };
  return { report: JSON.parse(await readFile(path.join(out, 'report.json'), 'utf8')) as LearningReport, version };
}

const stateIn = (work: string): string => path.join(work, 'state');

/** Mean PSNR in dB, and how many photos another model did than was asked for. */
interface Quality {
  readonly psnr: number;
  readonly replaced: number;
}

/** How good photos become. */
async function quality(pairs: readonly Pair[], args: readonly string[], work: string): Promise<Quality> {
  const out = await mkdtemp(path.join(work, 'out-'));
  const inputs = pairs.map(({ noisy }) => noisy);
  const command = [...inputs, '--out', out, '--format', 'png', ...args];
  const { files } = await denoise(command, undefined, undefined, stateIn(work));
  const results = pairs.map(async ({ noisy, clean }) => {
    const file = files.find(({ input }) => path.resolve(input) === path.resolve(noisy));
    if (file === undefined || file.output === null)
      throw new Error(`${noisy} failed: ${file?.error?.message ?? 'nothing is said of it'}`);
    return psnr(await readPixels(clean), await readPixels(file.output));
  });
  return { psnr: mean(await Promise.all(results)), replaced: files.filter(({ replaced }) => replaced !== null).length };
}

function print(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => {
    const { camera, learnt, judged, before, after, alone, replaced, ownBefore, ownAfter, report, runs, refused } =
      outcome;
    return [
      camera,
      String(learnt),
      String(judged),
      before.toFixed(2),
      after.toFixed(2),
      signed(after - before),
      String(replaced),
      signed(alone - before),
      signed(ownAfter - ownBefore),
      String(report.steps),
      `${runs - refused} of ${runs} passed`,
      report.verdict.measures
        .slice(0, 2)
        .map((measure) => measure.child.toFixed(2))
        .join(', '),
    ];
  });
  const heading = [
    'camera',
    'learnt',
    'judged',
    'before',
    'after',
    'gain',
    'replaced',
    'alone',
    'own',
    'steps',
    'gate',
    'error, significance',
  ];
  const gains = outcomes.map(({ before, after }) => after - before);
  const own = outcomes.map(({ ownBefore, ownAfter }) => ownAfter - ownBefore);
  const alone = outcomes.map((outcome) => outcome.alone - outcome.before);
  const total = ['mean', '', '', '', '', signed(mean(gains)), '', signed(mean(alone)), signed(mean(own)), '', '', ''];
  return table([heading, ...rows, total]);
}

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
