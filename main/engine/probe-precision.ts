import type { EngineParams, EngineResult } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { agrees, compareAnswers, IN_EIGHT_BITS } from '../core/image/agreement.js';
import { buildDenoiseGraph } from '../core/image/denoise-graph.js';
import type { ModelStore } from './models.js';
import { pixelsOf, SCALARS, VARIANT } from './probe.js';
import type { RuntimeSession, RuntimeTensor } from './runtime.js';
import { openGraph, type OpenSession } from './sessions.js';

/** Side of the tile, a multiple of what shipped denoisers need: as fast per pixel as the larger ones that photos get. */
const TILE_PX = 384;
/** So often both are timed, by turns: what other programs take meanwhile is taken from both, and not from the fastest of each. */
const ROUNDS = 4;

/**
 * Runs the composed graph of a model on the processor in 8 bits and in float, by turns, and compares rates and answers.
 * @throws AppError model/not-found for a model without an 8-bit variant; engine/cancelled; other model/*
 */
export async function probePrecision(
  signal: AbortSignal,
  { model, threads }: Pick<EngineParams<'probe'>, 'model' | 'threads'>,
  models: ModelStore,
  open?: OpenSession,
): Promise<EngineResult<'probe'>> {
  const estimator = (await models.estimator()).graph;
  const sessionOf = async (precision: 'int8' | 'float'): Promise<RuntimeSession> => {
    const denoiser = (await models.denoiser(model, precision)).graph;
    return openGraph(buildDenoiseGraph({ denoiser, estimator }, VARIANT), { provider: 'cpu', threads }, open);
  };
  const int8 = await sessionOf('int8');
  const float = await sessionOf('float');
  const feeds = { pixels: pixelsOf(TILE_PX), ...SCALARS };
  // The first run of each gets its memory ready.
  const agreement = compareAnswers(await int8.run(feeds), await float.run(feeds));
  const seconds = { int8: Infinity, float: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    // Lets a cancel in.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    seconds.int8 = Math.min(seconds.int8, await secondsOf(int8, feeds));
    seconds.float = Math.min(seconds.float, await secondsOf(float, feeds));
  }
  const measurement = {
    tile: TILE_PX,
    pixelsPerSecond: TILE_PX ** 2 / seconds.int8,
    maxDifference: agreement.sound ? agreement.maxDifference : 255,
    right: agrees(agreement, IN_EIGHT_BITS),
  };
  return { cpuPixelsPerSecond: TILE_PX ** 2 / seconds.float, tiles: [measurement] };
}

async function secondsOf(session: RuntimeSession, feeds: Record<string, RuntimeTensor>): Promise<number> {
  const start = performance.now();
  await session.run(feeds);
  return (performance.now() - start) / 1000;
}
