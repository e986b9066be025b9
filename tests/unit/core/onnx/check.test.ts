import { describe, expect, it } from 'vitest';
import { checkModel } from '../../../../main/core/onnx/check.js';
import { modelOf, type Attribute, type Graph } from '../../../../main/core/onnx/model.js';
import { int64Vector } from '../../../../main/core/onnx/tensor.js';
import { graphOf, node, refusal, zeros } from './graphs.js';

const int = (value: number): Attribute => ({ kind: 'int', value });
const ints = (...value: number[]): Attribute => ({ kind: 'ints', value });
const relu = node('Relu', ['x'], ['y']);

describe('a graph is refused', () => {
  const cases: readonly [what: string, graph: Graph, message: string][] = [
    [
      'for a name defined twice',
      graphOf([relu, node('Abs', ['x'], ['y'], {}, 'again')]),
      "model/invalid: again (Abs): the name 'y' is defined twice",
    ],
    [
      'for a node named as a weight',
      graphOf([relu], { y: zeros(1) }),
      "model/invalid: y (Relu): the name 'y' is defined twice",
    ],
    [
      'for a missing input',
      graphOf([node('Add', ['x', 'nothing'], ['y'], {}, 'sum')]),
      "model/invalid: sum (Add): its input 'nothing' does not exist",
    ],
    ['for a missing output', graphOf([node('Relu', ['x'], ['z'])]), "model/invalid: nothing produces the output 'y'"],
    ['without outputs', graphOf([relu], {}, { outputs: [] }), 'model/invalid: the model has no outputs'],
    [
      'for an output listed twice',
      graphOf([relu], {}, { outputs: [...graphOf([]).outputs, ...graphOf([]).outputs] }),
      "model/invalid: the output 'y' is listed twice",
    ],
    [
      'for a cycle',
      graphOf([node('Add', ['x', 'b'], ['a'], {}, 'first'), node('Relu', ['a'], ['b']), node('Neg', ['b'], ['y'])]),
      'model/invalid: the graph has a cycle: first (Add) <- b (Relu)',
    ],
    [
      'for an unknown operator',
      graphOf([node('Einsum', ['x'], ['y'], {}, 'attention')]),
      'model/unsupported-op: attention (Einsum): the operator is not supported',
    ],
    [
      'for too few inputs',
      graphOf([node('Conv', ['x'], ['y'])]),
      'model/invalid: y (Conv): it has 1 inputs, but takes 2 to 3',
    ],
    [
      'for an omitted input',
      graphOf([node('Add', ['x', ''], ['y'])]),
      'model/invalid: y (Add): a required input is missing',
    ],
    [
      'for too many outputs',
      graphOf([node('Relu', ['x'], ['y', 'z'])]),
      'model/invalid: y (Relu): it has 2 outputs, but gives 1',
    ],
    [
      'for an unknown attribute',
      graphOf([node('Relu', ['x'], ['y'], { constructor: int(1) })]),
      "model/invalid: y (Relu): attribute 'constructor' is not known in operator set 17",
    ],
    [
      'for an attribute of the wrong kind',
      graphOf([node('Softmax', ['x'], ['y'], { axis: ints(1) })]),
      "model/invalid: y (Softmax): attribute 'axis' is ints, not int",
    ],
    [
      'for a missing attribute',
      graphOf([node('Concat', ['x', 'x'], ['y'])]),
      "model/invalid: y (Concat): attribute 'axis' is missing",
    ],
    [
      'for channels that do not match',
      graphOf([node('Conv', ['x', 'w'], ['y'], {}, 'conv1')], { w: zeros(64, 32, 3, 3) }),
      'model/shape: conv1 (Conv): weight is 64x32x3x3, input has 3 channels',
    ],
    [
      'for a bias that does not match',
      graphOf([node('Conv', ['x', 'w', 'b'], ['y'])], { w: zeros(4, 3, 3, 3), b: zeros(3) }),
      'model/shape: y (Conv): bias is 3, but there are 4 output channels',
    ],
    [
      'for groups that do not match',
      graphOf([node('Conv', ['x', 'w'], ['y'], { group: int(2) })], { w: zeros(4, 3, 3, 3) }),
      'model/shape: y (Conv): weight is 4x3x3x3 in 2 groups, input has 3 channels',
    ],
    [
      'for pads of the wrong length',
      graphOf([node('Conv', ['x', 'w'], ['y'], { pads: ints(1, 1) })], { w: zeros(4, 3, 3, 3) }),
      'model/shape: y (Conv): pads [1, 1] must have 4 entries',
    ],
    [
      'for a stride of zero',
      graphOf([node('Conv', ['x', 'w'], ['y'], { strides: ints(0, 1) })], { w: zeros(4, 3, 3, 3) }),
      'model/shape: y (Conv): strides may not be 0',
    ],
    [
      'for a kernel that is not the weight',
      graphOf([node('Conv', ['x', 'w'], ['y'], { kernel_shape: ints(5, 5) })], { w: zeros(4, 3, 3, 3) }),
      "model/shape: y (Conv): kernel_shape is 5x5, the weight's kernel is 3x3",
    ],
    [
      'for a kernel larger than its input',
      graphOf([node('Conv', ['x', 'w'], ['y'])], { w: zeros(4, 3, 9, 3) }),
      'model/shape: y (Conv): input 1x3x8x8 is smaller than its 9x3 kernel',
    ],
    [
      'for shapes that do not broadcast',
      graphOf([node('Add', ['x', 'w'], ['y'])], { w: zeros(4, 1, 1) }),
      'model/shape: y (Add): 1x3x8x8 and 4x1x1 do not broadcast',
    ],
    [
      'for element types that differ',
      graphOf([node('Mul', ['x', 'w'], ['y'])], { w: int64Vector([2]) }),
      'model/shape: y (Mul): inputs must have one element type, not float32 and int64',
    ],
    [
      'for a product that does not fit',
      graphOf([node('MatMul', ['x', 'w'], ['y'])], { w: zeros(7, 2) }),
      'model/shape: y (MatMul): 1x3x8x8 and 7x2 do not multiply: 8 columns, 7 rows',
    ],
    [
      'for an impossible reshape',
      graphOf([node('Reshape', ['x', 's'], ['y'])], { s: int64Vector([5, -1]) }),
      'model/shape: y (Reshape): 1x3x8x8 cannot be reshaped to [5, -1]',
    ],
    [
      'for a shape that only a run can tell',
      graphOf([node('Cast', ['x'], ['s'], { to: int(7) }), node('Reshape', ['x', 's'], ['y'])]),
      "model/shape: y (Reshape): the new shape ('s') must be constant to know the output's shape",
    ],
    [
      'for an axis out of range',
      graphOf([node('Softmax', ['x'], ['y'], { axis: int(4) })]),
      'model/shape: y (Softmax): axis 4 is out of range for 4 dimensions',
    ],
    [
      'for channels that make no blocks',
      graphOf([node('DepthToSpace', ['x'], ['y'], { blocksize: int(2) })]),
      'model/shape: y (DepthToSpace): 3 channels do not divide into blocks of 2x2',
    ],
    [
      'for an output of another shape',
      graphOf([node('Transpose', ['x'], ['y'])]),
      "model/shape: output 'y' is declared 1x3x8x8, but is 8x8x3x1",
    ],
    [
      'for an output of another type',
      graphOf([node('Greater', ['x', 'x'], ['y'])]),
      "model/shape: output 'y' is declared float32, but is bool",
    ],
    [
      'for batch statistics in training mode',
      graphOf([node('BatchNormalization', ['x', 'c', 'c', 'c', 'c'], ['y'], { training_mode: int(1) })], {
        c: zeros(3),
      }),
      'model/unsupported-op: y (BatchNormalization): training_mode is not supported',
    ],
  ];
  it.each(cases)('%s', (_what, graph, message) => {
    expect(
      refusal(() => {
        checkModel(graph);
      }),
    ).toBe(message);
  });
});

describe('operator sets', () => {
  const graph = graphOf([relu]);
  it('outside the supported range are refused', () => {
    const message = 'model/invalid: the model uses operator set 12; 13 to 20 are supported';
    expect(
      refusal(() => {
        checkModel({ ...modelOf(graph), opset: 12 });
      }),
    ).toBe(message);
    expect(
      refusal(() => {
        checkModel({ ...modelOf(graph), opset: Number.NaN });
      }),
    ).toContain('operator set NaN');
  });

  it('decide where the axes of a mean are given', () => {
    const reduced = { outputs: [{ name: 'y', type: 'float32', dims: [1, 1, 8, 8] }] } as const;
    const byAttribute = graphOf([node('ReduceMean', ['x'], ['y'], { axes: ints(1) })], {}, reduced);
    const byInput = graphOf([node('ReduceMean', ['x', 'a'], ['y'])], { a: int64Vector([1]) }, reduced);
    checkModel({ ...modelOf(byAttribute), opset: 17 });
    checkModel({ ...modelOf(byInput), opset: 18 });
    expect(
      refusal(() => {
        checkModel({ ...modelOf(byAttribute), opset: 18 });
      }),
    ).toContain("attribute 'axes' is not known");
    expect(
      refusal(() => {
        checkModel({ ...modelOf(byInput), opset: 17 });
      }),
    ).toContain('it has 2 inputs, but takes 1');
  });

  it('decide whether an operator exists', () => {
    const normalized = graphOf([node('LayerNormalization', ['x', 'w'], ['y'])], { w: zeros(8) });
    expect(
      refusal(() => {
        checkModel({ ...modelOf(normalized), opset: 16 });
      }),
    ).toContain('it needs operator set 17');
  });
});

it('accepts nodes in any order, as long as there is one that works', () => {
  checkModel(graphOf([node('Neg', ['a'], ['y']), node('Relu', ['x'], ['a'])]));
});

it('tries free sizes, which rarely are what a network divides badly', () => {
  const free = { inputs: [{ name: 'x', type: 'float32', dims: ['n', 3, 'h', 'w'] }] } as const;
  const shuffled = node('SpaceToDepth', ['x'], ['y'], { blocksize: int(5) });
  checkModel(
    graphOf([shuffled], {}, { ...free, outputs: [{ name: 'y', type: 'float32', dims: ['n', 75, 'a', 'b'] }] }),
  );
  const conv = graphOf([node('Conv', ['x', 'w'], ['y'])], { w: zeros(4, 2, 3, 3) }, free);
  expect(
    refusal(() => {
      checkModel(conv);
    }),
  ).toBe('model/shape: y (Conv): weight is 4x2x3x3, input has 3 channels');
});
