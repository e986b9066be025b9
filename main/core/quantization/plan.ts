import { PROBE_SIZE } from '../onnx/check.js';
import type { Graph, Node } from '../onnx/model.js';
import { bindSymbols, inferShapes } from '../onnx/shapes.js';
import { consumers, producers, sortNodes } from '../onnx/topology.js';

/**
 * The nodes of an image net that are left in float, by name; measured in docs/quantization.md:
 * - the first convolution, which has few channels to read and the whole picture in them;
 * - the last one and what is behind it, and the one before: their errors are errors of the picture;
 * - sums at the finest level: along a trunk of residual blocks each would add a rounding error of its own to the picture.
 * Free sizes are tried at `PROBE_SIZE`. Errors as `inferShapes`.
 */
export function floatNodes(graph: Graph): ReadonlySet<string> {
  const types = inferShapes(bindSymbols(graph, () => PROBE_SIZE));
  const rowsOf = (node: Node): number => types.get(node.outputs[0]!)?.dims[2] ?? 0;
  const first = closestConvolutions(
    graph.inputs.map(({ name }) => name),
    consumers(graph),
    (node) => node.outputs,
  );
  const producerOf = producers(graph);
  const last = closestConvolutions(
    graph.outputs.map(({ name }) => name),
    new Map([...producerOf].map(([name, node]) => [name, [node]])),
    (node) => node.inputs,
  );
  const inner = sortNodes(graph).filter((node) => node.op === 'Conv' && !first.has(node) && !last.has(node));
  const finest = Math.max(0, ...inner.map(rowsOf));
  const sums = graph.nodes.filter((node) => node.op === 'Add' && rowsOf(node) >= finest);
  return new Set([...first, ...inner.slice(-1), ...last, ...sums].map(({ name }) => name));
}

/** The convolutions that are reached first from some values, and the nodes on the way. */
function closestConvolutions(
  from: readonly string[],
  next: ReadonlyMap<string, readonly Node[]>,
  beyond: (node: Node) => readonly string[],
): Set<Node> {
  const found = new Set<Node>();
  const pending = [...from];
  while (pending.length > 0) {
    for (const node of next.get(pending.pop()!) ?? []) {
      if (found.has(node)) continue;
      found.add(node);
      if (node.op !== 'Conv') pending.push(...beyond(node));
    }
  }
  return found;
}
