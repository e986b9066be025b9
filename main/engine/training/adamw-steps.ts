import { LOSS } from '../../core/training/loss-graph.js';
import { AppError } from '../../core/errors.js';
import type { Graph } from '../../core/onnx/model.js';
import { elementCount } from '../../core/onnx/tensor.js';
import { DEFAULT_ADAMW, momentOf, nextOf, stepGraph, stepScalars, varianceOf } from '../../core/training/step-graph.js';
import type { RuntimeTensor, SessionOptions } from '../runtime.js';
import { openGraph } from '../sessions.js';
import { toRuntime } from './net.js';

/** Steps of AdamW on one batch, as PyTorch does them: the only use of the step graph by `gradient`. */

export interface TrainedWeights {
  /** Before each step. */
  readonly losses: readonly number[];
  readonly weights: ReadonlyMap<string, RuntimeTensor>;
}

/**
 * @param graph whose one output is the loss
 * @param batch values of its inputs
 * @throws AppError 'model/invalid' when the loss stops being a number
 */
export async function trainSteps(
  signal: AbortSignal,
  graph: Graph,
  trainable: readonly string[],
  batch: Readonly<Record<string, RuntimeTensor>>,
  { steps, learningRate }: { readonly steps: number; readonly learningRate: number },
  options: SessionOptions,
  onStep: (fraction: number) => void,
): Promise<TrainedWeights> {
  const adamW = DEFAULT_ADAMW;
  const step = stepGraph(graph, { loss: LOSS, trainable, adamW, clipNorm: null, emaDecay: null });
  const session = await openGraph(step, options);
  try {
    let state: Record<string, RuntimeTensor> = {};
    for (const name of trainable) {
      const weight = toRuntime(graph.initializers.get(name)!);
      const zeros = (): RuntimeTensor => {
        return { type: 'float32', dims: weight.dims, data: new Float32Array(elementCount(weight.dims)) };
      };
      state = { ...state, [name]: weight, [momentOf(name)]: zeros(), [varianceOf(name)]: zeros() };
    }
    const stateNames = Object.keys(state);
    const losses: number[] = [];
    for (let at = 1; at <= steps; at++) {
      const scalars = Object.entries(stepScalars(at, learningRate, adamW.betas)).map(([name, value]) => {
        return [name, { type: 'float32', dims: [], data: Float32Array.of(value) }] as const;
      });
      const outputs = await session.run({ ...batch, ...state, ...Object.fromEntries(scalars) });
      const loss = outputs[LOSS]!.data[0] as number;
      if (!Number.isFinite(loss)) {
        throw new AppError('model/invalid', `the loss is ${loss} before step ${at}: try a smaller --lr`);
      }
      losses.push(loss);
      onStep(at / steps);
      state = Object.fromEntries(stateNames.map((name) => [name, outputs[nextOf(name)]!]));
      // The runtime blocks this thread: whoever wants to cancel gets a word in between.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    }
    return { losses, weights: new Map(trainable.map((name) => [name, state[name]!])) };
  } finally {
    await session.release();
  }
}
