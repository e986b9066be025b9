import type { AttributeKind } from './model.js';

/** The operators that we read, infer, check and emit: all of the default ONNX domain. */
export const OP_NAMES = [
  'Abs',
  'Add',
  'And',
  'AveragePool',
  'BatchNormalization',
  'Cast',
  'Clip',
  'Concat',
  'Constant',
  'Conv',
  'ConvTranspose',
  'DepthToSpace',
  'DequantizeLinear',
  'Div',
  'Equal',
  'Erf',
  'Exp',
  'Expand',
  'Flatten',
  'Floor',
  'Gather',
  'Gemm',
  'GlobalAveragePool',
  'Greater',
  'GreaterOrEqual',
  'Identity',
  'InstanceNormalization',
  'LayerNormalization',
  'LeakyRelu',
  'Less',
  'LessOrEqual',
  'Log',
  'MatMul',
  'Max',
  'MaxPool',
  'Min',
  'Mul',
  'Neg',
  'Not',
  'PRelu',
  'Pad',
  'Pow',
  'QuantizeLinear',
  'ReduceMax',
  'ReduceMean',
  'ReduceSum',
  'Relu',
  'Reshape',
  'Resize',
  'Round',
  'Shape',
  'Sigmoid',
  'Sign',
  'Slice',
  'Softmax',
  'Softplus',
  'SpaceToDepth',
  'Split',
  'Sqrt',
  'Squeeze',
  'Sub',
  'Tanh',
  'Transpose',
  'Unsqueeze',
  'Where',
] as const;

/** The closed union that every table of operators is total over. */
export type OpName = (typeof OP_NAMES)[number];

const KNOWN: ReadonlySet<string> = new Set(OP_NAMES);

/** Whether an operator is one that we support. */
export function isOpName(op: string): op is OpName {
  return KNOWN.has(op);
}

/** Operator set versions whose semantics the rules follow. */
export const OPSET_RANGE = { min: 13, max: 20 } as const;

/** An attribute's kind and the operator sets, both inclusive, in which it exists. */
export interface AttributeSpec {
  readonly kind: AttributeKind;
  readonly since?: number;
  readonly until?: number;
}

/** How many inputs and outputs an operator takes, least and most, and which attributes. */
export interface OpSchema {
  readonly inputs: readonly [number, number];
  readonly outputs: readonly [number, number];
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  /** First operator set that has the operator, when that is later than `OPSET_RANGE.min`. */
  readonly since?: number;
  /** Inputs past this many exist only from the given operator set on. */
  readonly laterInputs?: { readonly after: number; readonly since: number };
}

const int: AttributeSpec = { kind: 'int' };
const ints: AttributeSpec = { kind: 'ints' };
const float: AttributeSpec = { kind: 'float' };
const string: AttributeSpec = { kind: 'string' };

const MANY = Number.POSITIVE_INFINITY;
const unary: OpSchema = { inputs: [1, 1], outputs: [1, 1], attributes: {} };
const binary: OpSchema = { inputs: [2, 2], outputs: [1, 1], attributes: {} };
const variadic: OpSchema = { inputs: [1, MANY], outputs: [1, 1], attributes: {} };

function takes(inputs: number | readonly [number, number], attributes: OpSchema['attributes'] = {}): OpSchema {
  return { inputs: typeof inputs === 'number' ? [inputs, inputs] : inputs, outputs: [1, 1], attributes };
}

const window = { auto_pad: string, dilations: ints, kernel_shape: ints, pads: ints, strides: ints };
const reduceByAttribute: OpSchema = {
  ...takes([1, 2], { axes: { kind: 'ints', until: 17 }, keepdims: int, noop_with_empty_axes: { ...int, since: 18 } }),
  laterInputs: { after: 1, since: 18 },
};

/** The signature of every supported operator, total over `OpName`. */
export const OP_SCHEMAS: { readonly [P in OpName]: OpSchema } = {
  Abs: unary,
  Add: binary,
  And: binary,
  AveragePool: takes(1, { ...window, dilations: { ...ints, since: 19 }, ceil_mode: int, count_include_pad: int }),
  BatchNormalization: takes(5, { epsilon: float, momentum: float, training_mode: { ...int, since: 14 } }),
  Cast: takes(1, { to: int, saturate: { ...int, since: 19 } }),
  Clip: takes([1, 3]),
  Concat: takes([1, MANY], { axis: int }),
  Constant: { inputs: [0, 0], outputs: [1, 1], attributes: { value: { kind: 'tensor' } } },
  Conv: takes([2, 3], { ...window, group: int }),
  ConvTranspose: takes([2, 3], { ...window, group: int, output_padding: ints, output_shape: ints }),
  DepthToSpace: takes(1, { blocksize: int, mode: string }),
  DequantizeLinear: takes([2, 3], { axis: int }),
  Div: binary,
  Equal: binary,
  Erf: unary,
  Exp: unary,
  Expand: binary,
  Flatten: takes(1, { axis: int }),
  Floor: unary,
  Gather: takes(2, { axis: int }),
  Gemm: takes([2, 3], { alpha: float, beta: float, transA: int, transB: int }),
  GlobalAveragePool: unary,
  Greater: binary,
  GreaterOrEqual: binary,
  Identity: unary,
  InstanceNormalization: takes(3, { epsilon: float }),
  LayerNormalization: {
    ...takes([2, 3], { axis: int, epsilon: float, stash_type: int }),
    outputs: [1, 3],
    since: 17,
  },
  LeakyRelu: takes(1, { alpha: float }),
  Less: binary,
  LessOrEqual: binary,
  Log: unary,
  MatMul: binary,
  Max: variadic,
  MaxPool: { ...takes(1, { ...window, ceil_mode: int, storage_order: int }), outputs: [1, 2] },
  Min: variadic,
  Mul: binary,
  Neg: unary,
  Not: unary,
  PRelu: binary,
  Pad: { ...takes([2, 4], { mode: string }), laterInputs: { after: 3, since: 18 } },
  Pow: binary,
  QuantizeLinear: takes([2, 3], { axis: int, saturate: { ...int, since: 19 } }),
  ReduceMax: reduceByAttribute,
  ReduceMean: reduceByAttribute,
  ReduceSum: takes([1, 2], { keepdims: int, noop_with_empty_axes: int }),
  Relu: unary,
  Reshape: takes(2, { allowzero: { ...int, since: 14 } }),
  Resize: takes([1, 4], {
    antialias: { ...int, since: 18 },
    axes: { ...ints, since: 18 },
    coordinate_transformation_mode: string,
    cubic_coeff_a: float,
    exclude_outside: int,
    extrapolation_value: float,
    keep_aspect_ratio_policy: { ...string, since: 18 },
    mode: string,
    nearest_mode: string,
  }),
  Round: unary,
  Shape: takes(1, { start: { ...int, since: 15 }, end: { ...int, since: 15 } }),
  Sigmoid: unary,
  Sign: unary,
  Slice: takes([3, 5]),
  Softmax: takes(1, { axis: int }),
  Softplus: unary,
  SpaceToDepth: takes(1, { blocksize: int }),
  Split: { ...takes([1, 2], { axis: int, num_outputs: { ...int, since: 18 } }), outputs: [1, MANY] },
  Sqrt: unary,
  Squeeze: takes([1, 2]),
  Sub: binary,
  Tanh: unary,
  Transpose: takes(1, { perm: ints }),
  Unsqueeze: takes(2),
  Where: takes(3),
};
