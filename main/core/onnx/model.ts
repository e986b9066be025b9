import { AppError } from '../errors.js';

/**
 * The typed array that holds each element type. float16 is kept as its raw bits; bool is one byte per element, 0 or 1.
 */
export interface ElementArrays {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  uint8: Uint8Array;
  int8: Int8Array;
  uint16: Uint16Array;
  int16: Int16Array;
  uint32: Uint32Array;
  int32: Int32Array;
  uint64: BigUint64Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

/** The element types that a tensor may have. */
export type ElementType = keyof ElementArrays;

/** Any array that holds a tensor's elements. */
export type TypedArray = ElementArrays[ElementType];

/** A tensor of one element type; `data` is row-major and holds exactly the product of `dims` elements. */
export interface TensorOf<T extends ElementType> {
  readonly type: T;
  readonly dims: readonly number[];
  readonly data: ElementArrays[T];
}

/** A tensor of any element type, discriminated by `type`: checking it narrows `data`. */
export type Tensor = { [T in ElementType]: TensorOf<T> }[ElementType];

/** A size that is fixed (a number) or free (a symbol; equal symbols are equal sizes). */
export type Dim = number | string;

/** The declared type and shape of a graph input or output. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dim[];
}

/** What shape inference finds for a value: every size is known. */
export interface ValueType {
  readonly type: ElementType;
  readonly dims: readonly number[];
}

/** What each kind of attribute holds. Integers are JavaScript numbers: decoding refuses those they cannot hold. */
export interface AttributeValues {
  int: number;
  float: number;
  string: string;
  tensor: Tensor;
  ints: readonly number[];
  floats: readonly number[];
  strings: readonly string[];
}

/** The kinds of attribute that we read and write. */
export type AttributeKind = keyof AttributeValues;

/** A node's attribute, discriminated by `kind`. */
export type Attribute = {
  [K in AttributeKind]: { readonly kind: K; readonly value: AttributeValues[K] };
}[AttributeKind];

/** One operation of the default ONNX domain; an empty name among `inputs` or `outputs` is an omitted optional one. */
export interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** A graph in static single assignment form: each name is an input, an initializer or one node's output. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Tensor>;
}

/** What an .onnx file holds. */
export interface Model {
  readonly graph: Graph;
  /** Version of the default operator set. */
  readonly opset: number;
  readonly irVersion: number;
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
}

/** The operator set of the graphs that we build, and of the shipped models. */
export const BUILD_OPSET = 17;

/** The file format version of the models that we build: the one that opset 17 came with. */
const BUILD_IR_VERSION = 8;

/** Wraps a graph as a model of ours, with the versions that every supported runtime reads. */
export function modelOf(graph: Graph, metadata: ReadonlyMap<string, string> = new Map()): Model {
  return { graph, opset: BUILD_OPSET, irVersion: BUILD_IR_VERSION, producer: 'stillgrain', metadata };
}

/** How messages name a node: `conv1 (Conv)`; a node without a name goes by its first output. */
export function nodeLabel(node: Node): string {
  return `${node.name || node.outputs[0] || 'unnamed node'} (${node.op})`;
}

/** An integer attribute, or `fallback`; AppError 'model/invalid' if it is absent without a fallback or no integer. */
export function intAttr(node: Node, name: string, fallback?: number): number {
  return attribute(node, name, 'int', fallback);
}

/** A float attribute, or `fallback`; errors as `intAttr`. */
export function floatAttr(node: Node, name: string, fallback?: number): number {
  return attribute(node, name, 'float', fallback);
}

/** A string attribute, or `fallback`; errors as `intAttr`. */
export function stringAttr(node: Node, name: string, fallback?: string): string {
  return attribute(node, name, 'string', fallback);
}

/** A list of integers, or `fallback`; errors as `intAttr`. */
export function intsAttr(node: Node, name: string, fallback?: readonly number[]): readonly number[] {
  return attribute(node, name, 'ints', fallback);
}

/** A list of floats, or `fallback`; errors as `intAttr`. */
export function floatsAttr(node: Node, name: string, fallback?: readonly number[]): readonly number[] {
  return attribute(node, name, 'floats', fallback);
}

/** A tensor attribute; errors as `intAttr`. */
export function tensorAttr(node: Node, name: string): Tensor {
  return attribute(node, name, 'tensor', undefined);
}

function attribute<K extends AttributeKind>(
  node: Node,
  name: string,
  kind: K,
  fallback: AttributeValues[K] | undefined,
): AttributeValues[K] {
  const found = node.attributes.get(name);
  if (found === undefined) {
    if (fallback !== undefined) return fallback;
    throw new AppError('model/invalid', `${nodeLabel(node)}: attribute '${name}' is missing`);
  }
  if (found.kind !== kind) {
    throw new AppError('model/invalid', `${nodeLabel(node)}: attribute '${name}' is ${found.kind}, not ${kind}`);
  }
  // TypeScript does not narrow a union by comparing with a generic kind.
  return found.value as AttributeValues[K];
}
