import { intAttr, type Graph, type Node } from './model.js';
import { inferShapes } from './shapes.js';
import { int64Vector } from './tensor.js';

/** Channels that the WebGPU provider loads at once. */
const LANES = 4;

/**
 * The graph with zero channels put to the input of each convolution that the WebGPU provider of ONNX Runtime 1.30 gets
 * wrong: those with a number of input channels above 3 that 3 divides and 4 does not, and of output channels that 4
 * divides (measured; microsoft/onnxruntime#29651). The numbers are those of the graph itself.
 */
export function padWebgpuConvolutions(graph: Graph): Graph {
  const dimsOf = knownDims(graph);
  const initializers = new Map(graph.initializers);
  const nodes = graph.nodes.flatMap((node, index): Node[] => {
    if (node.op !== 'Conv' || intAttr(node, 'group', 1) !== 1) return [node];
    const weight = dimsOf(node.inputs[1]!);
    if (weight === undefined || !isWrong(weight[1]!, weight[0]!)) return [node];
    const missing = LANES - (weight[1]! % LANES);
    const rank = weight.length;
    const pads = `webgpu/pads_${missing}_${rank}`;
    initializers.set(pads, int64Vector(Array.from({ length: 2 * rank }, (_, at) => (at === rank + 1 ? missing : 0))));
    const padded = node.inputs.slice(0, 2).map((input, at): Node => {
      const name = `webgpu/conv_${index}/${at === 0 ? 'input' : 'weight'}`;
      return { name, op: 'Pad', inputs: [input, pads], outputs: [name], attributes: new Map() };
    });
    return [...padded, { ...node, inputs: [...padded.map(({ name }) => name), ...node.inputs.slice(2)] }];
  });
  return { ...graph, nodes, initializers };
}

const isWrong = (channels: number, features: number): boolean =>
  channels > 3 && channels % 3 === 0 && channels % LANES !== 0 && features % LANES === 0;

/** Sizes of values: of all where input sizes are fixed, else of weights. */
function knownDims(graph: Graph): (value: string) => readonly number[] | undefined {
  const isFixed = graph.inputs.every(({ dims }) => dims.every((dim) => typeof dim === 'number'));
  const types = isFixed ? inferShapes(graph) : null;
  return (value) => types?.get(value)?.dims ?? graph.initializers.get(value)?.dims;
}
