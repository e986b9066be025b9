import type { OptimizerRecipe } from '../../../preload/training/recipe.js';
import type { Graph } from '../../core/onnx/model.js';
import { EMA_DECAY, emaDecayAt, stepScalars } from '../../core/training/step-graph.js';
import type { RuntimeSession, RuntimeTensor, SessionOptions } from '../runtime.js';
import { openGraph } from '../sessions.js';
import type { StepOutputs } from './task.js';
import type { TrainingState } from './training-state.js';

/** A graph of a step with its session: it trains some of a run's weights, and may read the others. */
export class Player {
  private constructor(
    private readonly graph: Graph,
    private readonly session: RuntimeSession,
  ) {}

  static async open(graph: Graph, options: SessionOptions): Promise<Player> {
    return new Player(graph, await openGraph(graph, options));
  }

  /** @param given the batch and scalars, by the names of inputs; more than it has are no harm */
  run(given: Readonly<Record<string, RuntimeTensor>>, state: TrainingState): Promise<StepOutputs> {
    return this.session.run(
      Object.fromEntries(this.graph.inputs.map(({ name }) => [name, given[name] ?? state.get(name)])),
    );
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** What the optimiser wants to know of a step; `update` counts from 1 those of the weights that it trains. */
export function optimizerInputs(
  { betas, emaDecay }: OptimizerRecipe,
  update: number,
  rate: number,
): Record<string, RuntimeTensor> {
  const scalars = { ...stepScalars(update, rate, betas), [EMA_DECAY]: emaDecayAt(update, emaDecay) };
  return Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalarInput(value)]));
}

export const scalarInput = (value: number): RuntimeTensor => {
  return { type: 'float32', dims: [], data: Float32Array.of(value) };
};

export const scalarOf = (outputs: StepOutputs, name: string): number => Number(outputs[name]!.data[0]);
