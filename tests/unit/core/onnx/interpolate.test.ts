import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/core/onnx/builder.js';
import { interpolateModels } from '../../../../main/core/onnx/interpolate.js';
import { BUILD_OPSET, type Model } from '../../../../main/core/onnx/model.js';
import { float32Tensor, toNumbers } from '../../../../main/core/onnx/tensor.js';

/** y = x * w, reshaped: a weight, and whole numbers that are none. */
function model(weights: readonly number[], producer = 'test'): Model {
  const b = new GraphBuilder();
  const x = b.input('x', 'float32', [weights.length]);
  const scaled = b.op('Mul', [x, b.initializer('w', float32Tensor([weights.length], weights))]);
  const y = b.op('Reshape', [scaled, b.ints([1, weights.length])]);
  return { graph: b.build({ y }, 'scale'), opset: BUILD_OPSET, irVersion: 8, producer, metadata: new Map() };
}

const weightsOf = ({ graph }: Model): number[] => toNumbers(graph.initializers.get('w')!);

describe('a model between two', () => {
  const [a, b] = [model([1, 2]), model([3, -2], 'other')];

  it('has weights between theirs, and all else of the second', () => {
    const between = interpolateModels(a, b, 0.75);
    expect(weightsOf(between)).toEqual([2.5, -1]);
    expect(between.producer).toBe('other');
    expect([...between.graph.initializers.keys()]).toEqual([...b.graph.initializers.keys()]);
    expect(weightsOf(b)).toEqual([3, -2]);
  });

  it('is one of them at the ends', () => {
    expect(weightsOf(interpolateModels(a, b, 0))).toEqual([1, 2]);
    expect(weightsOf(interpolateModels(a, b, 1))).toEqual([3, -2]);
  });

  it('is refused between models of different structure', () => {
    expect(() => interpolateModels(model([1, 2, 3]), b, 0.5)).toThrow(/w: only models of one structure/);
  });
});
