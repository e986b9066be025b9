import { AppError } from '../errors.js';
import { nodeLabel, type Attribute, type Graph, type Node, type Tensor } from '../onnx/model.js';
import { scalarTensor, tensor, toNumbers } from '../onnx/tensor.js';
import { consumers, producers } from '../onnx/topology.js';
import type { Range } from './ranges.js';

/**
 * Writes a net so that the runtime computes it in 8 bits: around convolutions and sums stand QuantizeLinear and
 * DequantizeLinear nodes ("QDQ"), which the runtime melts with what is between them into 8-bit kernels. Activations are
 * unsigned with a zero point, weights signed with a scale per output channel, biases 32 bits (Jacob et al. 2018,
 * arXiv:1712.05877; Krishnamoorthi 2018, arXiv:1806.08342).
 */

/**
 * Largest 8-bit weight. Processors without 8-bit dot products (x86 before VNNI) add two products in 16 bits first, and
 * 2 x 255 x 64 still fits; with weights of up to 127 such sums would be cut off, and the picture with them.
 */
export const LARGEST_WEIGHT = 64;

const ACTIVATION_STEPS = 255;
/** Keeps scales of what is always zero above zero. */
const LEAST_SCALE = 1e-8;

export interface QuantizeOptions {
  /** Of each activation that is told in 8 bits, by name. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** Names of nodes that are computed in float. */
  readonly float: ReadonlySet<string>;
}

/**
 * The 8-bit graph. Convolutions with stored weights, sums and DepthToSpace are computed in 8 bits, all else in float; a
 * Relu behind a convolution becomes the lower end of what comes out. Values keep their names.
 * @throws AppError 'model/invalid' for a node to keep in float that does not exist, a value without a range, and a bias that
 *   is computed
 */
export function quantized(graph: Graph, options: QuantizeOptions): Graph {
  const unknown = [...options.float].find((name) => !graph.nodes.some((node) => node.name === name));
  if (unknown !== undefined) throw new AppError('model/invalid', `there is no node '${unknown}' to keep in float`);
  return new Quantizer(graph, options).run();
}

function isConvolution(graph: Graph, node: Node): boolean {
  return node.op === 'Conv' && graph.initializers.get(node.inputs[1] ?? '')?.type === 'float32';
}

class Quantizer {
  private readonly nodes: Node[] = [];
  private readonly initializers: Map<string, Tensor>;
  private readonly readers: ReadonlyMap<string, readonly Node[]>;
  private readonly producerOf: ReadonlyMap<string, Node>;
  private readonly outputs: ReadonlySet<string>;
  /** Values that are rounded where they are made. */
  private readonly rounded = new Set<string>();
  /** What 8-bit nodes read of values that float nodes made. */
  private readonly copies = new Map<string, string>();

  constructor(
    private readonly graph: Graph,
    private readonly options: QuantizeOptions,
  ) {
    this.initializers = new Map(graph.initializers);
    this.readers = consumers(graph);
    this.producerOf = producers(graph);
    this.outputs = new Set(graph.outputs.map(({ name }) => name));
  }

  run(): Graph {
    const folded = new Set<Node>();
    for (const node of this.graph.nodes) {
      if (folded.has(node)) continue;
      if (!this.isQuantizable(node)) {
        this.nodes.push(node);
        continue;
      }
      const relu = this.loneRelu(node);
      if (relu !== undefined) folded.add(relu);
      this.addQuantized(node, (relu ?? node).outputs[0]!);
    }
    const used = new Set(this.nodes.flatMap(({ inputs }) => inputs));
    const initializers = new Map([...this.initializers].filter(([name]) => used.has(name)));
    return { ...this.graph, nodes: this.nodes, initializers };
  }

  private isQuantizable(node: Node): boolean {
    if (this.options.float.has(node.name)) return false;
    if (node.op === 'Add') return node.inputs.every((input) => !this.graph.initializers.has(input));
    return node.op === 'DepthToSpace' || isConvolution(this.graph, node);
  }

  /** The Relu that is all that reads a node's output. */
  private loneRelu({ outputs }: Node): Node | undefined {
    const [reader, ...others] = this.readers.get(outputs[0]!) ?? [];
    const isLone = reader?.op === 'Relu' && others.length === 0 && !this.outputs.has(outputs[0]!);
    return isLone && !this.options.float.has(reader.name) ? reader : undefined;
  }

  private addQuantized(node: Node, output: string): void {
    const inputs = node.inputs.map((name, index) => {
      if (node.op === 'Conv' && index === 1) return this.weight(name);
      if (node.op === 'Conv' && index === 2) return this.bias(node, name);
      return this.activation(name, node);
    });
    const exact = `${output}/exact`;
    this.nodes.push({ ...node, inputs, outputs: [exact] });
    this.roundTrip(exact, output, this.rangeOf(output, node));
    this.rounded.add(output);
  }

  private activation(name: string, reader: Node): string {
    if (this.rounded.has(name) || name === '') return name;
    const known = this.copies.get(name);
    if (known !== undefined) return known;
    const copy = `${name}/rounded`;
    this.roundTrip(name, copy, this.rangeOf(name, reader));
    this.copies.set(name, copy);
    return copy;
  }

  private rangeOf(name: string, node: Node): Range {
    const range = this.options.ranges.get(name);
    if (range === undefined || !(range[0] <= range[1])) {
      throw new AppError('model/invalid', `${nodeLabel(node)}: there is no range for '${name}'`);
    }
    // Zero has a place in every range; below it a Relu has nothing.
    const isPositive = this.producerOf.get(name)?.op === 'Relu';
    return [isPositive ? 0 : Math.min(0, range[0]), Math.max(0, range[1])];
  }

  /** Rounds a value to 8 bits and back. */
  private roundTrip(from: string, to: string, range: Range): void {
    const [scale, zero] = activationStep(range);
    const [scaleName, zeroName] = [`${to}/scale`, `${to}/zero`];
    this.initializers.set(scaleName, scalarTensor('float32', scale));
    this.initializers.set(zeroName, scalarTensor('uint8', zero));
    this.node('QuantizeLinear', [from, scaleName, zeroName], `${to}/8bit`);
    this.node('DequantizeLinear', [`${to}/8bit`, scaleName, zeroName], to);
  }

  private weight(name: string): string {
    const rounded = `${name}/rounded`;
    const scaleName = `${name}/scale`;
    if (this.initializers.has(scaleName)) return rounded;
    const weight = this.graph.initializers.get(name)!;
    const scales = weightScales(weight);
    const zero = tensor('int8', [scales.length], new Int8Array(scales.length));
    this.initializers.set(scaleName, tensor('float32', [scales.length], scales));
    this.initializers.set(`${name}/zero`, zero);
    const stored = `${name}/8bit`;
    const axis = { axis: { kind: 'int', value: 0 } } as const;
    this.initializers.set(stored, roundedWeight(weight, scales));
    this.node('DequantizeLinear', [stored, scaleName, `${name}/zero`], rounded, axis);
    return rounded;
  }

  /** The runtime wants a bias in steps of the products that it is added to. */
  private bias(node: Node, name: string): string {
    const bias = this.graph.initializers.get(name);
    if (name === '' || bias === undefined) {
      throw new AppError('model/invalid', `${nodeLabel(node)}: its bias must be stored in the model`);
    }
    const [input] = activationStep(this.rangeOf(node.inputs[0]!, node));
    const weight = this.graph.initializers.get(node.inputs[1]!)!;
    const scales = weightScales(weight).map((scale) => scale * input);
    const stored = `${node.outputs[0]!}/bias/32bit`;
    const values = Int32Array.from(toNumbers(bias), (value, c) => Math.round(value / scales[c]!));
    this.initializers.set(stored, tensor('int32', [values.length], values));
    this.initializers.set(`${stored}/scale`, tensor('float32', [scales.length], scales));
    const axis = { axis: { kind: 'int', value: 0 } } as const;
    this.node('DequantizeLinear', [stored, `${stored}/scale`], `${stored}/value`, axis);
    return `${stored}/value`;
  }

  private node(op: string, inputs: string[], output: string, attributes: Readonly<Record<string, Attribute>> = {}) {
    // Not the output's name alone: nodes may be called like what they give.
    const name = `${output}/${op.toLowerCase()}`;
    this.nodes.push({ name, op, inputs, outputs: [output], attributes: new Map(Object.entries(attributes)) });
  }
}

/** Scale and zero point of a range: 0 itself is told exactly, since convolutions pad with it. */
export function activationStep([low, high]: Range): [number, number] {
  const scale = Math.max(LEAST_SCALE, Math.fround((high - low) / ACTIVATION_STEPS));
  return [scale, Math.round(-low / scale)];
}

/** The step of each output channel of a weight, so that the largest number is `LARGEST_WEIGHT` steps. */
function weightScales({ data, dims }: Tensor): Float32Array {
  const perChannel = data.length / dims[0]!;
  return Float32Array.from({ length: dims[0]! }, (_, c) => {
    const row = (data as Float32Array).subarray(c * perChannel, (c + 1) * perChannel);
    return Math.max(LEAST_SCALE, row.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / LARGEST_WEIGHT);
  });
}

function roundedWeight({ dims, data }: Tensor, scales: Float32Array): Tensor {
  const perChannel = data.length / dims[0]!;
  const values = Int8Array.from(data as Float32Array, (value, at) =>
    Math.round(value / scales[Math.floor(at / perChannel)]!),
  );
  return tensor('int8', dims, values);
}
