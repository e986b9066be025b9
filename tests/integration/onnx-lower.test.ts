import { expect, it } from 'vitest';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { encodeModel } from '../../main/core/onnx/codec.js';
import { lowerModel } from '../../main/core/onnx/lower.js';
import { modelOf, type Attribute, type Graph, type Model, type Node, type Tensor } from '../../main/core/onnx/model.js';
import { bindSymbols } from '../../main/core/onnx/shapes.js';
import { float32Tensor, int64Vector, toNumbers } from '../../main/core/onnx/tensor.js';
import { awayFromZero } from './gradient-check.js';
import { runGraph, runModel } from './onnx-runtime.js';

/** Models of other operator sets, and operators without rules, give the same once they are written in ours. */

const int = (value: number): Attribute => ({ kind: 'int', value });
const ints = (...value: number[]): Attribute => ({ kind: 'ints', value });
const float = (value: number): Attribute => ({ kind: 'float', value });
const string = (value: string): Attribute => ({ kind: 'string', value });

const DIMS = [2, 4, 6, 6];
const INPUT = awayFromZero(DIMS, 3);

/** A model of one node, whose second and later inputs are constants. */
function model(opset: number, op: string, attributes: Record<string, Attribute>, constants: readonly Tensor[]): Model {
  const names = constants.map((_, index) => `c${index}`);
  const first = op === 'ConstantOfShape' ? [] : ['x'];
  const main: Node = {
    name: 'n',
    op,
    inputs: [...first, ...names],
    outputs: ['y'],
    attributes: new Map(Object.entries(attributes)),
  };
  const graph: Graph = {
    name: op,
    inputs: [{ name: 'x', type: 'float32', dims: DIMS }],
    outputs: [{ name: 'y', type: 'float32', dims: [] }],
    nodes: [main],
    initializers: new Map(constants.map((value, index) => [names[index]!, value])),
  };
  return { ...modelOf(graph), opset };
}

type Case = readonly [opset: number, op: string, attributes?: Record<string, Attribute>, constants?: readonly Tensor[]];

const CASES: readonly Case[] = [
  [11, 'Squeeze', { axes: ints() }],
  [11, 'Unsqueeze', { axes: ints(0) }],
  [11, 'ReduceSum', { axes: ints(2, 3), keepdims: int(0) }],
  [11, 'ReduceMean', { axes: ints(-1) }],
  [11, 'Softmax', {}],
  [12, 'Softmax', { axis: int(2) }],
  [12, 'Softmax', { axis: int(-1) }],
  [11, 'LogSoftmax', { axis: int(1) }],
  [17, 'LogSoftmax', { axis: int(1) }],
  [18, 'ReduceMean', { keepdims: int(0) }, [int64Vector([1, -1])]],
  [18, 'ReduceMax', {}, [int64Vector([2])]],
  [18, 'ReduceMean', {}],
  [18, 'ReduceMin', {}, [int64Vector([1])]],
  [17, 'ReduceMin', { axes: ints(1), keepdims: int(0) }],
  [18, 'ReduceL2', {}, [int64Vector([1])]],
  [17, 'ReduceL1', { axes: ints(1), keepdims: int(0) }],
  [17, 'ReduceSumSquare', { axes: ints(0) }],
  [18, 'Pad', {}, [int64Vector([1, 2, 3, 4]), float32Tensor([], [0.5]), int64Vector([2, 3])]],
  [19, 'Cast', { to: int(1), saturate: int(1) }],
  [19, 'AveragePool', { kernel_shape: ints(2, 2), dilations: ints(1, 1) }],
  [
    19,
    'Resize',
    { mode: string('linear'), antialias: int(0) },
    [float32Tensor([0], []), float32Tensor([4], [1, 1, 2, 2])],
  ],
  [17, 'Celu', { alpha: float(0.7) }],
  [17, 'Dropout'],
  [17, 'Elu', { alpha: float(0.7) }],
  [20, 'Gelu'],
  [20, 'Gelu', { approximate: string('tanh') }],
  [17, 'HardSigmoid', { alpha: float(0.4) }],
  [17, 'HardSwish'],
  [17, 'Mean', {}, [awayFromZero(DIMS, 4), awayFromZero([6], 5)]],
  [18, 'Mish'],
  [17, 'Reciprocal'],
  [17, 'Selu'],
  [17, 'Softsign'],
  [17, 'Sum', {}, [awayFromZero(DIMS, 4), awayFromZero([6], 5)]],
  [17, 'ConstantOfShape', { value: { kind: 'tensor', value: float32Tensor([1], [3]) } }, [int64Vector([2, 3])]],
];

it.each(CASES.map((entry) => [`opset ${entry[0]} ${entry[1]}`, entry] as const))('%s', async (_, entry) => {
  const [opset, op, attributes = {}, constants = []] = entry;
  const original = model(opset, op, op === 'Squeeze' ? {} : attributes, constants);
  const graph = bindSymbols(lowerModel(original), () => 1);
  const [wanted, got] = [
    await runModel(encodeModel(original), { x: INPUT }),
    await runModel(encodeModel(modelOf(graph)), { x: INPUT }),
  ].map((outputs) => outputs.get('y')!);
  expect(got!.dims).toEqual(wanted!.dims);
  for (const [i, value] of toNumbers(wanted!).entries()) expect(toNumbers(got!)[i]).toBeCloseTo(value, 5);
});

it('refuses other operator sets, and says which to export', () => {
  expect(() => lowerModel(model(9, 'Relu', {}, []))).toThrow('11 to 20 are supported: export it with opset 17');
  expect(() => lowerModel(model(17, 'BatchNormalization', { training_mode: int(1) }, []))).toThrow('model.eval()');
});

it('knows constants that were moved about, as PyTorch does with the pads of a reflection', async () => {
  const b = new GraphBuilder();
  const pads = b.op('Reshape', [b.ints([1, 2, 3, 4, 5, 6, 7, 8]), b.ints([4, 2])]);
  const turned = b.op('Slice', [pads, b.ints([-1]), b.ints([-(2 ** 31)]), b.ints([0]), b.ints([-1])]);
  const values = {
    transposed: b.op('Transpose', [turned], { perm: [1, 0] }),
    sliced: b.op('Slice', [pads, b.ints([1, 1]), b.ints([4, 2]), b.ints([0, 1]), b.ints([2, 1])]),
    expanded: b.op('Expand', [b.op('Reshape', [b.ints([1, 2]), b.ints([2, 1])]), b.ints([2, 2, 3])]),
  };
  const found = Object.entries(values).map(([name, value]) => [name, b.constantOf(value)]);
  const outputs = await runGraph(b.build(values, 'constants'), {});
  expect(found).toEqual([...outputs].map(([name, value]) => [name, toNumbers(value)]));
  expect(b.constantOf(values.transposed)).toEqual([7, 5, 3, 1, 8, 6, 4, 2]);
});
