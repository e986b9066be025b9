import { intAttr, stringAttr, type Graph, type Node, type Tensor } from '../onnx/model.js';
import { consumers, producers } from '../onnx/topology.js';

/**
 * Channels of one value share one 8-bit step, so that a channel of small numbers is told in few of them. Where a net is
 * linear, or as good as that (Relu: max(0, s x) = s max(0, x)), a channel may be made larger by the weights in front of it
 * and smaller again by those behind it (Nagel et al. 2019, arXiv:1906.04721). Values that are added, as along a trunk of
 * residual blocks, must be scaled alike.
 */

/** Channels that never say anything are not blown up without end. */
const LEAST_SHARE = 1e-3;

/**
 * The same function, with channels of equal size wherever that can be had from weights alone.
 * @param magnitudes the size of each channel, by the name of a value [N,C,H,W]
 * @param strength 0 changes nothing, 1 makes channels equal
 */
export function equalized(graph: Graph, magnitudes: ReadonlyMap<string, Float32Array>, strength: number): Graph {
  const scales = channelScales(graph, magnitudes, strength);
  const initializers = new Map(graph.initializers);
  const nodes = graph.nodes.map((node): Node => {
    const weight = weightOf(graph, node);
    if (weight === undefined) return node;
    const [into, out] = [scales.get(node.inputs[0]!), scales.get(node.outputs[0]!)];
    if (into === undefined && out === undefined) return node;
    const inputs = [...node.inputs];
    const set = (index: number, value: Tensor): void => {
      // By the node's name: a weight may be shared with a convolution that is scaled otherwise.
      inputs[index] = `${node.inputs[index]!}/of/${node.outputs[0]!}`;
      initializers.set(inputs[index], value);
    };
    set(
      1,
      scaled(weight, (row, column) => (into?.[column] ?? 1) / (out?.[row] ?? 1)),
    );
    const bias = initializers.get(inputs[2] ?? '');
    if (bias !== undefined)
      set(
        2,
        scaled(bias, (row) => 1 / (out?.[row] ?? 1)),
      );
    return { ...node, inputs };
  });
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  return { ...graph, nodes, initializers: new Map([...initializers].filter(([name]) => used.has(name))) };
}

function scaled(source: Tensor, factor: (row: number, column: number) => number): Tensor {
  const { dims, data } = source;
  const perRow = data.length / dims[0]!;
  const perColumn = perRow / (dims[1] ?? 1);
  const values = Float32Array.from(data as Float32Array, (value, at) => {
    const row = Math.floor(at / perRow);
    return value * factor(row, Math.floor((at - row * perRow) / perColumn));
  });
  return { type: 'float32', dims, data: values };
}

/** A plain convolution's float weight. */
function weightOf(graph: Graph, node: Node): Tensor | undefined {
  const weight = graph.initializers.get(node.inputs[1] ?? '');
  const isPlain = node.op === 'Conv' && weight?.type === 'float32' && intAttr(node, 'group', 1) === 1;
  return isPlain && (!node.inputs[2] || graph.initializers.has(node.inputs[2])) ? weight : undefined;
}

/** By what the channels of each value are divided. */
function channelScales(
  graph: Graph,
  magnitudes: ReadonlyMap<string, Float32Array>,
  strength: number,
): Map<string, Float32Array> {
  const readers = consumers(graph);
  const producerOf = producers(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const scales = new Map<string, Float32Array>();
  for (const values of scaledAlike(graph)) {
    const free = values.every((value) => {
      const producer = producerOf.get(value);
      if (producer === undefined || outputs.has(value) || !magnitudes.has(value)) return false;
      const given =
        keepsScale(producer) ||
        weightOf(graph, producer) !== undefined ||
        spreadFrom(graph, producer, readers) !== undefined;
      const taken = (readers.get(value) ?? []).every(
        (node) => keepsScale(node) || (weightOf(graph, node) !== undefined && node.inputs[0] === value),
      );
      return given && taken;
    });
    if (!free) continue;
    const sizes = values.map((value) => magnitudes.get(value)!);
    const largest = Float32Array.from(sizes[0]!, (_, c) => Math.max(...sizes.map((size) => size[c]!)));
    const most = Math.max(...largest);
    if (most === 0) continue;
    const scale = largest.map((size) => Math.max(LEAST_SHARE, size / most) ** strength);
    for (const value of values) {
      scales.set(value, scale);
      const producer = producerOf.get(value)!;
      const source = spreadFrom(graph, producer, readers);
      if (source === undefined) continue;
      // Each channel is made of as many of the convolution's, one beside the other.
      const share = intAttr(producer, 'blocksize') ** 2;
      scales.set(
        source,
        new Float32Array(scale.length * share).map((_, c) => scale[Math.floor(c / share)]!),
      );
    }
  }
  return scales;
}

const keepsScale = ({ op }: Node): boolean => op === 'Add' || op === 'Relu';

/** Groups of values that additions and Relus tie together. */
function scaledAlike(graph: Graph): string[][] {
  const group = new Map<string, string[]>();
  const join = (a: string, b: string): void => {
    const [first, second] = [group.get(a)!, group.get(b)!];
    if (first === second) return;
    first.push(...second);
    for (const value of second) group.set(value, first);
  };
  for (const name of graph.nodes.flatMap((node) => [...node.inputs, ...node.outputs])) group.set(name, [name]);
  for (const node of graph.nodes) {
    if (keepsScale(node)) for (const input of node.inputs) join(input, node.outputs[0]!);
  }
  return [...new Set(group.values())];
}

/** The value that a DepthToSpace spreads, if it is of one convolution and goes nowhere else. */
function spreadFrom(graph: Graph, node: Node, readers: ReadonlyMap<string, readonly Node[]>): string | undefined {
  const source = node.inputs[0] ?? '';
  if (node.op !== 'DepthToSpace' || stringAttr(node, 'mode', 'DCR') !== 'CRD') return undefined;
  const isOfConv = graph.nodes.some((other) => other.outputs[0] === source && weightOf(graph, other) !== undefined);
  return isOfConv && readers.get(source)?.length === 1 ? source : undefined;
}
