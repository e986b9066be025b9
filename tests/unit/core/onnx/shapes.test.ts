import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/core/onnx/builder.js';
import type { Dim, Graph } from '../../../../main/core/onnx/model.js';
import { bindInputShapes, inferShapes } from '../../../../main/core/onnx/shapes.js';
import { int64Vector, scalarTensor } from '../../../../main/core/onnx/tensor.js';
import { graphOf, node, refusal, zeros } from './graphs.js';

function twoImages(second: readonly Dim[]): Graph {
  return graphOf(
    [node('Sub', ['image', 'sigma'], ['y'])],
    {},
    {
      inputs: [
        { name: 'image', type: 'float32', dims: ['n', 3, 'h', 'w'] },
        { name: 'sigma', type: 'float32', dims: second },
      ],
      outputs: [{ name: 'y', type: 'float32', dims: ['n', 3, 'a', 'b'] }],
    },
  );
}

describe('fixing input sizes', () => {
  it('binds a symbol in every input, and infers the outputs', () => {
    const graph = twoImages(['n', 3, 'h', 'w']);
    const bound = bindInputShapes(graph, { image: [1, 3, 16, 24] });
    expect(bound.inputs.map(({ dims }) => dims)).toEqual([
      [1, 3, 16, 24],
      [1, 3, 16, 24],
    ]);
    expect(bound.outputs).toEqual([{ name: 'y', type: 'float32', dims: [1, 3, 16, 24] }]);
    expect(graph.inputs[0]!.dims).toEqual(['n', 3, 'h', 'w']);
    expect(bindInputShapes(bound, {})).toEqual(bound);
  });

  it.each([
    [{ image: [1, 3, 16] }, "model/shape: input 'image' is nx3xhxw, not 1x3x16"],
    [{ image: [1, 4, 16, 16] }, "model/shape: input 'image' is nx3xhxw, not 1x4x16x16"],
    [{ image: [1, 3, 16, 1.5] }, "model/shape: input 'image' is nx3xhxw, not 1x3x16x1.5"],
    [{ picture: [1, 3, 16, 16] }, "model/shape: the model has no input 'picture'"],
    [{ image: [1, 3, 8, 8], sigma: [1, 3, 8, 9] }, "model/shape: input 'sigma': 'w' would be both 8 and 9"],
    [{}, "model/shape: input 'image' is nx3xhxw: 'n' was not given"],
  ])('refuses %j', (shapes, message) => {
    const given = shapes as Readonly<Record<string, readonly number[]>>;
    expect(refusal(() => bindInputShapes(twoImages(['n', 3, 'h', 'w']), given))).toBe(message);
  });

  it('refuses sizes that the nodes do not fit', () => {
    const shapes = { image: [1, 3, 8, 8], sigma: [1, 3, 4, 4] };
    const message = 'model/shape: y (Sub): 1x3x8x8 and 1x3x4x4 do not broadcast';
    expect(refusal(() => bindInputShapes(twoImages(['n', 3, 'h2', 'w2']), shapes))).toBe(message);
  });
});

it('wants fixed sizes', () => {
  const message = "model/shape: input 'image' is nx3xhxw: its sizes must be fixed first";
  expect(refusal(() => inferShapes(twoImages(['n', 3, 'h', 'w'])))).toBe(message);
});

describe('shapes that are computed', () => {
  it('follow the arithmetic that exporters emit', () => {
    const b = new GraphBuilder();
    const x = b.input('x', 'float32', [2, 3, 10, 14]);
    const size = b.op('Shape', [x]);
    const at = (index: number): string => b.op('Gather', [size, b.constant(scalarTensor('int64', index))]);
    const as1d = (value: string): string => b.op('Unsqueeze', [value, b.ints([0])]);
    const half = b.op('Div', [at(-1), b.constant(scalarTensor('int64', 2))]);
    const target = b.op('Concat', [as1d(at(0)), b.ints([-1]), as1d(half)], { axis: 0 });
    const y = b.op('Reshape', [x, b.op('Cast', [target], { to: 7 })]);
    expect(b.typeOf(y)).toEqual({ type: 'float32', dims: [2, 60, 7] });
    expect(b.constantOf(target)).toEqual([2, -1, 7]);

    const tail = b.op('Slice', [size, b.ints([2]), b.ints([4])]);
    const isFree = b.op('Equal', [b.ints([-1, 14]), b.ints([-1, -1])]);
    const chosen = b.op('Where', [isFree, tail, b.ints([1, 7])]);
    expect(b.constantOf(chosen)).toEqual([10, 7]);
    expect(b.constantOf(b.op('Neg', [b.op('Max', [chosen, b.ints([8])])]))).toEqual([-10, -8]);
    expect(b.constantOf(b.op('Expand', [b.ints([5]), b.ints([3])]))).toEqual([5, 5, 5]);
    expect(b.constantOf(b.op('Floor', [b.scalar(1.5)]))).toEqual([1]);
  });

  it('stay unknown where an index is out of range, or weights are large', () => {
    const b = new GraphBuilder();
    const wrong = b.op('Gather', [b.ints([1, 2]), b.ints([5])]);
    expect(b.constantOf(wrong)).toBeUndefined();
    expect(b.constantOf(b.initializer('w', zeros(5000)))).toBeUndefined();
  });
});

it('infers several outputs, and none for those that are omitted', () => {
  const parts = node('Split', ['x', 's'], ['y', ''], { axis: { kind: 'int', value: 1 } });
  const types = inferShapes(graphOf([parts], { s: int64Vector([1, 2]) }));
  expect(types.get('y')).toEqual({ type: 'float32', dims: [1, 1, 8, 8] });
  expect(types.has('')).toBe(false);
});
