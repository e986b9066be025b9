import { AppError } from '../../../../main/core/errors.js';
import type { Attribute, Graph, Node, Tensor } from '../../../../main/core/onnx/model.js';
import { elementCount, float32Tensor } from '../../../../main/core/onnx/tensor.js';

/** A float32 tensor of zeros. */
export function zeros(...dims: number[]): Tensor {
  return float32Tensor(dims, new Float32Array(elementCount(dims)));
}

/** A node by hand, unchecked: the way to write graphs that are wrong. */
export function node(
  op: string,
  inputs: string[],
  outputs: string[],
  attributes: Record<string, Attribute> = {},
  name = '',
): Node {
  return { name, op, inputs, outputs, attributes: new Map(Object.entries(attributes)) };
}

/** A graph by hand with the input `x` 1x3x8x8 and the output `y`, of the same shape unless told otherwise. */
export function graphOf(nodes: Node[], initializers: Record<string, Tensor> = {}, changes: Partial<Graph> = {}): Graph {
  const dims = [1, 3, 8, 8];
  return {
    name: 'test',
    inputs: [{ name: 'x', type: 'float32', dims }],
    outputs: [{ name: 'y', type: 'float32', dims }],
    nodes,
    initializers: new Map(Object.entries(initializers)),
    ...changes,
  };
}

/** The code and message of the AppError that `action` throws; anything else is thrown on. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('it was accepted');
}
