import { expect, it } from 'vitest';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import type { AttributeInputs } from '../../main/core/onnx/builder.js';
import type { Tensor } from '../../main/core/onnx/model.js';
import { OP_NAMES, type OpName } from '../../main/core/onnx/ops.js';
import { addBackward } from '../../main/core/autodiff/gradient.js';
import { GRADIENT_RULES } from '../../main/core/autodiff/rules/table.js';
import { none } from '../../main/core/autodiff/rules/elementwise.js';
import { float32Tensor, tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import { awayFromZero, between, gradientErrors } from './gradient-check.js';
import { runGraph } from './onnx-runtime.js';

/** Every rule against finite differences, over shapes, strides, pads, groups and broadcasts. */

type Build = (b: GraphBuilder, ...inputs: string[]) => string | string[];

interface Case {
  readonly op: OpName;
  readonly what: string;
  readonly feeds: readonly Tensor[];
  readonly build: Build;
}

const cases: Case[] = [];

function check(op: OpName, what: string, feeds: readonly Tensor[], build: Build): void {
  cases.push({ op, what, feeds, build });
}

const any = (...dims: number[]): Tensor => awayFromZero(dims, dims.length + 1);
const other = (...dims: number[]): Tensor => awayFromZero(dims, dims.length + 51);
const positive = (...dims: number[]): Tensor => between(0.5, 2, dims, 3);
const plain =
  (op: OpName, attributes: AttributeInputs = {}): Build =>
  (b, ...inputs) =>
    b.op(op, inputs, attributes);

for (const op of ['Abs', 'Neg', 'Exp', 'Relu', 'Sigmoid', 'Tanh', 'Softplus', 'Erf', 'Identity'] as const) {
  check(op, 'of 2x3x4', [any(2, 3, 4)], plain(op));
}
check('LeakyRelu', 'of 2x3, alpha 0.2', [any(2, 3)], plain('LeakyRelu', { alpha: 0.2 }));
check('LeakyRelu', 'of 2x3, the default slope', [any(2, 3)], plain('LeakyRelu'));
check('Log', 'of 2x3', [positive(2, 3)], plain('Log'));
check('Sqrt', 'of 2x3', [positive(2, 3)], plain('Sqrt'));
for (const op of ['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min'] as const) {
  const values = op === 'Div' ? positive : other;
  check(op, 'of equal shapes', [any(2, 3, 4), values(2, 3, 4)], plain(op));
  check(op, 'of 2x3x4 and 3x1', [any(2, 3, 4), values(3, 1)], plain(op));
  check(op, 'of 1x4 and 2x3x1', [any(1, 4), values(2, 3, 1)], plain(op));
  check(op, 'of a scalar', [any(2, 3), op === 'Div' ? positive() : float32Tensor([], [0.04])], plain(op));
}
check('Max', 'of three inputs', [any(2, 3), other(3), between(-1, 1, [2, 1], 9)], plain('Max'));
check('Mul', 'of a value with itself', [any(2, 3)], (b, x) => b.op('Mul', [x, x]));
check('Pow', 'of 2x3 and 3', [positive(2, 3), positive(3)], plain('Pow'));
check('Pow', 'of negative numbers squared', [any(2, 3)], (b, x) => b.op('Pow', [x, b.scalar(2)]));
check('PRelu', 'of 2x3x4x4 with a slope per channel', [any(2, 3, 4, 4), positive(3, 1, 1)], plain('PRelu'));
check('Clip', 'to [-0.5, 0.6]', [any(2, 3, 4)], (b, x) => b.op('Clip', [x, b.scalar(-0.5), b.scalar(0.6)]));
check('Clip', 'from below', [any(2, 3, 4)], (b, x) => b.op('Clip', [x, b.scalar(0)]));
check('Clip', 'from above, and the bound', [any(2, 3, 4), between(0.04, 0.05, [], 1)], (b, x, high) =>
  b.op('Clip', [x, undefined, high]),
);
check('Where', 'of 2x3x4 and 4', [any(2, 3, 4), other(4)], (b, x, y) =>
  b.op('Where', [b.constant(tensor('bool', [3, 1], Uint8Array.of(1, 0, 1))), x, y]),
);
check('Cast', 'there and back', [any(2, 3)], (b, x) => b.cast(b.cast(b.op('Mul', [x, x]), 'float64'), 'float32'));

check('Reshape', 'of 2x3x4 to 6x4', [any(2, 3, 4)], (b, x) => b.op('Reshape', [b.op('Mul', [x, x]), b.ints([6, -1])]));
check('Flatten', 'of 2x3x4', [any(2, 3, 4)], plain('Flatten', { axis: 2 }));
check('Squeeze', 'of 1x3x1', [any(1, 3, 1)], (b, x) => b.op('Squeeze', [x, b.ints([0, 2])]));
check('Unsqueeze', 'of 3', [any(3)], (b, x) => b.op('Unsqueeze', [x, b.ints([0, 2])]));
check('Transpose', 'of 2x3x4', [any(2, 3, 4)], plain('Transpose', { perm: [2, 0, 1] }));
check('Expand', 'of 3x1 to 2x3x4', [any(3, 1)], (b, x) => b.op('Expand', [x, b.ints([2, 3, 4])]));
check('DepthToSpace', 'DCR', [any(2, 8, 3, 2)], plain('DepthToSpace', { blocksize: 2 }));
check('DepthToSpace', 'CRD', [any(2, 8, 3, 2)], plain('DepthToSpace', { blocksize: 2, mode: 'CRD' }));
check('SpaceToDepth', 'by 3', [any(1, 2, 6, 3)], plain('SpaceToDepth', { blocksize: 3 }));
check(
  'Concat',
  'of three along 1',
  [any(2, 3, 2), other(2, 1, 2), between(-1, 1, [2, 2, 2], 8)],
  plain('Concat', { axis: 1 }),
);
check('Split', 'in three', [any(2, 6)], (b, x) => b.opMulti('Split', [x, b.ints([1, 2, 3])], { axis: 1 }, 3));
check(
  'Split',
  'of which one part is used',
  [any(2, 6)],
  (b, x) => b.opMulti('Split', [x, b.ints([1, 2, 3])], { axis: -1 }, 3)[1]!,
);
const sliced =
  (starts: number[], ends: number[], axes: number[], steps: number[]): Build =>
  (b, x) =>
    b.op('Slice', [x, b.ints(starts), b.ints(ends), b.ints(axes), b.ints(steps)]);
check('Slice', 'of two axes', [any(4, 5)], sliced([1, -3], [3, -1], [0, 1], [1, 1]));
check('Slice', 'in steps', [any(4, 9)], sliced([1, 2], [4, 9], [0, 1], [2, 3]));
check('Slice', 'backwards', [any(4, 5)], sliced([-1, 4], [-100, 0], [0, 1], [-1, -2]));
for (const [what, dims, indices] of [
  ['of rows, some twice', [3], [2, 0, 2]],
  ['of one row', [], [1]],
  ['by a matrix, from the end', [2, 2], [-1, 1, 0, -3]],
] as const) {
  const values = tensor('int64', dims, BigInt64Array.from(indices, BigInt));
  check('Gather', what, [any(2, 3, 4)], (b, x) => b.op('Gather', [x, b.constant(values)], { axis: 1 }));
}
for (const mode of ['constant', 'reflect', 'edge']) {
  check('Pad', `with mode ${mode}`, [any(1, 2, 4, 5)], (b, x) =>
    b.op('Pad', [x, b.ints([0, 0, 1, 2, 0, 0, 2, 0])], { mode }),
  );
}
check('Pad', 'that cuts', [any(4, 5)], (b, x) => b.op('Pad', [x, b.ints([-1, 1, 0, -2])]));

for (const [what, attributes] of [
  ['over all', { keepdims: 0 }],
  ['over all, kept', {}],
] as const) {
  check('ReduceSum', what, [any(2, 3)], plain('ReduceSum', attributes));
}
check('ReduceSum', 'over two axes', [any(2, 3, 4)], (b, x) => b.op('ReduceSum', [x, b.ints([0, -1])], { keepdims: 0 }));
check('ReduceMean', 'over the last', [any(2, 3, 4)], plain('ReduceMean', { axes: [-1], keepdims: 0 }));
check('ReduceMax', 'over the first', [any(2, 3, 4)], plain('ReduceMax', { axes: [0], keepdims: 0 }));
check('Softmax', 'over the channels', [any(2, 3, 4)], plain('Softmax', { axis: 1 }));

check('MatMul', 'of 2x3 and 3x4', [any(2, 3), other(3, 4)], plain('MatMul'));
check('MatMul', 'with batches that broadcast', [any(2, 1, 3, 2), other(4, 2, 3)], plain('MatMul'));
check('MatMul', 'of a matrix and a vector', [any(2, 3), other(3)], plain('MatMul'));
check('MatMul', 'of a vector and matrices', [any(3), other(2, 3, 4)], plain('MatMul'));
check('MatMul', 'of two vectors', [any(3), other(3)], plain('MatMul'));
for (const transA of [0, 1]) {
  for (const transB of [0, 1]) {
    const feeds = [transA ? any(3, 2) : any(2, 3), transB ? other(4, 3) : other(3, 4), other(4)];
    check('Gemm', `transposed ${transA}${transB}`, feeds, plain('Gemm', { transA, transB, alpha: 0.5, beta: 2 }));
  }
}

check('LayerNormalization', 'over the last', [any(2, 3, 5), other(5), any(5)], plain('LayerNormalization'));
check(
  'LayerNormalization',
  'over two, without bias',
  [any(2, 3, 5), other(3, 5)],
  plain('LayerNormalization', { axis: 1 }),
);
check(
  'InstanceNormalization',
  'of 2x3x4x4',
  [any(2, 3, 4, 4), other(3), any(3)],
  plain('InstanceNormalization', { epsilon: 0.01 }),
);
check(
  'BatchNormalization',
  'of 2x3x4x4',
  [any(2, 3, 4, 4), other(3), any(3), between(-0.2, 0.2, [3], 4), positive(3)],
  plain('BatchNormalization'),
);

for (const [what, x, w, attributes] of [
  ['3x3', [2, 3, 6, 5], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }],
  ['1x1', [2, 3, 4, 5], [4, 3, 1, 1], {}],
  ['padded by more than it reaches', [2, 3, 4, 5], [4, 3, 1, 2], { pads: [1, 2, 0, 3] }],
  ['3x3 of a single pixel, whose other taps see zeros', [3, 2, 1, 1], [4, 2, 3, 3], { pads: [1, 1, 1, 1] }],
  ['5x1 of a single row', [2, 2, 1, 5], [3, 2, 5, 1], { pads: [2, 0, 2, 0] }],
  ['1x5 of a single column', [2, 2, 5, 1], [3, 2, 1, 5], { pads: [0, 2, 0, 2] }],
  ['of a volume', [2, 2, 3, 4, 3], [2, 2, 2, 3, 2], { pads: [1, 1, 0, 0, 1, 1] }],
  ['of 4x4 with stride 2', [2, 3, 8, 6], [4, 3, 4, 4], { strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['1x1 with stride 2', [1, 3, 5, 6], [4, 3, 1, 1], { strides: [2, 2] }],
  ['stride 2, of which pixels are left over', [2, 2, 6, 8], [3, 2, 3, 3], { strides: [2, 2], pads: [1, 1, 0, 0] }],
  ['2x2 with stride 2', [2, 4, 6, 6], [8, 4, 2, 2], { strides: [2, 2] }],
  ['dilated', [1, 2, 9, 9], [2, 2, 3, 3], { dilations: [2, 3], pads: [2, 3, 2, 3] }],
  ['dilated and strided', [1, 2, 10, 11], [2, 2, 3, 2], { dilations: [2, 1], strides: [2, 3], pads: [1, 0, 2, 1] }],
  ['in groups', [2, 4, 5, 5], [6, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }],
  ['per channel, stride 2', [2, 3, 6, 6], [3, 1, 3, 3], { group: 3, strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['SAME_UPPER', [1, 2, 5, 6], [3, 2, 2, 3], { auto_pad: 'SAME_UPPER', strides: [2, 1] }],
  ['of a line', [2, 3, 8], [2, 3, 3], { pads: [1, 1] }],
] as const) {
  check('Conv', `${what}, with bias`, [any(...x), other(...w), any(w[0])], plain('Conv', attributes));
}
check('Conv', 'without bias', [any(1, 2, 4, 4), other(3, 2, 3, 3)], plain('Conv'));
for (const [what, x, w, attributes] of [
  ['2x2 with stride 2', [2, 4, 3, 3], [4, 3, 2, 2], { strides: [2, 2] }],
  [
    '3x3 with pads and output padding',
    [1, 3, 4, 3],
    [3, 2, 3, 3],
    { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
  ],
  ['in groups', [1, 4, 3, 4], [4, 3, 3, 3], { group: 2 }],
  ['dilated', [1, 2, 4, 4], [2, 2, 2, 2], { dilations: [2, 2] }],
] as const) {
  const group = 'group' in attributes ? attributes.group : 1;
  const bias = any(w[1] * group);
  check('ConvTranspose', `${what}, with bias`, [any(...x), other(...w), bias], plain('ConvTranspose', attributes));
}

check('GlobalAveragePool', 'of 2x3x4x5', [any(2, 3, 4, 5)], plain('GlobalAveragePool'));
for (const [what, attributes] of [
  ['2x2', { kernel_shape: [2, 2], strides: [2, 2] }],
  ['3x3 that overlaps, with pads', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['with pads that count', { kernel_shape: [3, 2], pads: [1, 0, 1, 1], count_include_pad: 1 }],
  ['rounded up', { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }],
] as const) {
  check('AveragePool', what, [any(1, 2, 6, 7)], plain('AveragePool', attributes));
  if ('count_include_pad' in attributes) continue;
  // No two values are nearer to each other than a difference moves them.
  const distinct = float32Tensor(
    [1, 2, 6, 7],
    Array.from({ length: 84 }, (_, i) => ((i * 37) % 84) / 10),
  );
  check('MaxPool', what, [distinct], plain('MaxPool', attributes));
}

const resized =
  (scales: number[], attributes: AttributeInputs): Build =>
  (b, x) =>
    b.op('Resize', [x, undefined, b.constant(float32Tensor([scales.length], scales))], attributes);
for (const mode of ['nearest', 'linear']) {
  for (const coordinates of ['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel']) {
    const attributes = { mode, coordinate_transformation_mode: coordinates };
    check('Resize', `${mode}, ${coordinates}, larger`, [any(1, 2, 3, 4)], resized([1, 1, 2, 3], attributes));
    check('Resize', `${mode}, ${coordinates}, smaller`, [any(1, 2, 6, 4)], resized([1, 1, 0.5, 1.5], attributes));
  }
}
check(
  'Resize',
  'nearest with floor',
  [any(1, 2, 3, 4)],
  resized([1, 1, 2, 2], {
    mode: 'nearest',
    nearest_mode: 'floor',
    coordinate_transformation_mode: 'asymmetric',
  }),
);
check('Resize', 'to sizes', [any(1, 2, 3, 4)], (b, x) =>
  b.op('Resize', [x, undefined, undefined, b.ints([1, 2, 5, 7])], { mode: 'linear' }),
);

for (const [what, scale, attributes] of [
  ['one scale', positive(), {}],
  ['a scale per row', positive(2), { axis: 0 }],
  ['a scale per column', positive(3), { axis: -1 }],
] as const) {
  check('DequantizeLinear', `by ${what}`, [scale], (b, s) => {
    const zero = tensor('uint8', scale.dims, new Uint8Array(scale.dims[0] ?? 1).fill(7));
    const x = b.constant(tensor('uint8', [2, 3], Uint8Array.of(3, 9, 200, 7, 0, 255)));
    return b.op('DequantizeLinear', [x, s, b.constant(zero)], attributes);
  });
}

it.each(cases)('$op $what', async ({ feeds, build }) => {
  const b = new GraphBuilder();
  const names = feeds.map(({ dims }, index) => b.input(`x${index}`, 'float32', dims));
  const graph = b.build([build(b, ...names)].flat(), 'case');
  const errors = await gradientErrors(graph, Object.fromEntries(names.map((name, index) => [name, feeds[index]!])));
  for (const { name, error } of errors) expect(error, name).toBeLessThan(2e-3);
});

it('leaves out no operator that has a gradient', () => {
  const checked = new Set(cases.map(({ op }) => op));
  // What rounding passes on is agreed upon: differences of it say nothing. Its tests are in gradient-rounding.
  checked.add('QuantizeLinear');
  expect(OP_NAMES.filter((op) => GRADIENT_RULES[op] !== none && !checked.has(op))).toEqual([]);
});

it.each([
  // To the first of equal pixels of a window, as a running maximum finds it.
  ['MaxPool', plain('MaxPool', { kernel_shape: [2, 2], strides: [2, 2] }), [1, 0, 1, 0, 0, 0, 0, 0]],
  ['ReduceMax', plain('ReduceMax', { axes: [3], keepdims: 0 }), [0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]],
  ['Max', (b: GraphBuilder, x: string) => b.op('Max', [x, b.scalar(3)]), new Array<number>(8).fill(0.5)],
] as const)('%s shares out what equal values get', async (_, build, shares) => {
  const b = new GraphBuilder();
  const graph = b.build([build(b, b.input('x', 'float32', [1, 1, 2, 4]))].flat(), 'equal');
  const feeds = { x: float32Tensor([1, 1, 2, 4], new Array<number>(8).fill(3)) };
  const [y] = [...(await runGraph(graph, feeds)).values()];
  const ones = float32Tensor(
    y!.dims,
    toNumbers(y!).map(() => 1),
  );
  const c = new GraphBuilder();
  const x = c.input('x', 'float32', [1, 1, 2, 4]);
  const values = c.inlineAll(graph, 'net', { x });
  const seeds = new Map([[graph.outputs[0]!.name, c.initializer('ones', ones)]]);
  const gradient = addBackward(c, graph, values, { seeds, wanted: ['x'] }).get('x')!;
  const result = await runGraph(c.build({ d: gradient }, 'gradient'), feeds);
  expect(toNumbers(result.get('d')!)).toEqual(shares);
});
