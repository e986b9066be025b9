import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/core/onnx/builder.js';
import { interpolateGraphs } from '../../../../main/core/onnx/interpolate.js';
import type { Graph } from '../../../../main/core/onnx/model.js';
import { float32Tensor, toNumbers } from '../../../../main/core/onnx/tensor.js';

/** y = x * w, reshaped: a weight, and whole numbers that are none. */
function net(weights: readonly number[], name = 'a'): Graph {
  const b = new GraphBuilder();
  const x = b.input('x', 'float32', [weights.length]);
  const scaled = b.op('Mul', [x, b.initializer('w', float32Tensor([weights.length], weights))]);
  const y = b.op('Reshape', [scaled, b.ints([1, weights.length])]);
  return b.build({ y }, name);
}

const weightsOf = ({ initializers }: Graph): number[] => toNumbers(initializers.get('w')!);

describe('a net between two', () => {
  const [a, b] = [net([1, 2]), net([3, -2], 'b')];

  it('has weights between theirs, and all else of the second', () => {
    const between = interpolateGraphs(a, b, 0.75);
    expect(weightsOf(between)).toEqual([2.5, -1]);
    expect(between.name).toBe('b');
    expect([...between.initializers.keys()]).toEqual([...b.initializers.keys()]);
    expect(weightsOf(b)).toEqual([3, -2]);
  });

  it('is one of them at the ends', () => {
    expect(weightsOf(interpolateGraphs(a, b, 0))).toEqual([1, 2]);
    expect(weightsOf(interpolateGraphs(a, b, 1))).toEqual([3, -2]);
  });

  it('is refused between nets of different structure', () => {
    expect(() => interpolateGraphs(net([1, 2, 3]), b, 0.5)).toThrow(/w: only nets of one structure/);
  });
});
