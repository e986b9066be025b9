import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, type AttributeInputs } from '../../main/core/onnx/builder.js';
import { checkModel } from '../../main/core/onnx/check.js';
import { modelOf, type Attribute, type ElementType, type Graph, type Tensor } from '../../main/core/onnx/model.js';
import { OP_NAMES, type OpName } from '../../main/core/onnx/ops.js';
import { inferShapes } from '../../main/core/onnx/shapes.js';
import { float32Tensor, int64Vector, scalarTensor, tensor } from '../../main/core/onnx/tensor.js';
import { noiseFeeds, noiseTensor, runGraph, runModel } from './onnx-runtime.js';

/** An input fed at run time: its dims, or its type and dims. */
type Fed = readonly number[] | readonly [ElementType, ...number[]];
interface Constant {
  readonly constant: Tensor;
}
type Input = Fed | Constant | undefined;
type Case = readonly [op: OpName, inputs: readonly Input[], attributes?: AttributeInputs, outputs?: number];

const ints = (...values: number[]): Constant => ({ constant: int64Vector(values) });
const floats = (...values: number[]): Constant => ({ constant: float32Tensor([values.length], values) });
const scalar = (value: number): Constant => ({ constant: scalarTensor('float32', value) });
const weight = (...dims: number[]): Constant => ({ constant: noiseTensor('float32', dims) });
const image = [1, 4, 9, 12];

const UNARY: readonly OpName[] = [
  ...(['Abs', 'Erf', 'Exp', 'Floor', 'Identity', 'LeakyRelu', 'Log', 'Neg', 'Relu', 'Round'] as const),
  ...(['Sigmoid', 'Sign', 'Softplus', 'Sqrt', 'Tanh'] as const),
];
const BINARY: readonly OpName[] = [
  ...(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Min', 'Max', 'Equal', 'Greater', 'Less'] as const),
  ...(['GreaterOrEqual', 'LessOrEqual', 'PRelu'] as const),
];

// One line per case is easier to read than one line per number.
// oxfmt-ignore
const CASES: readonly Case[] = [
  ...UNARY.map((op): Case => [op, [[2, 3, 4]]]),
  ...BINARY.map((op): Case => [op, [[2, 3, 4, 5], [4, 1]]]),
  ['Add', [[3, 1], [2, 1, 4]]],
  ['Max', [[3, 1], [1, 4], [2, 1, 1]]],
  ['Pow', [[3, 2], ['int64', 2]]],
  ['And', [['bool', 3, 1], ['bool', 4]]],
  ['Not', [['bool', 3]]],
  ['Where', [['bool', 3, 1], [1, 4], [2, 1, 1]]],
  ['Clip', [[2, 3], scalar(0), scalar(1)]],
  ['Clip', [[2, 3], undefined, scalar(1)]],
  ['Clip', [['uint8', 2, 3]]],
  ...[2, 7, 11, 9, 10].map((to): Case => ['Cast', [[2, 3]], { to }]),
  ['Concat', [[2, 3, 4], [2, 5, 4]], { axis: 1 }],
  ['Concat', [['int64', 2], ['int64', 3]], { axis: -1 }],
  ['Constant', [], { value: float32Tensor([2, 2], [1, 2, 3, 4]) }],
  ['Shape', [image]],
  ['Shape', [image], { start: 1, end: -1 }],
  ['Conv', [image, weight(6, 4, 3, 3)]],
  ['Conv', [image, weight(6, 4, 3, 3), weight(6)], { pads: [1, 1, 1, 1], strides: [2, 2] }],
  ['Conv', [image, weight(6, 2, 3, 2)], { group: 2, dilations: [2, 3], pads: [0, 1, 2, 3] }],
  ['Conv', [image, weight(6, 4, 4, 4)], { auto_pad: 'SAME_UPPER', strides: [2, 2] }],
  ['Conv', [image, weight(6, 4, 3, 3)], { auto_pad: 'SAME_LOWER', strides: [3, 2] }],
  ['Conv', [image, weight(6, 4, 3, 3)], { auto_pad: 'VALID', strides: [2, 1] }],
  ['Conv', [[2, 3, 10], weight(5, 3, 4)], { strides: [3] }],
  ['Conv', [image, [6, 4, 1, 1]]],
  ['ConvTranspose', [image, weight(4, 3, 2, 2)], { strides: [2, 2] }],
  ['ConvTranspose', [image, weight(4, 3, 4, 4), weight(3)], { strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['ConvTranspose', [image, weight(4, 2, 3, 3)], { group: 2, strides: [3, 2], output_padding: [2, 1], pads: [1, 0, 0, 2] }],
  ['ConvTranspose', [image, weight(4, 3, 3, 3)], { strides: [2, 2], output_shape: [18, 25] }],
  ['ConvTranspose', [image, weight(4, 3, 3, 3)], { strides: [2, 2], auto_pad: 'SAME_UPPER' }],
  ['ConvTranspose', [image, weight(4, 3, 3, 3)], { dilations: [2, 2] }],
  ['AveragePool', [image], { kernel_shape: [2, 3], strides: [2, 2] }],
  ['AveragePool', [image], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1, pads: [1, 1, 1, 1] }],
  ['AveragePool', [image], { kernel_shape: [2, 2], strides: [3, 3], ceil_mode: 1, pads: [0, 0, 1, 1] }],
  ['AveragePool', [image], { kernel_shape: [3, 3], auto_pad: 'SAME_UPPER', strides: [2, 2] }],
  ['MaxPool', [image], { kernel_shape: [3, 3], strides: [2, 2], dilations: [2, 1], ceil_mode: 1 }],
  ['MaxPool', [image], { kernel_shape: [2, 2] }, 2],
  ['GlobalAveragePool', [image]],
  ['DepthToSpace', [[2, 12, 3, 4]], { blocksize: 2, mode: 'CRD' }],
  ['DepthToSpace', [[2, 18, 3, 4]], { blocksize: 3 }],
  ['SpaceToDepth', [[2, 3, 6, 4]], { blocksize: 2 }],
  ['Gemm', [[3, 4], [4, 5]]],
  ['Gemm', [[4, 3], [5, 4], [5]], { transA: 1, transB: 1, alpha: 2, beta: 0.5 }],
  ['MatMul', [[3, 4], [4, 5]]],
  ['MatMul', [[2, 1, 3, 4], [6, 4, 5]]],
  ['MatMul', [[4], [2, 4, 5]]],
  ['MatMul', [[2, 3, 4], [4]]],
  ['MatMul', [[4], [4]]],
  ['Reshape', [[2, 3, 4], ints(0, -1)]],
  ['Reshape', [[2, 3, 4], ints(4, 1, 6)]],
  ['Reshape', [[1], ints()]],
  ['Flatten', [[2, 3, 4]]],
  ['Flatten', [[2, 3, 4]], { axis: 3 }],
  ['Flatten', [[2, 3, 4]], { axis: -1 }],
  ['Flatten', [[2, 3, 4]], { axis: 0 }],
  ['Transpose', [[2, 3, 4]]],
  ['Transpose', [[2, 3, 4]], { perm: [1, 2, 0] }],
  ['Squeeze', [[1, 3, 1, 4]]],
  ['Squeeze', [[1, 3, 1, 4], ints(-2)]],
  ['Unsqueeze', [[3, 4], ints(0, -1, 2)]],
  ['Expand', [[3, 1], ints(2, 1, 4)]],
  ['Gather', [[3, 4, 5], ['int64', 2, 2]], { axis: 1 }],
  ['Gather', [[3, 4, 5], { constant: scalarTensor('int64', 1) }], { axis: -1 }],
  ['Pad', [[2, 3], ints(1, 0, 2, 3)]],
  ['Pad', [[2, 3], ints(1, -1, 0, 0), scalar(7)]],
  ['Pad', [[5, 6], ints(1, 2, 3, 4)], { mode: 'reflect' }],
  ['Pad', [[5, 6], ints(1, 2, 3, 4)], { mode: 'edge' }],
  ['Slice', [[5, 6, 7], ints(1, -3), ints(4, 2 ** 62), ints(0, -1)]],
  ['Slice', [[5, 6], ints(-1, 4), ints(-(2 ** 62), 1), ints(0, 1), ints(-1, -2)]],
  ['Slice', [[5, 6], ints(0, 1), ints(9, 9), undefined, ints(2, 3)]],
  ['Slice', [[5, 6], ints(4), ints(2)]],
  ['Split', [[6, 4]], { axis: 0 }, 3],
  ['Split', [[6, 4], ints(1, 5)], {}, 2],
  ['Split', [[6, 4], ints(3, 1)], { axis: -1 }, 2],
  ['ReduceSum', [[2, 3, 4]]],
  ['ReduceSum', [[2, 3, 4], ints(0, -1)], { keepdims: 0 }],
  ['ReduceSum', [[2, 3, 4], ints()], { noop_with_empty_axes: 1 }],
  ['ReduceMean', [[2, 3, 4]], { axes: [1] }],
  ['ReduceMax', [[2, 3, 4]], { axes: [-1, 0], keepdims: 0 }],
  ['ReduceMax', [[2, 3, 4]], { keepdims: 0 }],
  ['Softmax', [[2, 3, 4]], { axis: 1 }],
  ['BatchNormalization', [image, weight(4), weight(4), weight(4), weight(4)]],
  ['InstanceNormalization', [image, weight(4), weight(4)]],
  ['LayerNormalization', [image, weight(12), weight(12)]],
  ['LayerNormalization', [image, weight(9, 12)], { axis: 2 }, 3],
  ['Resize', [image, undefined, floats(1, 1, 2, 2)]],
  ['Resize', [image, undefined, floats(1, 1, 0.4, 1.7)], { mode: 'linear' }],
  ['Resize', [image, undefined, undefined, ints(1, 4, 5, 20)], { mode: 'cubic' }],
  ['QuantizeLinear', [image, scalar(0.1)]],
  ['QuantizeLinear', [image, scalar(0.1), { constant: scalarTensor('int8', -3) }]],
  ['QuantizeLinear', [image, weight(4), { constant: tensor('uint8', [4], Uint8Array.of(1, 2, 3, 4)) }]],
  ['QuantizeLinear', [image, weight(9)], { axis: -2 }],
  ['DequantizeLinear', [['uint8', 2, 3], scalar(0.1)], {}],
  ['DequantizeLinear', [['int8', 2, 3], weight(2), { constant: tensor('int8', [2], Int8Array.of(1, 2)) }], { axis: 0 }],
  ['DequantizeLinear', [['int32', 3], weight(3)], { axis: 0 }],
];

describe('shape inference agrees with the runtime', () => {
  it.each(CASES.map((row) => ({ title: titleOf(row), row })))('$title', async ({ row }) => {
    const [op, inputs, attributes = {}, outputs = 1] = row;
    const b = new GraphBuilder();
    const names = inputs.map((input, index) => {
      if (input === undefined) return undefined;
      if ('constant' in input) return b.constant(input.constant);
      const [first, ...rest] = input;
      return typeof first === 'string'
        ? b.input(`x${index}`, first, rest)
        : b.input(`x${index}`, 'float32', input as number[]);
    });
    const graph = b.build(b.opMulti(op, names, attributes, outputs, 'y'), 'single');
    await expectSameShapes(graph);
  });

  it('for every operator', () => {
    expect([...new Set(CASES.map(([op]) => op))].sort()).toEqual([...OP_NAMES].sort());
  });
});

function titleOf([op, inputs, attributes = {}]: Case): string {
  const shown = inputs.map((input) => {
    if (input === undefined) return '_';
    return 'constant' in input ? `const[${input.constant.dims.join(',')}]` : `[${input.join(',')}]`;
  });
  const options = Object.entries(attributes).map(
    ([name, value]) => `${name}=${typeof value === 'object' && 'data' in value ? 'tensor' : String(value)}`,
  );
  return `${op}(${shown.join(', ')}) ${options.join(' ')}`;
}

async function expectSameShapes(graph: Graph): Promise<void> {
  const found = await runGraph(graph, noiseFeeds(graph));
  const inferred = inferShapes(graph);
  for (const { name, type, dims } of graph.outputs) {
    expect(inferred.get(name)).toEqual({ type, dims });
    const { type: ranType, dims: ranDims } = found.get(name)!;
    expect({ type: ranType, dims: ranDims }).toEqual({ type, dims });
  }
}

describe('operator set 18', () => {
  const later: readonly [OpName, readonly number[], readonly Tensor[], Record<string, Attribute>, number][] = [
    ['ReduceMean', [2, 3, 4], [int64Vector([1])], { keepdims: { kind: 'int', value: 0 } }, 1],
    ['ReduceMax', [2, 3, 4], [int64Vector([-1, 0])], {}, 1],
    ['ReduceMax', [2, 3, 4], [], { noop_with_empty_axes: { kind: 'int', value: 1 } }, 1],
    ['Split', [7, 2], [], { num_outputs: { kind: 'int', value: 3 } }, 3],
    ['Pad', [3, 4], [int64Vector([1, 2]), scalarTensor('float32', 0), int64Vector([-1])], {}, 1],
  ];
  it.each(later)('%s %s', async (op, dims, constants, attributes, outputs) => {
    const names = Array.from({ length: outputs }, (_, index) => `y${index}`);
    const initializers = new Map(constants.map((constant, index) => [`c${index}`, constant]));
    const graph: Graph = {
      name: 'single',
      inputs: [{ name: 'x', type: 'float32', dims }],
      outputs: names.map((name) => ({ name, type: 'float32', dims: [] })),
      initializers,
      nodes: [
        {
          name: 'n',
          op,
          inputs: ['x', ...initializers.keys()],
          outputs: names,
          attributes: new Map(Object.entries(attributes)),
        },
      ],
    };
    const types = inferShapes(graph);
    const typed = { ...graph, outputs: names.map((name) => ({ name, ...types.get(name)! })) };
    const model = { ...modelOf(typed), opset: 18 };
    checkModel(model);
    const found = await runModel(model, noiseFeeds(typed));
    for (const { name, dims: inferred } of typed.outputs) expect(found.get(name)!.dims).toEqual(inferred);
  });
});

describe('random stacks of convolutions', () => {
  const layer = fc.record({
    op: fc.constantFrom('Conv', 'ConvTranspose', 'MaxPool', 'AveragePool'),
    kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    pads: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 4, maxLength: 4 }),
    channels: fc.integer({ min: 1, max: 5 }),
    dilation: fc.integer({ min: 1, max: 2 }),
  });
  const sizes = fc.tuple(fc.integer({ min: 24, max: 40 }), fc.integer({ min: 24, max: 40 }));

  it('have the shapes that the runtime gives them', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(layer, { minLength: 1, maxLength: 3 }), async ([height, width], layers) => {
        const b = new GraphBuilder();
        let x = b.input('x', 'float32', [1, 3, height, width]);
        for (const { op, kernel, strides, pads, channels, dilation } of layers) {
          const isPool = op.endsWith('Pool');
          // The runtime refuses pads as large as the kernel in pooling, and pools of operator set 17 do not dilate.
          const window = { strides, pads: isPool ? pads.map((p, i) => Math.min(p, kernel[i % 2]! - 1)) : pads };
          const inChannels = b.typeOf(x).dims[1]!;
          const dims = op === 'Conv' ? [channels, inChannels, ...kernel] : [inChannels, channels, ...kernel];
          x = isPool
            ? b.op(op, [x], { ...window, kernel_shape: kernel })
            : b.op(op, [x, b.initializer('w', noiseTensor('float32', dims))], {
                ...window,
                dilations: [dilation, dilation],
              });
          // Too small for the largest dilated kernel, or slow.
          if (
            b
              .typeOf(x)
              .dims.slice(2)
              .some((dim) => dim < 7 || dim > 200)
          )
            break;
        }
        await expectSameShapes(b.build([x], 'stack'));
      }),
      { numRuns: 200, seed: 11 },
    );
  });
});
