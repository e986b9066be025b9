import { AppError } from '../errors.js';
import { nodeLabel, type Graph, type Node } from './model.js';

/** The node that produces each value; graph inputs and initializers have none. */
export function producers(graph: Graph): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output !== '') found.set(output, node);
  }
  return found;
}

/** The nodes that read each value, in graph order, each once. */
export function consumers(graph: Graph): Map<string, Node[]> {
  const found = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const input of new Set(node.inputs)) {
      if (input === '') continue;
      const readers = found.get(input);
      if (readers) readers.push(node);
      else found.set(input, [node]);
    }
  }
  return found;
}

/**
 * The nodes in an order in which each comes after those it reads from; a graph already in order keeps it.
 * AppError 'model/invalid' names the nodes of a cycle.
 */
export function sortNodes(graph: Graph): Node[] {
  const producerOf = producers(graph);
  const sorted: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  // A stack of our own: a deep network must not overflow the call stack.
  for (const root of graph.nodes) {
    const path: { node: Node; next: number }[] = [{ node: root, next: 0 }];
    while (path.length > 0) {
      const top = path.at(-1)!;
      if (state.get(top.node) === 'done') {
        path.pop();
        continue;
      }
      state.set(top.node, 'open');
      const input = top.node.inputs[top.next++];
      if (input === undefined) {
        state.set(top.node, 'done');
        sorted.push(top.node);
        path.pop();
        continue;
      }
      const producer = producerOf.get(input);
      if (producer === undefined || state.get(producer) === 'done') continue;
      if (state.get(producer) === 'open') {
        const cycle = path.slice(path.findIndex((step) => step.node === producer)).map((step) => nodeLabel(step.node));
        throw new AppError('model/invalid', `the graph has a cycle: ${cycle.join(' <- ')}`);
      }
      path.push({ node: producer, next: 0 });
    }
  }
  return sorted;
}

/** The nodes that the graph's outputs depend on, in their order: what is left after dropping dead ones. */
export function liveNodes(graph: Graph): Node[] {
  const producerOf = producers(graph);
  const live = new Set<Node>();
  const pending = graph.outputs.map((output) => output.name);
  while (pending.length > 0) {
    const producer = producerOf.get(pending.pop()!);
    if (producer === undefined || live.has(producer)) continue;
    live.add(producer);
    pending.push(...producer.inputs);
  }
  return graph.nodes.filter((node) => live.has(node));
}
