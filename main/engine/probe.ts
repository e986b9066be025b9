import type { EngineParams, EngineResult, ProbeMeasurement } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { agrees, compareAnswers } from '../core/image/agreement.js';
import { buildDenoiseGraph, type DenoiseVariant } from '../core/image/denoise-graph.js';
import { probePicture } from '../core/image/probe-picture.js';
import { bindInputShapes } from '../core/onnx/shapes.js';
import { lcm, SQUARES_PX, tileOverlap } from './denoise-image.js';
import type { ModelStore } from './models.js';
import type { RuntimeSession, RuntimeTensor } from './runtime.js';
import { openGraph, type OpenSession } from './sessions.js';

/** What most photos are denoised with. */
export const VARIANT: DenoiseVariant = {
  type: 'uint8',
  channels: 3,
  neutral: false,
  blind: true,
  secondPass: false,
  detail: false,
};
/** What goes into that graph beside the pixels: all of the noise is removed. */
export const SCALARS: Record<string, RuntimeTensor> = {
  luma_weight: { type: 'float32', dims: [1], data: new Float32Array([1]) },
  chroma_weight: { type: 'float32', dims: [1], data: new Float32Array([1]) },
};
/** Side of a first tile, which tells whether larger ones are worth anybody's time. */
const TRIAL_PX = 64;
/** One that is so many times slower than the processor at that is no accelerator: a driver in software, as a rule. */
const HOPELESS = 10;
/** Larger tiles will not make up for what is so many times slower. */
const SLOW = 3;
const TIMED_RUNS = 2;
/** Sizes for which the processor would take longer to give its answer are left out. */
const CPU_PATIENCE_S = 10;
/** One run is enough to time what takes so long. */
const LONG_RUN_S = 1;

/**
 * Runs the composed graph of a model on an accelerator, at each size of tile that accelerators get, and compares with
 * the processor's answer, which is computed before.
 * @throws AppError engine/provider, engine/out-of-memory when not even the smallest tile could be run; model/*
 */
export async function probeProvider(
  signal: AbortSignal,
  { model, provider, threads }: Omit<EngineParams<'probe'>, 'precision'>,
  models: ModelStore,
  open?: OpenSession,
): Promise<EngineResult<'probe'>> {
  const [denoiser, estimator] = [await models.denoiser(model), await models.estimator()];
  const graph = buildDenoiseGraph({ denoiser: denoiser.graph, estimator: estimator.graph }, VARIANT);
  const overlap = tileOverlap(denoiser, estimator);
  const multiple = lcm(denoiser.multiple, 8);
  const sizes = [TRIAL_PX, ...SQUARES_PX.filter((px) => px > overlap)].map((px) => Math.ceil(px / multiple) * multiple);
  const openTile = (side: number): Promise<RuntimeSession> =>
    openGraph(bindInputShapes(graph, { pixels: [side, side, VARIANT.channels] }), { provider, threads }, open);
  // Where there is no such device this fails at once, before the processor is kept busy.
  let session: RuntimeSession | null = await openTile(sizes[0]!);
  const cpu = await openGraph(graph, { provider: 'cpu', threads }, open);
  const tiles: ProbeMeasurement[] = [];
  let cpuPixelsPerSecond = 0;
  for (const [index, side] of sizes.entries()) {
    if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    if (index > 0 && side ** 2 > CPU_PATIENCE_S * cpuPixelsPerSecond) break;
    const feeds = { pixels: pixelsOf(side), ...SCALARS };
    const wanted = await timed(cpu, feeds);
    cpuPixelsPerSecond = Math.max(cpuPixelsPerSecond, side ** 2 / wanted.seconds);
    let got: Timed;
    try {
      session ??= await openTile(side);
      got = await timed(session, feeds);
    } catch (error) {
      // What a smaller tile went through for may be too much for a larger one.
      if (index < 2) throw error;
      break;
    }
    await session.release();
    session = null;
    const agreement = compareAnswers(got.outputs, wanted.outputs);
    const measurement = {
      tile: side,
      pixelsPerSecond: (index === 0 ? side ** 2 : (side - overlap) ** 2) / got.seconds,
      maxDifference: agreement.sound ? agreement.maxDifference : 255,
      right: agrees(agreement),
    };
    const isHopeless = index === 0 && got.seconds > HOPELESS * wanted.seconds;
    if (index > 0 || isHopeless) tiles.push(measurement);
    if (isHopeless || (index > 0 && (got.seconds > SLOW * wanted.seconds || !measurement.right))) break;
  }
  return { cpuPixelsPerSecond, tiles };
}

interface Timed {
  readonly outputs: Record<string, RuntimeTensor>;
  readonly seconds: number;
}

/** Runs once to get ready (memory, shaders), then again for the time. */
async function timed(session: RuntimeSession, feeds: Record<string, RuntimeTensor>): Promise<Timed> {
  let outputs = await session.run(feeds);
  let seconds = Infinity;
  for (let run = 0; run < TIMED_RUNS && !(seconds > LONG_RUN_S && run > 0); run++) {
    // Lets a cancel in.
    await new Promise((resolve) => setImmediate(resolve));
    const start = performance.now();
    outputs = await session.run(feeds);
    seconds = (performance.now() - start) / 1000;
  }
  return { outputs, seconds };
}

/** The picture that is denoised, as the graph takes it. */
export function pixelsOf(side: number): RuntimeTensor {
  return { type: 'uint8', dims: [side, side, VARIANT.channels], data: probePicture(side) };
}
