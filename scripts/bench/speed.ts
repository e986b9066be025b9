import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { denoise } from '../support/cli.js';
import { gibibytes, printFinding, type Finding } from './finding.js';
import { canMeasureMemory, watchMemory } from './memory.js';
import { writeLargePhoto } from './photos.js';
import { comparePrecisions } from './precision.js';
import { makeFolder, measureBareRate, measureFolderRate } from './rate.js';
import { measureStart } from './start.js';

/**
 * `npm run bench -- speed`: the program's rate beside the rate of its network alone, measured in the same run since
 * absolute times say more about the machine; what 8 bits bring; peak memory; time from a cold start to the first tile.
 */

/** Side of the tiles that the bare sessions are fed, in pixels. */
const BARE_TILE = 1024;
const BARE_SECONDS = 15;
/** The photo for timing a start: one small tile. */
const START_MEGAPIXELS = 0.02;

const BUDGET = { ratio: 0.85, memoryBytes: 1.5 * 2 ** 30, firstTileMs: 1000 };

const MEMORY_PHOTOS = [
  { title: '24-megapixel JPEG', file: 'photo-24.jpg', megapixels: 24 },
  { title: '100-megapixel 16-bit TIFF', file: 'photo-100.tif', megapixels: 100 },
];

const PARTS = ['rate', 'precision', 'memory', 'start'] as const;

interface Options {
  readonly model: string;
  readonly photos: number;
  readonly megapixels: number;
}

/** Runs the parts that are asked for; true when every figure keeps to its budget. */
export async function benchSpeed(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string', default: 'quality' },
      photos: { type: 'string', default: '12' },
      megapixels: { type: 'string', default: '12' },
      parts: { type: 'string', default: PARTS.join(',') },
    },
  });
  const options = { model: values.model, photos: Number(values.photos), megapixels: Number(values.megapixels) };
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  console.log(`${cpu}, ${os.availableParallelism()} threads, model '${options.model}'\n`);
  const work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-bench-'));
  const parts = { rate: benchRate, precision: benchPrecision, memory: benchMemory, start: benchStart };
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

async function benchRate(work: string, options: Options): Promise<Finding[]> {
  const files = await makeFolder(path.join(work, 'in'), options.photos, options.megapixels);
  // Before and after, since a machine that others use too may change its pace in between.
  const before = await measureBareRate(options.model, BARE_TILE, BARE_SECONDS);
  const folder = await measureFolderRate(files, path.join(work, 'out'), ['--model', options.model]);
  const after = await measureBareRate(options.model, BARE_TILE, BARE_SECONDS);
  const bare = (before + after) / 2;
  console.log(
    `bare sessions of estimator and denoiser: ${before.toFixed(3)} MP/s before, ${after.toFixed(3)} after, ` +
      `${BARE_TILE} px tiles\n` +
      `folder of ${files.length} JPEGs, ${folder.megapixels.toFixed(0)} MP: ${folder.rate.toFixed(3)} MP/s, start to end`,
  );
  const ratio = folder.rate / bare;
  return [
    {
      what: 'folder rate / rate of the bare sessions',
      figure: ratio.toFixed(3),
      budget: `at least ${BUDGET.ratio}`,
      ok: ratio >= BUDGET.ratio,
    },
  ];
}

const benchPrecision = (_: string, { model }: Options): Promise<Finding[]> => comparePrecisions(model);

async function benchMemory(work: string, options: Options): Promise<Finding[]> {
  if (!canMeasureMemory()) {
    console.log('peak memory: not measured, this system has no /proc');
    return [];
  }
  const findings: Finding[] = [];
  for (const { title, file, megapixels } of MEMORY_PHOTOS) {
    const input = path.join(work, file);
    await writeLargePhoto(input, megapixels, megapixels);
    const watches: ReturnType<typeof watchMemory>[] = [];
    const run = await denoise([input, '--out', path.join(work, 'out'), '--model', options.model], (pid) => {
      watches.push(watchMemory(pid));
    });
    const [peak] = watches.map((watch) => watch.stop());
    await rm(input);
    if (run.exitCode !== 0 || !peak) throw new Error(`${title}: the command failed with exit code ${run.exitCode}`);
    findings.push({
      what: `peak memory, ${title}`,
      figure: `${gibibytes(peak.pss)}, sum of high-water marks ${gibibytes(peak.highWater)}`,
      budget: `under ${gibibytes(BUDGET.memoryBytes)}`,
      ok: peak.pss < BUDGET.memoryBytes,
    });
  }
  return findings;
}

async function benchStart(work: string, options: Options): Promise<Finding[]> {
  const input = path.join(work, 'small.jpg');
  await writeLargePhoto(input, START_MEGAPIXELS, 1);
  const { ready, firstTile, emptyNode } = await measureStart(input, work, options.model);
  console.log(`an empty Node process: ${emptyNode.toFixed(0)} ms; engine ready for calls: ${ready.toFixed(0)} ms`);
  return [
    {
      what: 'engine start to first tile',
      figure: `${firstTile.toFixed(0)} ms, ${(firstTile / emptyNode).toFixed(1)} times an empty Node process`,
      budget: `under ${BUDGET.firstTileMs} ms`,
      ok: firstTile < BUDGET.firstTileMs,
    },
  ];
}
