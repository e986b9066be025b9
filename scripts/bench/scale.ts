import { link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { denoise, ROOT } from '../support/cli.js';
import { table } from '../support/table.js';
import { gibibytes, printFinding, type Finding } from './finding.js';
import { canMeasureMemory, watchMemory, type MemoryPeak, type MemoryWatch } from './memory.js';
import { runCommand } from './peers-run.js';
import { writeLargePhoto } from './photos.js';
import { writeHugePhoto } from './scale-photos.js';

/**
 * `npm run bench -- scale`: whether a megapixel costs the same in a photo of 1 and of 500 of them, and whether memory
 * has a bound: for one huge photo, and for a folder of thousands.
 */

const MEGAPIXELS = [1, 10, 100, 500];
/** A photo that costs next to nothing: what a run on it takes is what starting takes. */
const START_MEGAPIXELS = 0.02;
const BYTES_PER_PIXEL = 3;
const RUN_TIMEOUT_MS = 3 * 3600_000;
/** Photos of the folder: small, since what is looked at is what stays behind of each. */
const FOLDER_MEGAPIXELS = 0.03;
/**
 * Of the folder. Until Node first collects what has grown old, after some 2,000 photos, memory grows by a few KB with each
 * and then falls; with half of them done the highest that this comes to has been seen.
 */
const SETTLED_SHARE = 0.5;

const BUDGET = {
  /** Dearest megapixel over the cheapest. */
  flatness: 1.3,
  /** Beside the photo's own pixels. */
  besideBytes: 2 ** 30,
  /** Peak at the end over the peak when everything had settled. */
  growth: 1.05,
};

const PARTS = ['sizes', 'folder'] as const;

interface Options {
  readonly model: string;
  readonly most: number;
  readonly photos: number;
}

/** Runs the parts that are asked for; true when every figure keeps to its budget. */
export async function benchScale(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string', default: 'fast' },
      most: { type: 'string', default: '500' },
      photos: { type: 'string', default: '5000' },
      parts: { type: 'string', default: PARTS.join(',') },
    },
  });
  if (!canMeasureMemory()) throw new Error('memory cannot be measured: this system has no /proc');
  const options = { model: values.model, most: Number(values.most), photos: Number(values.photos) };
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  console.log(`${cpu}, ${os.availableParallelism()} threads, model '${options.model}'\n`);
  const work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-scale-'));
  const parts = { sizes: benchSizes, folder: benchFolder };
  let allOk = true;
  try {
    for (const name of PARTS.filter((part) => values.parts.split(',').includes(part))) {
      for (const finding of await parts[name](work, options)) {
        printFinding(finding);
        allOk &&= finding.ok;
      }
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return allOk;
}

/** What one photo of a size took. */
interface SizeRun {
  readonly megapixels: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peak: MemoryPeak;
}

async function benchSizes(work: string, { model, most }: Options): Promise<Finding[]> {
  const start = await measureSize(work, START_MEGAPIXELS, model);
  const runs: SizeRun[] = [];
  for (const megapixels of MEGAPIXELS.filter((size) => size <= most)) {
    // On stderr: it takes minutes.
    console.error(`${megapixels} megapixels...`);
    runs.push(await measureSize(work, megapixels, model));
  }
  const costs = runs.map((run) => (run.cpuSeconds - start.cpuSeconds) / (run.megapixels - start.megapixels));
  const rows = runs.map(({ megapixels, seconds, cpuSeconds, peak }, i) => [
    megapixels.toFixed(0),
    seconds.toFixed(1),
    cpuSeconds.toFixed(1),
    costs[i]!.toFixed(2),
    gibibytes(peak.pss),
    gibibytes(peak.highWater),
  ]);
  const heading = ['MP', 'seconds', 'CPU s', 'CPU s per MP', 'peak memory', 'sum of high-water marks'];
  console.log(
    `${table([heading, ...rows])}\nstarting takes ${start.cpuSeconds.toFixed(1)} CPU s, not counted per MP\n`,
  );
  const flatness = Math.max(...costs) / Math.min(...costs);
  return [
    {
      what: 'dearest megapixel over the cheapest',
      figure: flatness.toFixed(2),
      budget: `at most ${BUDGET.flatness}`,
      ok: flatness <= BUDGET.flatness,
    },
    ...runs.map(({ megapixels, peak }) => {
      const budget = megapixels * 1e6 * BYTES_PER_PIXEL + BUDGET.besideBytes;
      return {
        what: `peak memory, ${megapixels.toFixed(0)} megapixels`,
        figure: gibibytes(peak.pss),
        budget: `under ${gibibytes(budget)}, its pixels and 1 GiB`,
        ok: peak.pss < budget,
      };
    }),
  ];
}

async function measureSize(work: string, megapixels: number, model: string): Promise<SizeRun> {
  const input = path.join(work, 'photo.tif');
  const out = path.join(work, 'out');
  const { width, height } = await writeHugePhoto(input, megapixels);
  let memory: MemoryWatch | undefined;
  const start = performance.now();
  const command = {
    program: process.execPath,
    args: [path.join(ROOT, 'bin/stillgrain.mjs'), 'denoise', input, '--out', out, '--model', model, '--quiet'],
    env: { STILLGRAIN_STATE_DIR: path.join(work, 'state') },
  };
  const { cpuSeconds } = await runCommand(command, {
    timeoutMs: RUN_TIMEOUT_MS,
    watch: (pid) => {
      memory = watchMemory(pid);
    },
  }).finally(() => memory?.stop());
  const seconds = (performance.now() - start) / 1000;
  await Promise.all([input, out].map((file) => rm(file, { recursive: true })));
  return { megapixels: (width * height) / 1e6, seconds, cpuSeconds, peak: memory!.peak() };
}

async function benchFolder(work: string, { model, photos }: Options): Promise<Finding[]> {
  const folder = path.join(work, 'in');
  await mkdir(folder);
  const first = path.join(work, 'photo.jpg');
  await writeLargePhoto(first, FOLDER_MEGAPIXELS, 1);
  for (let i = 0; i < photos; i++) await link(first, path.join(folder, `photo-${i + 1}.jpg`));
  const settled = Math.ceil(photos * SETTLED_SHARE);
  let memory: MemoryWatch | undefined;
  let early: MemoryPeak | undefined;
  const run = await denoise(
    [folder, '--out', path.join(work, 'out'), '--model', model],
    (pid) => {
      memory = watchMemory(pid);
    },
    (count) => {
      if (count === settled) early = memory?.peak();
      if (count % 500 === 0) console.error(`${count} photos...`);
    },
  );
  const late = memory?.stop();
  const done = run.files.filter((file) => file.status === 'done').length;
  if (done !== photos || !early || !late) throw new Error(`${done} of ${photos} photos were done`);
  console.log(
    `folder of ${photos} photos of ${FOLDER_MEGAPIXELS} MP: ${((photos * 1000) / run.ms).toFixed(1)} photos/s; ` +
      `peak memory ${gibibytes(early.pss)} after ${settled} photos, ${gibibytes(late.pss)} at the end`,
  );
  const growth = late.pss / early.pss;
  return [
    {
      what: `peak memory at the end over that after ${settled} photos`,
      figure: growth.toFixed(3),
      budget: `at most ${BUDGET.growth}`,
      ok: growth <= BUDGET.growth,
    },
  ];
}
