import { intAttr, intsAttr, type Attribute, type Graph, type Node, type Tensor } from '../onnx/model.js';
import { float32Tensor, toNumbers } from '../onnx/tensor.js';

/**
 * The graph with each 2x2 ConvTranspose of stride 2 written as a 1x1 Conv and a DepthToSpace, which is the same: the
 * output pixels of one input pixel do not overlap. The runtime has an 8-bit kernel for convolutions and none for
 * transposed ones. Other uses of ConvTranspose stay.
 */
export function withoutTransposedConvolutions(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  const nodes = graph.nodes.flatMap((node): Node[] => {
    const weight = graph.initializers.get(node.inputs[1] ?? '');
    const bias = node.inputs[2] ? graph.initializers.get(node.inputs[2]) : null;
    if (weight === undefined || bias === undefined || !doublesEachPixel(node, weight)) return [node];
    const { name, inputs, outputs } = node;
    const flat = `${outputs[0]!}/flat`;
    const matrix = `${inputs[1]!}/1x1`;
    initializers.set(matrix, asMatrix(weight));
    const conv = [inputs[0]!, matrix];
    if (bias !== null) {
      conv.push(`${inputs[2]!}/1x1`);
      initializers.set(conv[2]!, float32Tensor([bias.dims[0]! * 4], toNumbers(bias).flatMap(fourTimes)));
    }
    return [
      { name: `${name}/1x1`, op: 'Conv', inputs: conv, outputs: [flat], attributes: attributes({}) },
      {
        name: `${name}/spread`,
        op: 'DepthToSpace',
        inputs: [flat],
        outputs,
        attributes: attributes({ blocksize: { kind: 'int', value: 2 }, mode: { kind: 'string', value: 'CRD' } }),
      },
    ];
  });
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  return { ...graph, nodes, initializers: new Map([...initializers].filter(([name]) => used.has(name))) };
}

const attributes = (of: Readonly<Record<string, Attribute>>): Node['attributes'] => new Map(Object.entries(of));

const fourTimes = (value: number): number[] => [value, value, value, value];

function doublesEachPixel(node: Node, { type, dims }: Tensor): boolean {
  const all = (name: string, fallback: readonly number[], wanted: number): boolean =>
    intsAttr(node, name, fallback).every((value) => value === wanted);
  return (
    node.op === 'ConvTranspose' &&
    type === 'float32' &&
    dims.length === 4 &&
    dims[2] === 2 &&
    dims[3] === 2 &&
    all('strides', [1, 1], 2) &&
    all('pads', [0, 0, 0, 0], 0) &&
    all('dilations', [1, 1], 1) &&
    all('output_padding', [0, 0], 0) &&
    !node.attributes.has('output_shape') &&
    !node.attributes.has('auto_pad') &&
    intAttr(node, 'group', 1) === 1
  );
}

/** C x M x 2 x 2 to (M 4) x C x 1 x 1: DepthToSpace takes the four pixels of a channel from neighbouring ones. */
function asMatrix(weight: Tensor): Tensor {
  const [channels, features] = weight.dims as [number, number];
  const values = toNumbers(weight);
  const rows = Array.from({ length: features * 4 }, (_, row) =>
    Array.from({ length: channels }, (__, channel) => values[channel * features * 4 + row]!),
  );
  return float32Tensor([features * 4, channels, 1, 1], rows.flat());
}
