import { AppError } from '../errors.js';
import { GraphBuilder } from '../onnx/builder.js';
import type { Graph } from '../onnx/model.js';
import { charbonnier, meanAbsoluteError, meanSquaredError } from './losses.js';
import { weightsAsInputs } from './step-graph.js';
import { addBackward } from '../autodiff/gradient.js';

/** A network with its loss, and the gradient of it, in names of our own: a net's may be those of a step's state. */

export const LOSSES = {
  mse: meanSquaredError,
  l1: meanAbsoluteError,
  charbonnier: (b: GraphBuilder, y: string, t: string): string => charbonnier(b, y, t),
} as const;
export type LossName = keyof typeof LOSSES;

export const LOSS = 'loss';
export const TARGET = 'target';

/** Names by which a graph's inputs, weights and outputs go in the graphs made here. */
export const inputName = (index: number): string => `x${index}`;
export const weightName = (index: number): string => `w${index}`;
export const outputName = (index: number): string => `y${index}`;
export const seedName = (index: number): string => `seed${index}`;
export const gradientName = (name: string): string => `grad/${name}`;

/** A graph renamed: its inputs `x0`..., `weights` as initializers `w0`..., its outputs `y0`... Sizes are fixed. */
function renamed(graph: Graph, weights: readonly string[]): { b: GraphBuilder; values: Map<string, string> } {
  const b = new GraphBuilder();
  const inputs = graph.inputs.map(({ name, type, dims }, i) => [name, b.input(inputName(i), type, dims)] as const);
  for (const [index, name] of weights.entries()) b.initializer(weightName(index), graph.initializers.get(name)!);
  return { b, values: b.inlineAll(graph, 'net', Object.fromEntries(inputs)) };
}

/** The graph renamed, with every output. */
export function plainGraph(graph: Graph, weights: readonly string[]): Graph {
  const { b, values } = renamed(graph, weights);
  return b.build(
    Object.fromEntries(graph.outputs.map(({ name }, index) => [outputName(index), values.get(name)!])),
    graph.name,
  );
}

/** The graph renamed, and its loss against an input `target`: one output, `loss`. */
export function lossGraph(graph: Graph, weights: readonly string[], output: string, loss: LossName): Graph {
  const { b, values } = renamed(graph, weights);
  const value = values.get(output)!;
  const { type, dims } = b.typeOf(value);
  if (type !== 'float32') {
    throw new AppError('model/invalid', `the output '${output}' is ${type}: losses are of float32 outputs`);
  }
  return b.build({ [LOSS]: LOSSES[loss](b, value, b.input(TARGET, 'float32', dims)) }, `${graph.name} loss`);
}

/**
 * A renamed graph with weights as inputs, its outputs, and `grad/NAME` for each of `wanted` (inputs or weights by their
 * new names) that they depend on, for dL/dy that are given as inputs `seed0`... (only 1 for a scalar `loss`).
 */
export function gradientGraph(renamedGraph: Graph, weights: readonly string[], wanted: readonly string[]): Graph {
  const open = weightsAsInputs(renamedGraph, weights);
  const b = new GraphBuilder();
  const inputs = open.inputs.map(({ name, type, dims }) => [name, b.input(name, type, dims)] as const);
  const values = b.inlineAll(open, 'net', Object.fromEntries(inputs));
  const seeds = new Map<string, string>();
  for (const [index, { name, type }] of open.outputs.entries()) {
    if (type !== 'float32') continue;
    const { dims } = b.typeOf(values.get(name)!);
    seeds.set(name, name === LOSS ? b.scalar(1) : b.input(seedName(index), 'float32', dims));
  }
  const gradients = addBackward(b, open, values, { seeds, wanted });
  const outputs = [
    ...open.outputs.map(({ name }) => [name, values.get(name)!] as const),
    ...[...gradients].map(([name, value]) => [gradientName(name), value] as const),
  ];
  return b.build(Object.fromEntries(outputs), `${renamedGraph.name} gradient`);
}
