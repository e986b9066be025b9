import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type ModelProto,
  type TensorProto,
} from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/core/errors.js';
import { GraphBuilder } from '../../../../main/core/onnx/builder.js';
import { checkModel } from '../../../../main/core/onnx/check.js';
import { decodeModel, encodeModel } from '../../../../main/core/onnx/codec.js';
import { ELEMENT_TYPE_CODES } from '../../../../main/core/onnx/data-types.js';
import { modelOf, type ElementType, type Model, type TypedArray } from '../../../../main/core/onnx/model.js';
import { float32Tensor, int64Vector, tensor } from '../../../../main/core/onnx/tensor.js';

function sampleModel(): Model {
  const b = new GraphBuilder();
  const x = b.input('x', 'float32', ['n', 3, 'h', 'w']);
  const w = b.initializer('w', float32Tensor([2, 3, 1, 1], [0.1, -0, 1e-42, Infinity, 5, 6]));
  const y = b.op('Conv', [x, w], { auto_pad: 'VALID', strides: [2, 1] });
  const z = b.op('LeakyRelu', [b.op('Pad', [y, b.ints([0, 0, 1, 1, 0, 0, 1, 1])])], { alpha: 0.25 });
  return modelOf(b.build({ z }, 'sample'), new Map([['parent', 'abc']]));
}

/** Encodes the sample after changing its protobuf form. */
function changed(change: (proto: ModelProto) => void): Uint8Array {
  const proto = fromBinary(ModelProtoSchema, encodeModel(sampleModel()));
  change(proto);
  return toBinary(ModelProtoSchema, proto);
}

function refusal(bytes: Uint8Array): string {
  try {
    decodeModel(bytes);
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a model', () => {
  it('comes back as it was', () => {
    const model = sampleModel();
    expect(decodeModel(encodeModel(model))).toEqual(model);
  });

  it('is read from a Node buffer at an odd offset, and lets go of it', () => {
    const bytes = encodeModel(sampleModel());
    const padded = Buffer.concat([Buffer.from([0]), bytes]);
    const model = decodeModel(padded.subarray(1));
    padded.fill(0);
    expect(model).toEqual(sampleModel());
  });

  it('is written with its nodes in order, as the format demands', () => {
    const model = sampleModel();
    const { graph } = model;
    const reversed = { ...model, graph: { ...graph, nodes: [...graph.nodes].reverse() } };
    expect(decodeModel(encodeModel(reversed))).toEqual(model);
  });

  it('loses graph inputs that are weights', () => {
    const bytes = changed(({ graph }) => {
      const [x] = graph!.input;
      graph!.input.push({ ...x!, name: 'w' });
    });
    expect(decodeModel(bytes)).toEqual(sampleModel());
  });

  it('gets symbols for sizes without a name', () => {
    const bytes = changed(({ graph }) => {
      const { value } = graph!.input[0]!.type!;
      if (value.case !== 'tensorType') return;
      const { dim } = value.value.shape!;
      dim[0]!.value = { case: undefined };
      dim[2]!.value = { case: 'dimValue', value: -1n };
    });
    expect(decodeModel(bytes).graph.inputs[0]!.dims).toEqual(['x_dim_0', 3, 'x_dim_2', 'w']);
  });

  it('may spell constants in several ways', () => {
    const value = (name: string, fields: object): unknown => {
      const bytes = changed(({ graph }) => {
        const attribute = { ...graph!.node[0]!.attribute[0]!, name, ...fields };
        graph!.node.push({ ...graph!.node[0]!, opType: 'Constant', input: [], output: ['c'], attribute: [attribute] });
      });
      return decodeModel(bytes).graph.nodes.at(-1)!.attributes.get('value')?.value;
    };
    expect(value('value_int', { type: AttributeType.INT, i: 7n })).toEqual(tensor('int64', [], BigInt64Array.of(7n)));
    expect(value('value_ints', { type: AttributeType.INTS, ints: [2n ** 63n - 1n] })).toEqual(
      tensor('int64', [1], BigInt64Array.of(2n ** 63n - 1n)),
    );
    expect(value('value_float', { type: AttributeType.FLOAT, f: 0.5 })).toEqual(float32Tensor([], [0.5]));
    expect(value('value_floats', { type: AttributeType.FLOATS, floats: [1, 2] })).toEqual(float32Tensor([2], [1, 2]));
  });
});

describe('weights', () => {
  const typed: readonly [ElementType, Partial<TensorProto>, TypedArray][] = [
    ['float32', { floatData: [1.5, -2] }, Float32Array.of(1.5, -2)],
    ['float64', { doubleData: [0.1, 2] }, Float64Array.of(0.1, 2)],
    ['float16', { int32Data: [0x3c00, 0xbc00] }, Uint16Array.of(0x3c00, 0xbc00)],
    ['uint8', { int32Data: [0, 255] }, Uint8Array.of(0, 255)],
    ['int8', { int32Data: [-128, 127] }, Int8Array.of(-128, 127)],
    ['uint16', { int32Data: [0, 65535] }, Uint16Array.of(0, 65535)],
    ['int16', { int32Data: [-1, 1] }, Int16Array.of(-1, 1)],
    ['int32', { int32Data: [-1, 1] }, Int32Array.of(-1, 1)],
    ['uint32', { uint64Data: [0n, 4294967295n] }, Uint32Array.of(0, 4294967295)],
    ['int64', { int64Data: [-1n, 2n ** 62n] }, BigInt64Array.of(-1n, 2n ** 62n)],
    ['uint64', { uint64Data: [0n, 2n ** 64n - 1n] }, BigUint64Array.of(0n, 2n ** 64n - 1n)],
    ['bool', { int32Data: [1, 0] }, Uint8Array.of(1, 0)],
  ];
  it.each(typed)('of type %s are read from their typed field, and written as bytes', (type, fields, data) => {
    const bytes = changed(({ graph }) => {
      const bare = { ...graph!.initializer[0]!, name: 't', rawData: new Uint8Array(), dims: [2n] };
      graph!.initializer.push({ ...bare, dataType: ELEMENT_TYPE_CODES[type], ...fields });
    });
    const model = decodeModel(bytes);
    expect(model.graph.initializers.get('t')).toEqual({ type, dims: [2], data });
    expect(decodeModel(encodeModel(model))).toEqual(model);
  });

  it('keep every bit of a NaN', () => {
    const bits = Uint32Array.of(0x7fc00001, 0xffffffff, 0x80000000);
    const model = sampleModel();
    const weights = tensor('float32', [3], new Float32Array(bits.buffer));
    const initializers = new Map([...model.graph.initializers, ['nan', weights] as const]);
    const { data } = decodeModel(
      encodeModel({ ...model, graph: { ...model.graph, initializers } }),
    ).graph.initializers.get('nan')!;
    expect([...new Uint32Array(data.buffer)]).toEqual([...bits]);
  });
});

describe('what is no usable model is refused with one clear line', () => {
  const weight = (change: (tensor: TensorProto) => void): Uint8Array =>
    changed(({ graph }) => {
      change(graph!.initializer[0]!);
    });
  it.each([
    ['an empty file', new Uint8Array(), 'model/invalid: not an ONNX model: the file is empty'],
    ['text', Buffer.from('hello, world'), 'model/invalid: not an ONNX model, or a damaged one: it cannot be parsed'],
    [
      'no graph',
      toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n })),
      'model/invalid: not an ONNX model: it has no graph',
    ],
    [
      'no operator set',
      changed((proto) => (proto.opsetImport = [])),
      'model/invalid: not an ONNX model: it names no operator set',
    ],
    [
      'external weights',
      weight((tensor) => (tensor.dataLocation = DataLocation.EXTERNAL)),
      "model/invalid: initializer 'w' is stored in another file: save the model with its weights inside",
    ],
    [
      'missing weights',
      weight((tensor) => (tensor.rawData = tensor.rawData.slice(4))),
      "model/invalid: initializer 'w' holds 5 elements, its shape is 2x3x1x1",
    ],
    [
      'torn weights',
      weight((tensor) => (tensor.rawData = tensor.rawData.slice(3))),
      "model/invalid: initializer 'w' holds 21 bytes, no whole number of float32 elements",
    ],
    [
      'an exotic type',
      weight((tensor) => (tensor.dataType = 16)),
      "model/invalid: initializer 'w' has the element type BFLOAT16: not supported",
    ],
    [
      'a negative size',
      weight((tensor) => (tensor.dims = [-2n, -3n, 1n, 1n])),
      "model/invalid: initializer 'w' has a negative size",
    ],
    [
      'another domain',
      changed(({ graph }) => (graph!.node[0]!.domain = 'com.microsoft')),
      "model/unsupported-op: conv (Conv): operators of the domain 'com.microsoft' are not supported",
    ],
    [
      'a graph inside',
      changed(({ graph }) => (graph!.node[0]!.attribute[0]!.type = AttributeType.GRAPH)),
      "model/unsupported-op: conv (Conv): attribute 'auto_pad' is of the kind GRAPH: not supported",
    ],
    ['no shape', changed(({ graph }) => delete graph!.output[0]!.type), "model/invalid: output 'z' is not a tensor"],
    [
      'two weights of one name',
      changed(({ graph }) => graph!.initializer.push(graph!.initializer[0]!)),
      "model/invalid: two initializers have the name 'w'",
    ],
    [
      'an attribute given twice',
      changed(({ graph }) => graph!.node[0]!.attribute.push(graph!.node[0]!.attribute[0]!)),
      "model/invalid: conv (Conv): attribute 'auto_pad' is given twice",
    ],
  ])('%s', (_what, bytes, message) => {
    expect(refusal(bytes)).toBe(message);
  });

  const onlyAppErrors = (bytes: Uint8Array): void => {
    try {
      checkModel(decodeModel(bytes));
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
    }
  };

  it('cut off anywhere', () => {
    const bytes = encodeModel(sampleModel());
    for (let length = 0; length < bytes.length; length++) onlyAppErrors(bytes.slice(0, length));
  });

  it('with any byte changed', () => {
    const bytes = encodeModel(sampleModel());
    const place = fc.nat({ max: bytes.length - 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }), (edits) => {
        const damaged = bytes.slice();
        for (const [at, value] of edits) damaged[at] = value;
        onlyAppErrors(damaged);
      }),
      { numRuns: 5000, seed: 3 },
    );
  });

  it('of random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), onlyAppErrors), { numRuns: 2000, seed: 4 });
  });
});

it('int64 constants keep their exact values', () => {
  const model = sampleModel();
  const initializers = new Map([...model.graph.initializers, ['big', int64Vector([2 ** 53 - 1])] as const]);
  const copy = decodeModel(encodeModel({ ...model, graph: { ...model.graph, initializers } }));
  expect(copy.graph.initializers.get('big')!.data).toEqual(BigInt64Array.of(9007199254740991n));
});
