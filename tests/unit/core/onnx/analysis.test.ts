import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/core/onnx/builder.js';
import { countMacs, countParameters } from '../../../../main/core/onnx/cost.js';
import type { Graph } from '../../../../main/core/onnx/model.js';
import { receptiveField, requiredMultiple } from '../../../../main/core/onnx/receptive-field.js';
import { float32Tensor } from '../../../../main/core/onnx/tensor.js';
import { imageToTensor, tensorToImage } from '../../../../main/core/onnx/wrap.js';
import { graphOf, node, refusal, zeros } from './graphs.js';

type Layers = (b: GraphBuilder, x: string) => string;

/** A network from `x`, 1x4xHxW, to `y`. */
function network(layers: Layers): Graph {
  const b = new GraphBuilder();
  return b.build({ y: layers(b, b.input('x', 'float32', [1, 4, 'h', 'w'])) }, 'network');
}

const conv3: Layers = (b, x) => b.op('Conv', [x, b.initializer('w', zeros(4, 4, 3, 3))], { pads: [1, 1, 1, 1] });
const symmetric = (radius: number) => ({ top: radius, left: radius, bottom: radius, right: radius });

describe('the receptive field', () => {
  const nearest = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  const cases: readonly [string, Layers, object][] = [
    ['of nothing is nothing', (b, x) => b.op('Relu', [x]), symmetric(0)],
    ['of a 3x3 kernel is 1', conv3, symmetric(1)],
    ['adds up', (b, x) => conv3(b, conv3(b, x)), symmetric(2)],
    ['of two branches is the larger', (b, x) => b.op('Add', [conv3(b, x), conv3(b, conv3(b, x))]), symmetric(2)],
    [
      'of uneven padding is uneven',
      (b, x) => b.op('Conv', [x, b.initializer('w', zeros(4, 4, 2, 4))], { pads: [0, 3, 1, 0] }),
      { top: 0, bottom: 1, left: 3, right: 0 },
    ],
    [
      'of pixels moved into channels and back is a block',
      (b, x) => b.op('DepthToSpace', [b.op('SpaceToDepth', [x], { blocksize: 4 })], { blocksize: 4 }),
      symmetric(3),
    ],
    [
      'of an image made smaller and larger again is a block',
      (b, x) => {
        const half = b.op('AveragePool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
        const scales = b.constant(float32Tensor([4], [1, 1, 2, 2]));
        return b.op('Resize', [half, undefined, scales], nearest);
      },
      symmetric(1),
    ],
    [
      'goes through Slice, Pad, Split and Concat',
      (b, x) => {
        const inner = b.op('Slice', [x, b.ints([1, 1]), b.ints([-1, -1]), b.ints([2, 3])]);
        const [first, second] = b.opMulti('Split', [inner], { axis: 1 }, 2) as [string, string];
        const joined = b.op('Concat', [conv3(b, b.op('Concat', [second, first], { axis: 1 })), inner], { axis: 1 });
        return b.op('Pad', [joined, b.ints([0, 0, 1, 1, 0, 0, 1, 1])], { mode: 'reflect' });
      },
      symmetric(1),
    ],
    [
      'goes through a mean over channels, Squeeze and Transpose',
      (b, x) => {
        const mean = b.op('ReduceMean', [conv3(b, x)], { axes: [1], keepdims: 0 });
        const turned = b.op('Transpose', [b.op('Unsqueeze', [mean, b.ints([3])])], { perm: [0, 3, 1, 2] });
        return b.op('Mul', [b.op('Squeeze', [turned, b.ints([1])]), b.scalar(2)]);
      },
      symmetric(1),
    ],
    ['of a global mean is everything', (b, x) => b.op('Sub', [x, b.op('GlobalAveragePool', [x])]), symmetric(Infinity)],
    [
      'of a normalized image is everything',
      (b, x) => b.op('InstanceNormalization', [x, b.initializer('s', zeros(4)), b.initializer('b', zeros(4))]),
      symmetric(Infinity),
    ],
    [
      'of a softmax along rows is their width',
      (b, x) => b.op('Softmax', [x]),
      { top: 0, bottom: 0, left: Infinity, right: Infinity },
    ],
    ['of a softmax over channels is nothing', (b, x) => b.op('Softmax', [x], { axis: 1 }), symmetric(0)],
    [
      'of a mirrored image is everything',
      (b, x) => b.op('Slice', [x, b.ints([-1]), b.ints([-(2 ** 62)]), b.ints([3]), b.ints([-1])]),
      { top: 0, bottom: 0, left: Infinity, right: Infinity },
    ],
  ];
  it.each(cases)('%s', (_what, layers, expected) => {
    expect(receptiveField(network(layers), 'y', 'x')).toEqual(expected);
  });

  it('is that of the network inside, for an image of integers', () => {
    const b = new GraphBuilder();
    const x = imageToTensor(b, 'pixels', { type: 'uint16', channels: 4, height: 32, width: 48 });
    const graph = b.build({ result: tensorToImage(b, conv3(b, conv3(b, x)), 'uint8') }, 'wrapped');
    expect(receptiveField(graph, 'result', 'pixels')).toEqual(symmetric(2));
  });

  it('is nothing for an input that is not used', () => {
    const b = new GraphBuilder();
    b.input('unused', 'float32', [1, 1, 8, 8]);
    const graph = b.build({ y: b.op('Neg', [b.input('x', 'float32', [1, 1, 8, 8])]) }, 'one');
    expect(receptiveField(graph, 'y', 'unused')).toEqual(symmetric(0));
  });

  it('needs an image', () => {
    const graph = network(conv3);
    expect(refusal(() => receptiveField(graph, 'z', 'x'))).toBe("model/invalid: the model has no output 'z'");
    expect(refusal(() => receptiveField(graph, 'y', 'z'))).toBe("model/invalid: the model has no input 'z'");
    const flat = graphOf(
      [node('Neg', ['x'], ['y'])],
      {},
      {
        inputs: [{ name: 'x', type: 'float32', dims: [4, 4] }],
        outputs: [{ name: 'y', type: 'float32', dims: [4, 4] }],
      },
    );
    expect(refusal(() => receptiveField(flat, 'y', 'x'))).toBe(
      "model/invalid: the input 'x' is no image: it has 2 dimensions",
    );
  });
});

describe('the multiple that sizes must be of', () => {
  const down = (b: GraphBuilder, x: string, stride: number): string =>
    b.op('MaxPool', [x], { kernel_shape: [stride, stride], strides: [stride, stride] });
  it.each([
    [1, conv3],
    [2, (b, x) => down(b, x, 2)],
    [8, (b, x) => down(b, down(b, b.op('SpaceToDepth', [x], { blocksize: 2 }), 2), 2)],
    [
      12,
      (b, x) => b.op('Concat', [b.op('ReduceMax', [down(b, x, 4)]), b.op('ReduceMax', [down(b, x, 3)])], { axis: 1 }),
    ],
    [2, (b, x) => b.op('DepthToSpace', [down(b, x, 2)], { blocksize: 2 })],
  ] satisfies [number, Layers][])('may be %i', (multiple, layers) => {
    expect(requiredMultiple(network(layers), 'x')).toBe(multiple);
  });
});

describe('cost', () => {
  it('counts multiply-adds and weights', () => {
    const b = new GraphBuilder();
    const x = b.input('x', 'float32', [2, 4, 8, 8]);
    const conv = b.op('Conv', [x, b.initializer('a', zeros(6, 2, 3, 3))], {
      group: 2,
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    });
    const up = b.op('ConvTranspose', [conv, b.initializer('b', zeros(6, 3, 2, 2)), b.initializer('c', zeros(3))], {
      strides: [2, 2],
    });
    const flat = b.op('Flatten', [up]);
    const gemm = b.op('Gemm', [flat, b.initializer('d', zeros(5, 192))], { transB: 1 });
    const y = b.op('MatMul', [gemm, b.initializer('e', zeros(5, 7))]);
    const graph = b.build({ y }, 'cost');
    const convMacs = 2 * 6 * 4 * 4 * (2 * 3 * 3);
    const upMacs = 2 * 6 * 4 * 4 * (3 * 2 * 2);
    expect(countMacs(graph)).toBe(convMacs + upMacs + 2 * 5 * 192 + 2 * 7 * 5);
    expect(countParameters(graph)).toBe(6 * 2 * 9 + 6 * 3 * 4 + 3 + 5 * 192 + 5 * 7);
  });

  it('needs fixed sizes', () => {
    expect(refusal(() => countMacs(network(conv3)))).toContain('its sizes must be fixed first');
  });
});
