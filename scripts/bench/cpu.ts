import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildDenoiseGraph } from '../../main/core/image/denoise-graph.js';
import { packTile, TileWriter } from '../../main/core/image/tile-io.js';
import { planTiles, type TilePlan } from '../../main/core/image/tiling.js';
import { encodeModel } from '../../main/core/onnx/codec.js';
import { modelOf, type Graph } from '../../main/core/onnx/model.js';
import { lcm, tileLimits, tileOverlap } from '../../main/engine/denoise-image.js';
import { ModelStore, type LoadedModel } from '../../main/engine/models.js';
import type { RuntimeTensor, SessionOptions } from '../../main/engine/runtime.js';
import { ROOT } from '../support/cli.js';
import { table } from '../support/table.js';
import { byTurns, contestant, tileFeeds, type Contestant, type Times } from './turns.js';

/**
 * `npm run bench -- cpu`: what the ways to make the processor faster bring, each beside what ships, by turns in one run.
 * Nothing is held against a budget: what is found is told in docs/processor.md.
 */

const VARIANT = { type: 'uint8', channels: 3, neutral: false, blind: true, secondPass: false, detail: false } as const;
const TILES_PX = [256, 384, 512, 768, 1024, 1536, 2048];
/** Side of the tiles of all parts but the first, in pixels. */
const TILE_PX = 768;
/** Photos whose tilings are told. */
const PHOTOS_MP = [1, 12, 24, 100];

interface Nets {
  readonly denoiser: LoadedModel;
  readonly estimator: LoadedModel;
}

const PARTS = ['tiles', 'overlap', 'batch', 'threads', 'graph', 'packing'] as const;

export async function benchCpu(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string', default: 'quality' },
      parts: { type: 'string', default: PARTS.join(',') },
      rounds: { type: 'string', default: '5' },
    },
  });
  const store = new ModelStore(path.join(ROOT, 'models'));
  const nets = { denoiser: await store.denoiser(values.model, 'float'), estimator: await store.estimator() };
  const rounds = Number(values.rounds);
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  console.log(`${cpu}, ${os.availableParallelism()} threads, model '${values.model}', best of ${rounds} by turns`);
  const parts = { tiles, overlap, batch, threads, graph: graphs, packing };
  for (const name of PARTS.filter((part) => values.parts.split(',').includes(part))) {
    console.log(`\n${name}\n${table(await parts[name](nets, rounds))}`);
  }
  return true;
}

const composed = ({ denoiser, estimator }: Nets): Graph =>
  buildDenoiseGraph({ denoiser: denoiser.graph, estimator: estimator.graph }, VARIANT);

function netFeeds(batch: number, side: number): Record<string, RuntimeTensor> {
  const filled = (value: number): RuntimeTensor => {
    const dims = [batch, 3, side, side];
    return { type: 'float32', dims, data: new Float32Array(batch * 3 * side * side).fill(value) };
  };
  return { image: filled(0.5), sigma: filled(0.1) };
}

const rate = (pixels: number, { wall }: Times): string => (pixels / wall / 1000).toFixed(3);
const perMegapixel = (pixels: number, { cpu }: Times): string => (cpu / (pixels / 1000)).toFixed(2);

/** Larger tiles against the processor's caches; and what is left when neighbours share what they must. */
async function tiles(nets: Nets, rounds: number): Promise<string[][]> {
  const graph = encodeModel(modelOf(composed(nets)));
  const shared = tileOverlap(nets.denoiser, nets.estimator);
  const rows: string[][] = [['tile px', 'MP/s of tile', 'MP/s of photo', 'CPU s/MP']];
  // Each alone: the arena of one would stay in memory beside the others.
  for (const side of TILES_PX) {
    const [times] = await byTurns([await contestant(String(side), graph, tileFeeds(side))], rounds);
    const own = side > shared ? ((side - shared) / side) ** 2 : 0;
    const pixels = side * side;
    rows.push([String(side), rate(pixels, times!), rate(own * pixels, times!), perMegapixel(pixels, times!)]);
  }
  return rows;
}

/** Pixels computed for a pixel of a photo, at the tiles that the engine chooses. */
function overlap({ denoiser, estimator }: Nets): Promise<string[][]> {
  const shared = tileOverlap(denoiser, estimator);
  const radius = denoiser.receptiveRadius + estimator.receptiveRadius;
  const rows = PHOTOS_MP.map((megapixels) => {
    const { width, height } = sizeOf(megapixels);
    const limits = tileLimits({ data: { byteLength: width * height * 3 } }, { tile: null }, denoiser);
    const plans = [shared, radius, 2 * radius].map((overlap) =>
      planTiles(width, height, { overlap, multiple: lcm(denoiser.multiple, 8), ...limits }),
    );
    const { columns, rows, tileWidth, tileHeight } = plans[0]!;
    return [
      String(megapixels),
      `${columns.length} x ${rows.length} of ${tileWidth} x ${tileHeight}`,
      ...plans.map((plan) => (computed(plan) / (width * height)).toFixed(3)),
    ];
  });
  return Promise.resolve([['MP', 'tiles', `computed, ${shared} px`, `${radius} px`, `${2 * radius} px`], ...rows]);
}

const computed = (plan: TilePlan): number => plan.columns.length * plan.rows.length * plan.tileWidth * plan.tileHeight;

function sizeOf(megapixels: number): { width: number; height: number } {
  const height = Math.round(Math.sqrt((megapixels * 1e6) / 1.5));
  return { width: Math.round(1.5 * height), height };
}

/** Several small tiles at once, against one tile of as many pixels and against one after the other. */
async function batch({ denoiser }: Nets, rounds: number): Promise<string[][]> {
  const bytes = encodeModel(modelOf(denoiser.graph));
  const cases = [
    { count: 1, side: 256 },
    { count: 4, side: 256 },
    { count: 1, side: 512 },
    { count: 4, side: 512 },
    { count: 1, side: 1024 },
  ];
  const all = await Promise.all(
    cases.map(({ count, side }) => contestant(`${count} x ${side} px`, bytes, netFeeds(count, side))),
  );
  const times = await byTurns(all, rounds);
  const rows = cases.map(({ count, side }, i) => {
    const pixels = count * side * side;
    return [all[i]!.name, rate(pixels, times[i]!), perMegapixel(pixels, times[i]!)];
  });
  return [['batch', 'MP/s', 'CPU s/MP'], ...rows];
}

/** Threads, and whether they spin while they wait for each other. */
async function threads(nets: Nets, rounds: number): Promise<string[][]> {
  const graph = encodeModel(modelOf(composed(nets)));
  const feeds = tileFeeds(TILE_PX);
  const counts = Array.from({ length: os.availableParallelism() }, (_, i) => i + 1).filter((n) =>
    Number.isInteger(Math.log2(n)),
  );
  const spinning = (allowed: boolean) => ({
    trial: { extra: { session: { intra_op: { allow_spinning: allowed ? '1' : '0' } } } },
  });
  const all = [await contestant('as shipped', graph, feeds)];
  for (const count of counts) {
    all.push(await contestant(`${count}`, graph, feeds, { threads: count, ...spinning(true) }));
    all.push(await contestant(`${count}, not spinning`, graph, feeds, { threads: count, ...spinning(false) }));
  }
  return comparison('threads', all, rounds);
}

/** What the runtime makes of the graph, and whether that is worth keeping from one start to the next. */
async function graphs(nets: Nets, rounds: number): Promise<string[][]> {
  const feeds = tileFeeds(TILE_PX);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-cpu-'));
  const saved = path.join(folder, 'optimised.onnx');
  try {
    const built = timed(() => encodeModel(modelOf(composed(nets))));
    const bytes = built.value;
    console.log(`graph composed and encoded in ${built.ms.toFixed(0)} ms, ${(bytes.length / 2 ** 20).toFixed(1)} MiB`);
    const open = async (
      name: string,
      model: Uint8Array,
      options: Partial<SessionOptions>,
    ): Promise<[Contestant, number]> => {
      const start = performance.now();
      const opened = await contestant(name, model, feeds, options);
      return [opened, performance.now() - start];
    };
    const levels = ['disabled', 'basic', 'extended', 'all'] as const;
    const opened: [Contestant, number][] = [];
    for (const level of levels) opened.push(await open(level, bytes, { trial: { graphOptimizationLevel: level } }));
    opened.push(await open('all, and written', bytes, { trial: { optimizedModelFilePath: saved } }));
    const written = await readFile(saved);
    opened.push(await open('read as written', written, { trial: { graphOptimizationLevel: 'disabled' } }));
    console.log(`written: ${(written.length / 2 ** 20).toFixed(1)} MiB`);
    const [heading, ...rows] = await comparison(
      'optimisation',
      opened.map(([each]) => each),
      rounds,
    );
    return [[...heading!, 'ms to open'], ...rows.map((row, i) => [...row, opened[i]![1].toFixed(0)])];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What bytes cost: as floats of their own in the graph, and copied into and out of tiles. */
async function packing(nets: Nets, rounds: number): Promise<string[][]> {
  const { denoiser, estimator } = nets;
  const pixels = TILE_PX ** 2;
  const { image, sigma } = netFeeds(1, TILE_PX);
  const all = [
    await contestant('composed graph, bytes in and out', composed(nets), tileFeeds(TILE_PX)),
    await contestant('denoiser alone, floats', denoiser.graph, { image: image!, sigma: sigma! }),
    await contestant('estimator alone, floats', estimator.graph, { image: image! }),
    copying(),
  ];
  const times = await byTurns(all, rounds);
  const whole = times[0]!.cpu;
  const rows = all.map(({ name }, i) => [name, perMegapixel(pixels, times[i]!), (times[i]!.cpu / whole).toFixed(3)]);
  return [['work', 'CPU s/MP', 'share'], ...rows];
}

/** A tile cut out of a photo, and put back. */
function copying(): Contestant {
  const data = new Uint8Array(TILE_PX ** 2 * 3);
  const photo = { width: TILE_PX, height: TILE_PX, channels: 3, depth: 8, data } as const;
  const plan = planTiles(TILE_PX, TILE_PX, { overlap: 0, multiple: 8, maxArea: TILE_PX ** 2, maxSide: TILE_PX });
  const tile = new Uint8Array(data.length);
  const run = (): Promise<void> => {
    packTile(photo, plan, 0, 0, tile);
    new TileWriter(photo, plan).write(0, 0, tile);
    return Promise.resolve();
  };
  return { name: 'a tile cut out and put back', run, close: () => Promise.resolve() };
}

async function comparison(what: string, all: readonly Contestant[], rounds: number): Promise<string[][]> {
  const times = await byTurns(all, rounds);
  const rows = all.map(({ name }, i) => [name, rate(TILE_PX ** 2, times[i]!), perMegapixel(TILE_PX ** 2, times[i]!)]);
  return [[what, 'MP/s', 'CPU s/MP'], ...rows];
}

function timed<T>(work: () => T): { value: T; ms: number } {
  const start = performance.now();
  const value = work();
  return { value, ms: performance.now() - start };
}
