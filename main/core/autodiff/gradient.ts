import { AppError } from '../errors.js';
import type { GraphBuilder } from '../onnx/builder.js';
import { nodeLabel, type Graph, type Node } from '../onnx/model.js';
import type { NodeContext } from '../onnx/rules/rule.js';
import { analyseShapes, requireOp } from '../onnx/shapes.js';
import { formatDims } from '../onnx/tensor.js';
import { GradientContext, isDifferentiable, unbroadcast } from './rule.js';
import { GRADIENT_RULES } from './rules/table.js';

/**
 * Reverse-mode differentiation: a graph's nodes are walked backwards, each adding what its inputs contribute (Griewank and
 * Walther 2008, chapter 3). The walk owns three things that rules never do: it adds up the gradients of a value that is
 * used more than once, it stops where nothing asked for lies behind, and it sums over broadcast axes.
 */

export interface BackwardOptions {
  /** dL/dy by output name, as values of the builder in the outputs' shapes. */
  readonly seeds: ReadonlyMap<string, string>;
  /** The inputs and initializers whose gradients are wanted. */
  readonly wanted: readonly string[];
}

/**
 * Adds the gradient of a graph that `inlineAll` has copied into the builder. All sizes must be fixed.
 * @param values the builder's names of the graph's values
 * @returns dL/dx by the graph's name, for those wanted that L depends on
 * @throws AppError 'model/unsupported-op' for an operator, or a use of one, that has no gradient; 'model/invalid' for
 *   names that do not exist and seeds of another shape; errors of shape inference
 */
export function addBackward(
  b: GraphBuilder,
  graph: Graph,
  values: ReadonlyMap<string, string>,
  { seeds, wanted }: BackwardOptions,
): Map<string, string> {
  const { types, contexts } = analyseShapes(graph);
  const missing = [...wanted, ...seeds.keys()].find((name) => !types.has(name));
  if (missing !== undefined)
    throw new AppError('model/invalid', `the graph has no value '${missing}' to differentiate`);
  const reached = reachedFrom(
    wanted,
    contexts,
    // Of what is rounded to integers the gradient is a float all the same, until it is a float again.
    ({ op }, name) => op === 'QuantizeLinear' || isDifferentiable(types.get(name)!.type),
  );
  const gradients = new GradientSums(b);
  for (const [output, seed] of seeds) {
    const [is, shouldBe] = [b.typeOf(seed).dims, types.get(output)!.dims];
    if (formatDims(is) !== formatDims(shouldBe)) {
      throw new AppError(
        'model/invalid',
        `the gradient of '${output}' is ${formatDims(is)}, not ${formatDims(shouldBe)}`,
      );
    }
    gradients.add(output, seed);
  }
  for (const context of contexts.toReversed()) {
    const { node } = context;
    if (!node.inputs.some((name) => reached.has(name))) continue;
    const ofOutputs = node.outputs.map((name) => gradients.total(name));
    if (ofOutputs.every((gradient) => gradient === undefined)) continue;
    const x = new GradientContext(b, context, (name) => values.get(name)!, ofOutputs);
    const rules = GRADIENT_RULES[requireOp(node)](x);
    for (const [index, name] of node.inputs.entries()) {
      if (!reached.has(name)) continue;
      const rule = rules[index];
      if (rule === undefined) throw new AppError('model/invalid', `${nodeLabel(node)}: it has too many inputs`);
      if (rule !== null) gradients.add(name, unbroadcast(b, rule(), types.get(name)!.dims));
    }
  }
  return new Map(
    wanted.flatMap((name) => {
      const total = gradients.total(name);
      return total === undefined ? [] : [[name, total] as const];
    }),
  );
}

/** The values that depend on some others, those included, as far as gradients can flow. */
function reachedFrom(
  names: readonly string[],
  contexts: readonly NodeContext[],
  canFlow: (node: Node, name: string) => boolean,
): ReadonlySet<string> {
  const reached = new Set(names);
  for (const { node } of contexts) {
    if (!node.inputs.some((name) => reached.has(name))) continue;
    for (const name of node.outputs) if (name !== '' && canFlow(node, name)) reached.add(name);
  }
  return reached;
}

/** What each value has been given so far. */
class GradientSums {
  private readonly parts = new Map<string, string[]>();

  constructor(private readonly b: GraphBuilder) {}

  add(value: string, gradient: string): void {
    const parts = this.parts.get(value) ?? [];
    this.parts.set(value, parts);
    parts.push(gradient);
  }

  /** The sum, once all parts are there; undefined for none. */
  total(value: string): string | undefined {
    const parts = this.parts.get(value);
    if (parts === undefined) return undefined;
    const sum = parts.reduce((a, c) => this.b.op('Add', [a, c], {}, 'grad/sum'));
    this.parts.set(value, [sum]);
    return sum;
  }
}
