import path from 'node:path';
import { buildDenoiseGraph } from '../../main/core/image/denoise-graph.js';
import { ModelStore } from '../../main/engine/models.js';
import type { RuntimeSession, RuntimeTensor } from '../../main/engine/runtime.js';
import { openGraph } from '../../main/engine/sessions.js';
import { PRECISIONS } from '../../preload/contract.js';
import { ROOT } from '../support/cli.js';
import type { Finding } from './finding.js';

/** What 8 bits bring on this processor: the graph that the engine runs on a tile, in both precisions by turns. */

/** Side of a tile in pixels. */
const TILE = 384;
const ROUNDS = 8;
const LEAST_RATIO = 1.5;

/** Times both on one thread: the processor's time, the least of each, so that what other programs take is in none of them. */
export async function comparePrecisions(model: string): Promise<Finding[]> {
  return [
    await compared(model, false, LEAST_RATIO),
    // The estimator is computed in float whatever the precision.
    await compared(model, true, 1),
  ];
}

async function compared(model: string, blind: boolean, least: number): Promise<Finding> {
  const models = new ModelStore(path.join(ROOT, 'models'));
  const estimator = (await models.estimator()).graph;
  const sessions: RuntimeSession[] = [];
  for (const precision of PRECISIONS) {
    const denoiser = (await models.denoiser(model, precision)).graph;
    const variant = { type: 'uint8', channels: 3, neutral: false, blind, secondPass: false, detail: false } as const;
    const graph = buildDenoiseGraph({ denoiser, estimator }, variant);
    sessions.push(await openGraph(graph, { provider: 'cpu', threads: 1 }));
  }
  const times = sessions.map(() => Infinity);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, session] of sessions.entries()) {
        const inputs = feeds(blind);
        const start = process.cpuUsage();
        await session.run(inputs);
        const { user, system } = process.cpuUsage(start);
        times[index] = Math.min(times[index]!, (user + system) / 1000);
      }
    }
  } finally {
    for (const session of sessions) await session.release();
  }
  const [float, small] = times as [number, number];
  const ratio = float / small;
  return {
    what: `${model}, rate of int8 / rate of float, level ${blind ? 'measured' : 'told'}`,
    figure: `${ratio.toFixed(2)} (${float.toFixed(0)} and ${small.toFixed(0)} ms a tile of ${TILE} px, one thread)`,
    budget: `at least ${least}`,
    ok: ratio >= least,
  };
}

function feeds(blind: boolean): Record<string, RuntimeTensor> {
  const one = (value: number): RuntimeTensor => ({ type: 'float32', dims: [1], data: Float32Array.of(value) });
  const data = Uint8Array.from({ length: TILE * TILE * 3 }, (_, at) => (at * 37) % 256);
  return {
    pixels: { type: 'uint8', dims: [TILE, TILE, 3], data },
    luma_weight: one(1),
    chroma_weight: one(1),
    ...(blind ? {} : { sigma: one(25 / 255) }),
  };
}
