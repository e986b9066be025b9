import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { getTextEncoding } from '@bufbuild/protobuf/wire';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { AppError } from '../errors.js';
import { ELEMENT_TYPE_CODES, ELEMENT_TYPE_OF_CODE } from './data-types.js';
import { nodeLabel, type Attribute, type Dim, type ElementType, type Graph, type Model } from './model.js';
import type { Node, Tensor, ValueInfo } from './model.js';
import { bytesOf, tensor } from './tensor.js';
import { tensorFromFields } from './tensor-bytes.js';
import { sortNodes } from './topology.js';

const DEFAULT_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx']);

/**
 * Reads an .onnx file. Documentation strings and recorded intermediate shapes are dropped; a graph input that is also
 * an initializer (as old exporters write weights) becomes the initializer alone.
 * AppError 'model/invalid' for anything that is no complete ONNX model of the default domain with its weights inside;
 * 'model/unsupported-op' for operators or attributes outside the default domain's plain ones.
 */
export function decodeModel(bytes: Uint8Array): Model {
  const proto = parse(bytes);
  if (!proto.graph) throw new AppError('model/invalid', 'not an ONNX model: it has no graph');
  const opsets = proto.opsetImport.filter((entry) => DEFAULT_DOMAINS.has(entry.domain));
  if (opsets.length === 0) throw new AppError('model/invalid', 'not an ONNX model: it names no operator set');
  return {
    graph: decodeGraph(proto.graph),
    opset: Math.max(...opsets.map((entry) => Number(entry.version))),
    irVersion: Number(proto.irVersion),
    producer: proto.producerName,
    metadata: new Map(proto.metadataProps.map((entry) => [entry.key, entry.value])),
  };
}

/**
 * Writes an .onnx file, its nodes in topological order; decoding it gives an equal model, weights bit for bit.
 * AppError 'model/invalid' if the graph has a cycle.
 */
export function encodeModel(model: Model): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(model.irVersion),
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(model.opset) })],
      producerName: model.producer,
      graph: encodeGraph(model.graph),
      metadataProps: Array.from(model.metadata, ([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
    }),
  );
}

/**
 * An .onnx file with one more entry of metadata. The entry is put behind the file's bytes, which stay as they are:
 * a protobuf message may be continued, and readers add what comes to the list.
 */
export function withMetadata(bytes: Uint8Array, key: string, value: string): Uint8Array {
  const entry = metadataEntry(key, value);
  const joined = new Uint8Array(bytes.length + entry.length);
  joined.set(bytes);
  joined.set(entry, bytes.length);
  return joined;
}

/** The bytes that `withMetadata` was given; null if the file does not end with this very entry. */
export function withoutMetadata(bytes: Uint8Array, key: string, value: string): Uint8Array | null {
  const entry = metadataEntry(key, value);
  const start = bytes.length - entry.length;
  return start >= 0 && entry.every((byte, i) => byte === bytes[start + i]) ? bytes.subarray(0, start) : null;
}

/** A message with nothing but the entry in it. */
function metadataEntry(key: string, value: string): Uint8Array {
  const metadataProps = [create(StringStringEntryProtoSchema, { key, value })];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { metadataProps }));
}

function parse(bytes: Uint8Array): ModelProto {
  if (bytes.length === 0) throw new AppError('model/invalid', 'not an ONNX model: the file is empty');
  try {
    return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch (cause) {
    throw new AppError('model/invalid', 'not an ONNX model, or a damaged one: it cannot be parsed', { cause });
  }
}

function decodeGraph(proto: GraphProto): Graph {
  if (proto.sparseInitializer.length > 0) {
    throw new AppError('model/invalid', 'the model has sparse initializers, which are not supported');
  }
  const initializers = new Map<string, Tensor>();
  for (const entry of proto.initializer) {
    if (initializers.has(entry.name)) {
      throw new AppError('model/invalid', `two initializers have the name '${entry.name}'`);
    }
    initializers.set(entry.name, decodeTensor(entry, `initializer '${entry.name}'`));
  }
  return {
    name: proto.name,
    inputs: proto.input.filter((info) => !initializers.has(info.name)).map((info) => decodeValueInfo(info, 'input')),
    outputs: proto.output.map((info) => decodeValueInfo(info, 'output')),
    nodes: proto.node.map(decodeNode),
    initializers,
  };
}

function decodeValueInfo(proto: ValueInfoProto, role: 'input' | 'output'): ValueInfo {
  const label = `${role} '${proto.name}'`;
  if (proto.type?.value.case !== 'tensorType') throw new AppError('model/invalid', `${label} is not a tensor`);
  const { elemType, shape } = proto.type.value.value;
  if (!shape) throw new AppError('model/invalid', `${label} has no declared shape`);
  const dims = shape.dim.map((dim, axis): Dim => {
    if (dim.value.case === 'dimValue' && dim.value.value >= 0n) return Number(dim.value.value);
    // Nameless free sizes, which some exporters write as -1, get a symbol of their own.
    return (dim.value.case === 'dimParam' && dim.value.value) || `${proto.name}_dim_${axis}`;
  });
  return { name: proto.name, type: decodeType(elemType, label), dims };
}

function decodeType(code: number, label: string): ElementType {
  const type = ELEMENT_TYPE_OF_CODE.get(code);
  if (type === undefined) {
    throw new AppError('model/invalid', `${label} has the element type ${DataType[code] ?? code}: not supported`);
  }
  return type;
}

function decodeNode(proto: NodeProto): Node {
  const bare = { name: proto.name, op: proto.opType, inputs: proto.input, outputs: proto.output };
  const label = nodeLabel({ ...bare, attributes: new Map() });
  if (!DEFAULT_DOMAINS.has(proto.domain)) {
    throw new AppError('model/unsupported-op', `${label}: operators of the domain '${proto.domain}' are not supported`);
  }
  const decode = proto.opType === 'Constant' ? decodeConstantAttribute : decodeAttribute;
  const attributes = new Map<string, Attribute>();
  for (const entry of proto.attribute) {
    const [name, attribute] = decode(entry, `${label}: attribute '${entry.name}'`);
    if (attributes.has(name)) throw new AppError('model/invalid', `${label}: attribute '${name}' is given twice`);
    attributes.set(name, attribute);
  }
  return { ...bare, attributes };
}

/**
 * Constant may spell its value in several ways: one, the tensor, is enough for everything that reads the graph.
 * It also keeps the largest int64, which stands for 'to the end' in slices and does not fit a JavaScript number.
 */
function decodeConstantAttribute(proto: AttributeProto, label: string): [string, Attribute] {
  const as = (value: Tensor): [string, Attribute] => ['value', { kind: 'tensor', value }];
  switch (proto.name) {
    case 'value_int':
      return as(tensor('int64', [], BigInt64Array.of(proto.i)));
    case 'value_ints':
      return as(tensor('int64', [proto.ints.length], BigInt64Array.from(proto.ints)));
    case 'value_float':
      return as(tensor('float32', [], Float32Array.of(proto.f)));
    case 'value_floats':
      return as(tensor('float32', [proto.floats.length], Float32Array.from(proto.floats)));
    default:
      return decodeAttribute(proto, label);
  }
}

function decodeAttribute(proto: AttributeProto, label: string): [string, Attribute] {
  return [proto.name, decodeAttributeValue(proto, label)];
}

function decodeAttributeValue(proto: AttributeProto, label: string): Attribute {
  switch (proto.type) {
    case AttributeType.INT:
      return { kind: 'int', value: decodeInt(proto.i, label) };
    case AttributeType.FLOAT:
      return { kind: 'float', value: proto.f };
    case AttributeType.STRING:
      return { kind: 'string', value: decodeText(proto.s, label) };
    case AttributeType.INTS:
      return { kind: 'ints', value: proto.ints.map((value) => decodeInt(value, label)) };
    case AttributeType.FLOATS:
      return { kind: 'floats', value: proto.floats };
    case AttributeType.STRINGS:
      return { kind: 'strings', value: proto.strings.map((value) => decodeText(value, label)) };
    case AttributeType.TENSOR:
      if (!proto.t) throw new AppError('model/invalid', `${label} holds no tensor`);
      return { kind: 'tensor', value: decodeTensor(proto.t, label) };
    default:
      throw new AppError('model/unsupported-op', `${label} is of the kind ${AttributeType[proto.type]}: not supported`);
  }
}

function decodeInt(value: bigint, label: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new AppError('model/invalid', `${label} is out of range: ${value}`);
  return number;
}

function decodeText(bytes: Uint8Array, label: string): string {
  try {
    return getTextEncoding().decodeUtf8(bytes);
  } catch (cause) {
    throw new AppError('model/invalid', `${label} is not UTF-8 text`, { cause });
  }
}

function decodeTensor(proto: TensorProto, label: string): Tensor {
  if (proto.dataLocation === DataLocation.EXTERNAL || proto.externalData.length > 0) {
    throw new AppError('model/invalid', `${label} is stored in another file: save the model with its weights inside`);
  }
  if (proto.segment) throw new AppError('model/invalid', `${label} is stored in segments: not supported`);
  const dims = proto.dims.map((dim) => decodeInt(dim, label));
  if (dims.some((dim) => dim < 0)) throw new AppError('model/invalid', `${label} has a negative size`);
  return tensorFromFields(label, decodeType(proto.dataType, label), dims, proto);
}

function encodeGraph(graph: Graph): GraphProto {
  return create(GraphProtoSchema, {
    name: graph.name,
    input: graph.inputs.map(encodeValueInfo),
    output: graph.outputs.map(encodeValueInfo),
    node: sortNodes(graph).map(encodeNode),
    initializer: Array.from(graph.initializers, ([name, value]) => encodeTensor(value, name)),
  });
}

function encodeValueInfo(info: ValueInfo): ValueInfoProto {
  const dim = info.dims.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === 'number' ? { case: 'dimValue', value: BigInt(size) } : { case: 'dimParam', value: size },
    }),
  );
  const value = create(TypeProto_TensorSchema, {
    elemType: ELEMENT_TYPE_CODES[info.type],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name: info.name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }),
  });
}

function encodeNode(node: Node): NodeProto {
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Array.from(node.attributes, ([name, value]) => encodeAttribute(name, value)),
  });
}

function encodeAttribute(name: string, attribute: Attribute): AttributeProto {
  const text = getTextEncoding();
  switch (attribute.kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(attribute.value) });
    case 'float':
      return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: attribute.value });
    case 'string':
      return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: text.encodeUtf8(attribute.value) });
    case 'tensor':
      return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: encodeTensor(attribute.value, '') });
    case 'ints':
      return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: attribute.value.map(BigInt) });
    case 'floats':
      return create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: [...attribute.value] });
    case 'strings': {
      const strings = attribute.value.map((value) => text.encodeUtf8(value));
      return create(AttributeProtoSchema, { name, type: AttributeType.STRINGS, strings });
    }
  }
}

function encodeTensor(value: Tensor, name: string): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: ELEMENT_TYPE_CODES[value.type],
    dims: value.dims.map(BigInt),
    rawData: new Uint8Array(bytesOf(value)),
  });
}
