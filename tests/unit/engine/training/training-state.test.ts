import { expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/core/onnx/builder.js';
import { float32Tensor } from '../../../../main/core/onnx/tensor.js';
import { LOSS_OUTPUT } from '../../../../main/core/training/objectives.js';
import { emaOf, momentOf, nextOf, sumOf, varianceOf } from '../../../../main/core/training/step-graph.js';
import type { RuntimeTensor } from '../../../../main/engine/runtime.js';
import { TrainingState } from '../../../../main/engine/training/training-state.js';

function net() {
  const b = new GraphBuilder();
  const weight = b.initializer('w', float32Tensor([2], [1, 2]));
  const graph = b.build({ y: b.op('Mul', [b.input('x', 'float32', [2]), weight]) }, 'net');
  return { graph, trainable: ['w'], parent: null };
}

const pair = (a: number, b: number): RuntimeTensor => ({ type: 'float32', dims: [2], data: Float32Array.of(a, b) });
const STATE = ['w', momentOf('w'), varianceOf('w'), emaOf('w')];

it('starts at the weights, and takes over what a step gives', () => {
  const state = new TrainingState(net(), null);
  expect(STATE.map((name) => [...state.get(name).data])).toEqual([
    [1, 2],
    [0, 0],
    [0, 0],
    [1, 2],
  ]);
  expect(state.parameters).toBe(2);
  state.advance(Object.fromEntries(STATE.map((name, index) => [nextOf(name), pair(index, 10 * index)])));
  expect(STATE.map((name) => [...state.get(name).data])).toEqual([
    [0, 0],
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
  expect([...state.means()['w']!.data]).toEqual([3, 30]);
  const again = new TrainingState(net(), state.arrays());
  expect(STATE.map((name) => again.get(name))).toEqual(STATE.map((name) => state.get(name)));
});

it('keeps sums of gradients until the step that uses them', () => {
  const state = new TrainingState(net(), null);
  expect([...state.get(sumOf('w')).data]).toEqual([0, 0]);
  const loss: RuntimeTensor = { type: 'float32', dims: [], data: Float32Array.of(0.5) };
  expect(state.accumulate({ [LOSS_OUTPUT]: loss, [nextOf(sumOf('w'))]: pair(3, 4) })).toBe(0.5);
  expect([...state.get(sumOf('w')).data]).toEqual([3, 4]);
  state.advance(Object.fromEntries(STATE.map((name) => [nextOf(name), pair(7, 7)])));
  expect([...state.get(sumOf('w')).data]).toEqual([0, 0]);
});

it('refuses the arrays of another net', () => {
  const arrays = new TrainingState(net(), null).arrays();
  arrays.set(varianceOf('w'), new Float32Array(3));
  expect(() => new TrainingState(net(), arrays)).toThrow("'v/w' does not fit");
  arrays.delete(varianceOf('w'));
  expect(() => new TrainingState(net(), arrays)).toThrow("'v/w' does not fit");
});
