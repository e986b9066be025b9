import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/core/onnx/builder.js';
import type { Graph } from '../../../../main/core/onnx/model.js';
import { printGraph } from '../../../../main/core/onnx/print.js';
import { inferShapes } from '../../../../main/core/onnx/shapes.js';
import { float32Tensor } from '../../../../main/core/onnx/tensor.js';
import { refusal, zeros } from './graphs.js';

/** y = relu(conv(x)), 3 channels to 3. */
function block(): Graph {
  const b = new GraphBuilder();
  const x = b.input('x', 'float32', ['n', 3, 'h', 'w']);
  const conv = b.op('Conv', [x, b.initializer('weight', zeros(3, 3, 3, 3))], { pads: [1, 1, 1, 1] });
  return b.build({ y: b.op('Relu', [conv]) }, 'block');
}

it('builds a graph that reads like its code', () => {
  const b = new GraphBuilder();
  const x = b.input('x', 'float32', [1, 6, 16, 24]);
  const head = b.op(
    'Conv',
    [x, b.initializer('w', zeros(8, 6, 4, 4))],
    { strides: [2, 2], pads: [1, 1, 1, 1] },
    'head',
  );
  const [left, right] = b.opMulti('Split', [head], { axis: 1 }, 2, 'half') as [string, string];
  const sum = b.op('Add', [left, b.op('Mul', [right, b.scalar(0.5)])]);
  const y = b.op('Clip', [sum, undefined, b.scalar(1)]);
  expect(printGraph(b.build({ y: b.op('LeakyRelu', [y], { alpha: 0.2 }) }, 'example'))).toMatchInlineSnapshot(`
    "example(%x: float32[1,6,16,24]) -> (%y: float32[1,4,8,12])
      %head = Conv(%x, %w[8x6x4x4]) {strides=[2,2], pads=[1,1,1,1]} : float32[1,8,8,12]
      %half_0, %half_1 = Split(%head) {axis=1} : float32[1,4,8,12], float32[1,4,8,12]
      %mul = Mul(%half_1, 0.5) : float32[1,4,8,12]
      %add = Add(%half_0, %mul) : float32[1,4,8,12]
      %clip = Clip(%add, _, 1) : float32[1,4,8,12]
      %y = LeakyRelu(%clip) {alpha=0.2} : float32[1,4,8,12]"
  `);
});

it('leaves types out of a printed graph of free sizes', () => {
  expect(printGraph(block())).toMatchInlineSnapshot(`
    "block(%x: float32[n,3,h,w]) -> (%y: float32[y_dim_0,3,y_dim_2,y_dim_3])
      %conv = Conv(%x, %weight[3x3x3x3]) {pads=[1,1,1,1]}
      %y = Relu(%conv)"
  `);
});

describe('merging graphs', () => {
  it('prefixes names and shares the weights of one graph', () => {
    const b = new GraphBuilder();
    const x = b.input('x', 'float32', [1, 3, 8, 8]);
    const inner = block();
    const first = b.inline(inner, 'first', { x });
    const second = b.inline(inner, 'second', { x: first.get('y')! });
    const graph = b.build({ result: second.get('y')! }, 'twice');
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "twice(%x: float32[1,3,8,8]) -> (%result: float32[1,3,8,8])
        %first/conv = Conv(%x, %first/weight[3x3x3x3]) {pads=[1,1,1,1]} : float32[1,3,8,8]
        %first/y = Relu(%first/conv) : float32[1,3,8,8]
        %second/conv = Conv(%first/y, %first/weight[3x3x3x3]) {pads=[1,1,1,1]} : float32[1,3,8,8]
        %result = Relu(%second/conv) : float32[1,3,8,8]"
    `);
    expect([...graph.initializers.keys()]).toEqual(['first/weight']);
  });

  it('keeps names apart when a prefix is used twice', () => {
    const b = new GraphBuilder();
    const x = b.input('x', 'float32', [1, 3, 8, 8]);
    const once = b.inline(block(), 'block', { x }).get('y')!;
    const twice = b.inline(block(), 'block', { x: once }).get('y')!;
    expect([once, twice]).toEqual(['block/y', 'block/y_2']);
    expect(inferShapes(b.build([twice], 'twice')).get('block/y_2')!.dims).toEqual([1, 3, 8, 8]);
  });

  it('needs every input', () => {
    const b = new GraphBuilder();
    expect(refusal(() => b.inline(block(), 'block', {}))).toBe("model/invalid: block: its input 'x' was not given");
  });
});

describe('outputs', () => {
  const started = (): { b: GraphBuilder; x: string; y: string } => {
    const b = new GraphBuilder();
    const x = b.input('x', 'float32', [2]);
    return { b, x, y: b.op('Neg', [x], {}, 'y') };
  };
  const outputs = (graph: Graph): string[] => graph.outputs.map(({ name }) => name);

  it('bring only what they need', () => {
    const { b, y } = started();
    b.op('Add', [y, b.scalar(3)]);
    const graph = b.build([y], 'live');
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Neg']);
    expect(graph.initializers.size).toBe(0);
  });

  it('may name a value twice, an input or a weight', () => {
    const { b, x, y } = started();
    const w = b.initializer('w', zeros(2));
    const graph = b.build({ y, again: y, input: x, weight: w }, 'copies');
    expect(outputs(graph)).toEqual(['y', 'again', 'input', 'weight']);
    expect(graph.nodes.filter(({ op }) => op === 'Identity')).toHaveLength(3);
  });

  it('may take the name of a value inside, or swap names', () => {
    const { b, y } = started();
    const z = b.op('Abs', [y], {}, 'z');
    expect(printGraph(b.build({ y: z }, 'taken'))).toMatchInlineSnapshot(`
      "taken(%x: float32[2]) -> (%y: float32[2])
        %y_2 = Neg(%x) : float32[2]
        %y = Abs(%y_2) : float32[2]"
    `);
    expect(printGraph(b.build({ y: z, z: y }, 'swapped'))).toMatchInlineSnapshot(`
      "swapped(%x: float32[2]) -> (%y: float32[2], %z: float32[2])
        %z = Neg(%x) : float32[2]
        %y = Abs(%z) : float32[2]"
    `);
  });

  it('may not take the name of an input', () => {
    const { b, y } = started();
    expect(refusal(() => b.build({ x: y }, 'taken'))).toBe("model/invalid: the name 'x' is already in use");
  });

  it('get symbols for sizes that depend on free ones', () => {
    expect(block().outputs).toEqual([{ name: 'y', type: 'float32', dims: ['y_dim_0', 3, 'y_dim_2', 'y_dim_3'] }]);
  });
});

describe('constants', () => {
  it('that are equal are one, but weights stay themselves', () => {
    const b = new GraphBuilder();
    const weight = b.initializer('bias', zeros(2));
    expect(b.scalar(2)).toBe(b.scalar(2));
    expect(b.scalar(2)).not.toBe(b.scalar(2, 'int64'));
    expect(b.scalar(0)).not.toBe(b.scalar(-0));
    expect(b.ints([1, 2])).toBe(b.ints([1, 2]));
    expect(b.constant(zeros(2))).toBe(b.constant(zeros(2)));
    expect(b.constant(zeros(2))).not.toBe(weight);
    expect(b.constant(zeros(1, 2))).not.toBe(b.constant(zeros(2)));
  });

  it('are cast only if they must be', () => {
    const b = new GraphBuilder();
    const one = b.scalar(1);
    expect(b.cast(one, 'float32')).toBe(one);
    expect(b.typeOf(b.cast(one, 'bool'))).toEqual({ type: 'bool', dims: [] });
  });
});

describe('mistakes are reported where they are made', () => {
  const b = new GraphBuilder();
  const x = b.input('x', 'float32', [1, 3, 8, 8]);
  const free = b.input('free', 'float32', ['n']);
  it.each([
    [
      'a shape',
      () => b.op('Conv', [x, b.initializer('w', zeros(4, 2, 3, 3))]),
      'weight is 4x2x3x3, input has 3 channels',
    ],
    ['a value', () => b.op('Relu', ['z']), "its input 'z' does not exist"],
    ['an attribute', () => b.op('Relu', [x], { alpha: 1 }), "Relu: attribute 'alpha' is not known"],
    ['its kind', () => b.op('Softmax', [x], { axis: 0.5 }), "Softmax: attribute 'axis' is not int"],
    ['an input name', () => b.input('x', 'float32', [1]), "the name 'x' is already in use"],
    ['a type asked for too early', () => b.typeOf(b.op('Neg', [free])), 'its shape depends on free input sizes'],
    ['a type of nothing', () => b.typeOf('z'), 'there is no such value'],
  ])('%s', (_what, action, message) => {
    expect(refusal(action)).toContain(message);
  });
});

it('is not confused by what is built after it', () => {
  const b = new GraphBuilder();
  const y = b.op('Neg', [b.input('x', 'float32', [2])]);
  const first = b.build({ y }, 'first');
  const before = printGraph(first);
  b.build({ z: b.op('Add', [y, b.constant(float32Tensor([2], [1, 2]))]) }, 'second');
  expect(printGraph(first)).toBe(before);
});
