import type { Graph, ValueType } from './model.js';
import { inferShapes } from './shapes.js';

const BYTES_PER_ELEMENT = {
  float64: 8,
  int64: 8,
  uint64: 8,
  float32: 4,
  int32: 4,
  uint32: 4,
  float16: 2,
  int16: 2,
  uint16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const;

/**
 * The most bytes of activations that are alive at once when the nodes run in their order and each value is freed after
 * its last use: a lower bound of what a runtime takes. Input sizes must be fixed; weights are not counted. Errors as
 * `inferShapes`.
 */
export function peakActivationBytes(graph: Graph): number {
  const types = inferShapes(graph);
  const lastUse = new Map<string, number>();
  graph.nodes.forEach((node, index) => {
    for (const input of node.inputs) lastUse.set(input, index);
  });
  for (const output of graph.outputs) lastUse.set(output.name, graph.nodes.length);
  const bytesOf = (name: string): number => {
    const type = types.get(name);
    return type === undefined || graph.initializers.has(name) ? 0 : valueBytes(type);
  };
  const freedAfter = (name: string, index: number): boolean => (lastUse.get(name) ?? index) === index;

  let live = graph.inputs.reduce((sum, input) => sum + bytesOf(input.name), 0);
  let peak = live;
  graph.nodes.forEach((node, index) => {
    for (const output of node.outputs) live += bytesOf(output);
    peak = Math.max(peak, live);
    for (const name of new Set([...node.inputs, ...node.outputs])) if (freedAfter(name, index)) live -= bytesOf(name);
  });
  return peak;
}

function valueBytes({ type, dims }: ValueType): number {
  return dims.reduce((product, dim) => product * dim, BYTES_PER_ELEMENT[type]);
}
