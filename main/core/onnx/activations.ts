import type { Graph } from './model.js';
import { inferShapes } from './shapes.js';
import { elementCount, elementSize } from './tensor.js';

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
    return type === undefined || graph.initializers.has(name) ? 0 : elementSize(type.type) * elementCount(type.dims);
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
