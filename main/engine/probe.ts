import type { EngineParams, EngineResult, ProbeMeasurement } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { agrees, compareAnswers } from '../core/image/agreement.js';
import { buildDenoiseGraph, type DenoiseVariant } from '../core/image/denoise-graph.js';
import { probePicture } from '../core/image/probe-picture.js';
import { bindInputShapes } from '../core/onnx/shapes.js';
import { SQUARES_PX, tileOverlap } from './denoise-image.js';
import type { ModelStore } from './models.js';
import type { RuntimeSession, RuntimeTensor } from './runtime.js';
import { openGraph, type OpenSession } from './sessions.js';

/** What most photos are denoised with. */
const VARIANT: DenoiseVariant = {
  type: 'uint8',
  channels: 3,
  neutral: false,
  blind: true,
  secondPass: false,
  detail: false,
};
const SCALARS: Record<string, RuntimeTensor> = {
  luma_weight: { type: 'float32', dims: [1], data: new Float32Array([1]) },
  chroma_weight: { type: 'float32', dims: [1], data: new Float32Array([1]) },
};
/** Larger tiles will not make up for an accelerator that is so many times slower: the machine is somebody's. */
const HOPELESS = 3;
const TIMED_RUNS = 2;

/**
 * Runs the composed graph of a model on an accelerator, at each size of tile that accelerators get, and compares with
 * the processor's answer, which is computed before.
 * @throws AppError engine/provider, engine/out-of-memory when not even the smallest tile could be run; model/*
 */
export async function probeProvider(
  signal: AbortSignal,
  { model, provider, threads }: EngineParams<'probe'>,
  models: ModelStore,
  open?: OpenSession,
): Promise<EngineResult<'probe'>> {
  const [denoiser, estimator] = [await models.denoiser(model), await models.estimator()];
  const graph = buildDenoiseGraph({ denoiser: denoiser.graph, estimator: estimator.graph }, VARIANT);
  const openTile = (side: number): Promise<RuntimeSession> =>
    openGraph(bindInputShapes(graph, { pixels: [side, side, VARIANT.channels] }), { provider, threads }, open);
  const overlap = tileOverlap(denoiser, estimator);
  const sides = SQUARES_PX.filter((side) => side > overlap);
  // Where there is no such device this fails at once, before the processor is kept busy.
  let session: RuntimeSession | null = await openTile(sides[0]!);
  const cpu = await openGraph(graph, { provider: 'cpu', threads }, open);
  const tiles: ProbeMeasurement[] = [];
  let cpuPixelsPerSecond = 0;
  for (const side of sides) {
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    const feeds = { pixels: pixelsOf(side), ...SCALARS };
    const wanted = await timed(cpu, feeds);
    cpuPixelsPerSecond = Math.max(cpuPixelsPerSecond, side ** 2 / wanted.seconds);
    let got: Timed;
    try {
      session ??= await openTile(side);
      got = await timed(session, feeds, HOPELESS * wanted.seconds);
    } catch (error) {
      // What a smaller tile went through for may be too much for a larger one.
      if (tiles.length === 0) throw error;
      break;
    }
    const agreement = compareAnswers(got.outputs, wanted.outputs);
    tiles.push({
      tile: side,
      pixelsPerSecond: (side - overlap) ** 2 / got.seconds,
      maxDifference: agreement.sound ? agreement.maxDifference : 255,
      right: agrees(agreement),
    });
    await session.release();
    session = null;
    if (got.seconds > HOPELESS * wanted.seconds) break;
  }
  return { cpuPixelsPerSecond, tiles };
}

interface Timed {
  readonly outputs: Record<string, RuntimeTensor>;
  readonly seconds: number;
}

/** Runs once to get ready (memory, shaders), then again for the time; one run that takes longer than `enough` does. */
async function timed(session: RuntimeSession, feeds: Record<string, RuntimeTensor>, enough = Infinity): Promise<Timed> {
  let outputs: Record<string, RuntimeTensor> = {};
  let seconds = Infinity;
  for (let run = 0; run <= TIMED_RUNS; run++) {
    const start = performance.now();
    outputs = await session.run(feeds);
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
    await new Promise((resolve) => setImmediate(resolve));
    if (seconds > enough) break;
  }
  return { outputs, seconds };
}

function pixelsOf(side: number): RuntimeTensor {
  return { type: 'uint8', dims: [side, side, VARIANT.channels], data: probePicture(side) };
}
