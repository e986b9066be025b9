import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import type { Graph, Tensor } from '../../main/core/onnx/model.js';
import { float32Tensor, toNumbers } from '../../main/core/onnx/tensor.js';
import {
  BATCH_INPUTS,
  denoiseObjective,
  denoiseScore,
  estimateObjective,
  estimateScore,
} from '../../main/core/training/objectives.js';
import { noiseTensor, runGraph } from './onnx-runtime.js';

const SHAPE = { batch: 3, crop: 4 };
const DIMS = [3, 3, 4, 4];
const CROP = 48;

/** image - k sigma: what it gives shows which sigma it was told. */
function net(): Graph {
  const b = new GraphBuilder();
  const image = b.input('image', 'float32', ['n', 3, 'h', 'w']);
  const sigma = b.input('sigma', 'float32', ['n', 3, 'h', 'w']);
  const k = b.initializer('k', float32Tensor([1, 3, 1, 1], [0.5, 0.5, 0.5]));
  return b.build({ denoised: b.op('Sub', [image, b.op('Mul', [sigma, k])]) }, 'net');
}

/** k image: an estimate of the noise. */
function estimator(): Graph {
  const b = new GraphBuilder();
  const k = b.initializer('k', float32Tensor([1, 3, 1, 1], [0.2, 0.2, 0.2]));
  return b.build({ sigma: b.op('Mul', [b.input('image', 'float32', ['n', 3, 'h', 'w']), k]) }, 'estimator');
}

const [noisy, clean, sigma] = [1, 2, 3].map((seed) => noiseTensor('float32', DIMS, seed)) as [Tensor, Tensor, Tensor];
const [x, t, s] = [noisy, clean, sigma].map(toNumbers) as [number[], number[], number[]];
const batch = { [BATCH_INPUTS.noisy]: noisy, [BATCH_INPUTS.clean]: clean, [BATCH_INPUTS.sigma]: sigma };
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const only = async (graph: Graph, feeds: Record<string, Tensor>): Promise<number[]> =>
  toNumbers([...(await runGraph(graph, feeds)).values()][0]!);

describe('the objective of a denoiser', () => {
  it.each([[[1, 1, 1]], [[0, 0, 0]], [[1, 0, 1]]])(
    'tells the sigma of crops %j, and lets the others be measured',
    async (told) => {
      const graph = denoiseObjective(net(), estimator(), { kind: 'l1' }, SHAPE);
      const feeds = { ...batch, [BATCH_INPUTS.told]: float32Tensor([3, 1, 1, 1], told) };
      const level = (i: number): number => (told[Math.floor(i / CROP)] === 1 ? s[i]! : 0.2 * x[i]!);
      const wanted = mean(x.map((value, i) => Math.abs(value - 0.5 * level(i) - t[i]!)));
      expect((await only(graph, feeds))[0]).toBeCloseTo(wanted, 5);
    },
  );

  it('may count only what was changed, in the loss and in the score, each crop alike', async () => {
    const isChanged = (i: number): boolean => i % (2 + Math.floor(i / CROP)) === 0;
    const changed = float32Tensor(
      DIMS,
      t.map((value, i) => (isChanged(i) ? x[i]! : value)),
    );
    const errors = t.map((value, i) => toNumbers(changed)[i]! - 0.5 * s[i]! - value);
    const over = (of: (error: number) => number): number[] =>
      [0, 1, 2].map((crop) => {
        const counted = errors.filter((_, i) => Math.floor(i / CROP) === crop && isChanged(i));
        return mean(counted.map(of));
      });
    const feeds = { ...batch, [BATCH_INPUTS.noisy]: changed };
    const loss = await only(denoiseObjective(net(), null, { kind: 'masked' }, SHAPE), feeds);
    expect(loss[0]).toBeCloseTo(mean(over(Math.abs)), 5);
    const scores = await only(denoiseScore(net(), SHAPE, null, true), feeds);
    const clipped = t.map((value, i) => Math.min(1, Math.max(0, toNumbers(changed)[i]! - 0.5 * s[i]!)) - value);
    for (const [crop, score] of scores.entries()) {
      const counted = clipped.filter((_, i) => Math.floor(i / CROP) === crop && isChanged(i));
      expect(score).toBeCloseTo(mean(counted.map((error) => error ** 2)), 5);
    }
  });

  it('always tells the truth where nothing measures', async () => {
    const graph = denoiseObjective(net(), null, { kind: 'mse' }, SHAPE);
    expect(graph.inputs.map(({ name }) => name)).not.toContain(BATCH_INPUTS.told);
    const wanted = mean(x.map((value, i) => (value - 0.5 * s[i]! - t[i]!) ** 2));
    expect((await only(graph, batch))[0]).toBeCloseTo(wanted, 5);
  });

  it('is measured crop by crop, on results as a file would hold them', async () => {
    const scores = await only(denoiseScore(net(), SHAPE), batch);
    const errors = x.map((value, i) => (Math.min(1, Math.max(0, value - 0.5 * s[i]!)) - t[i]!) ** 2);
    expect(errors.some((error, i) => error !== (x[i]! - 0.5 * s[i]! - t[i]!) ** 2)).toBe(true);
    for (const [crop, score] of scores.entries()) {
      expect(score).toBeCloseTo(mean(errors.slice(crop * CROP, (crop + 1) * CROP)), 5);
    }
  });

  it('refuses a net that gives another size, and keeps the weights under their names', () => {
    const b = new GraphBuilder();
    const half = b.op('AveragePool', [b.input('image', 'float32', ['n', 3, 'h', 'w'])], {
      kernel_shape: [2, 2],
      strides: [2, 2],
    });
    const small = b.build({ half }, 'half');
    expect(() => denoiseObjective(small, null, { kind: 'l1' }, SHAPE)).toThrow('makes 3x3x2x2 of 3x3x4x4');
    // The estimator's weight has the same name: it makes way.
    const graph = denoiseObjective(net(), estimator(), { kind: 'l1' }, SHAPE);
    expect(toNumbers(graph.initializers.get('k')!)).toEqual([0.5, 0.5, 0.5]);
  });
});

describe('the objective of an estimator', () => {
  it('weighs estimates that are too low more than those too high', async () => {
    const errors = x.map((value, i) => s[i]! - 0.2 * value);
    expect(errors.some((error) => error < 0)).toBe(true);
    const wanted = mean(errors.map((error) => (error > 0 ? 0.7 * error : -0.3 * error)));
    expect((await only(estimateObjective(estimator(), 0.7, SHAPE), batch))[0]).toBeCloseTo(wanted, 5);
    const scores = await only(estimateScore(estimator(), SHAPE), batch);
    expect(scores[1]).toBeCloseTo(mean(errors.slice(CROP, 2 * CROP).map(Math.abs)), 5);
  });
});
