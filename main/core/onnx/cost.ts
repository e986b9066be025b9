import { intAttr, type Graph } from './model.js';
import { analyseShapes } from './shapes.js';
import type { NodeContext } from './rules/rule.js';
import { elementCount, isFloatType } from './tensor.js';

/**
 * Multiply-adds of one run of a graph whose input sizes are fixed: convolutions and matrix products, beside which the
 * rest is small. Divide by the pixels of the input for the cost per pixel. Errors as `inferShapes`.
 */
export function countMacs(graph: Graph): number {
  const { types, contexts } = analyseShapes(graph);
  return contexts.reduce((total, context) => {
    const output = types.get(context.node.outputs[0] ?? '');
    return output ? total + nodeMacs(context, elementCount(output.dims)) : total;
  }, 0);
}

function nodeMacs(context: NodeContext, outputElements: number): number {
  const { node } = context;
  switch (node.op) {
    case 'Conv': // each output element reads (C / group) x kernel inputs
      return outputElements * elementCount(context.input(1).dims.slice(1));
    case 'ConvTranspose': // each input element is spread over (M / group) x kernel outputs
      return elementCount(context.input(0).dims) * elementCount(context.input(1).dims.slice(1));
    case 'Gemm':
      return outputElements * context.input(0).dims[intAttr(node, 'transA', 0) ? 0 : 1]!;
    case 'MatMul':
      return outputElements * context.input(0).dims.at(-1)!;
    default:
      return 0;
  }
}

/** The number of floating point weights stored in a graph. */
export function countParameters(graph: Graph): number {
  const weights = [...graph.initializers.values()].filter(({ type }) => isFloatType(type));
  return weights.reduce((total, { data }) => total + data.length, 0);
}
