import path from 'node:path';
import { buildDenoiseGraph } from '../../main/core/image/denoise-graph.js';
import { ModelStore } from '../../main/engine/models.js';
import { PRECISIONS } from '../../preload/contract.js';
import { ROOT } from '../support/cli.js';
import type { Finding } from './finding.js';
import { byTurns, contestant, tileFeeds, type Contestant } from './turns.js';

/** What 8 bits bring on this processor: the graph that the engine runs on a tile, in both precisions by turns. */

/** Side of a tile in pixels. */
const TILE = 384;
/** Where the level is told, of 255. */
const SIGMA = 25;
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
  const contestants: Contestant[] = [];
  for (const precision of PRECISIONS) {
    const denoiser = (await models.denoiser(model, precision)).graph;
    const variant = { type: 'uint8', channels: 3, neutral: false, blind, secondPass: false, detail: false } as const;
    const graph = buildDenoiseGraph({ denoiser, estimator }, variant);
    contestants.push(await contestant(precision, graph, tileFeeds(TILE, blind ? null : SIGMA), { threads: 1 }));
  }
  const [float, small] = (await byTurns(contestants, ROUNDS)).map(({ cpu }) => cpu) as [number, number];
  const ratio = float / small;
  return {
    what: `${model}, rate of int8 / rate of float, level ${blind ? 'measured' : 'told'}`,
    figure: `${ratio.toFixed(2)} (${float.toFixed(0)} and ${small.toFixed(0)} ms a tile of ${TILE} px, one thread)`,
    budget: `at least ${least}`,
    ok: ratio >= least,
  };
}
