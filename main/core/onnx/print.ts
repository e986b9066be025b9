import type { Attribute, Graph, Node, Tensor, ValueInfo, ValueType } from './model.js';
import { inferShapes } from './shapes.js';
import { isFloatType, toNumbers } from './tensor.js';

/** Constants with at most this many elements are printed by value. */
const MAX_PRINTED_ELEMENTS = 8;

/**
 * A graph as text, one line per node: `%head = Conv(%x, %w[64x6x4x4]) {strides=[2,2]} : float32[1,64,128,128]`.
 * Types follow the nodes if all input sizes are fixed. Constants of a few elements are printed by value.
 */
export function printGraph(graph: Graph): string {
  const isFixed = graph.inputs.every((input) => input.dims.every((dim) => typeof dim === 'number'));
  const types = isFixed ? inferShapes(graph) : undefined;
  const list = (values: readonly ValueInfo[]): string =>
    values.map((value) => `%${value.name}: ${printType(value)}`).join(', ');
  return [
    `${graph.name}(${list(graph.inputs)}) -> (${list(graph.outputs)})`,
    ...graph.nodes.map((node) => `  ${printNode(node, graph, types)}`),
  ].join('\n');
}

function printNode(node: Node, graph: Graph, types: ReadonlyMap<string, ValueType> | undefined): string {
  const inputs = node.inputs.map((name) => printInput(name, graph.initializers.get(name)));
  const attributes = Array.from(node.attributes, ([name, value]) => `${name}=${printAttribute(value)}`);
  const outputs = node.outputs.map((name) => (name === '' ? '_' : `%${name}`)).join(', ');
  const found = types && node.outputs.flatMap((name) => types.get(name) ?? []).map(printType);
  return [
    `${outputs} = ${node.op}(${inputs.join(', ')})`,
    attributes.length > 0 ? ` {${attributes.join(', ')}}` : '',
    found ? ` : ${found.join(', ')}` : '',
  ].join('');
}

function printInput(name: string, initializer: Tensor | undefined): string {
  if (name === '') return '_';
  return initializer ? printTensor(initializer, `%${name}`) : `%${name}`;
}

function printTensor(value: Tensor, name: string): string {
  const isShort = value.data.length <= MAX_PRINTED_ELEMENTS && value.dims.length <= 1 && value.type !== 'float16';
  if (!isShort) return `${name}[${value.dims.join('x')}]`;
  const numbers = isFloatType(value.type) ? toNumbers(value).map(printFloat) : Array.from(value.data, String);
  return value.dims.length === 0 ? (numbers[0] ?? '') : `[${numbers.join(',')}]`;
}

function printAttribute(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'int':
    case 'string':
      return `${attribute.value}`;
    case 'float':
      return printFloat(attribute.value);
    case 'tensor':
      return printTensor(attribute.value, attribute.value.type);
    case 'ints':
    case 'floats':
    case 'strings':
      return `[${attribute.value.join(',')}]`;
  }
}

/** Six digits tell float32 constants apart without the tail that their conversion to double shows. */
function printFloat(value: number): string {
  return `${Number(value.toPrecision(6))}`;
}

function printType({ type, dims }: ValueInfo | ValueType): string {
  return `${type}[${dims.join(',')}]`;
}
