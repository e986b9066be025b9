import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeModel, encodeModel } from '../../../../main/core/onnx/codec.js';
import { GraphBuilder } from '../../../../main/core/onnx/builder.js';
import { modelOf, type Graph } from '../../../../main/core/onnx/model.js';
import { float32Tensor, toNumbers } from '../../../../main/core/onnx/tensor.js';
import { LearningRun } from '../../../../main/engine/learn/run.js';
import { openNet } from '../../../../main/engine/training/net.js';
import { tempFolder } from '../../../support/temp-folder.js';

/** PyTorch stores two parameters of equal values once, behind Identity; they are trained as two. */
function tied(): Graph {
  const b = new GraphBuilder();
  const x = b.input('image', 'float32', [1, 3, 'height', 'width']);
  const gain = b.initializer('first.gain', float32Tensor([1], [1]));
  const copy = b.op('Identity', [gain], {}, 'second.gain');
  return b.build({ denoised: b.op('Mul', [b.op('Mul', [x, gain]), copy]) }, 'tied');
}

it('keeps three quarters of the way also of a parent whose parameters were stored as one', async () => {
  const out = tempFolder();
  const [parent, trained] = [join(out, 'parent.onnx'), join(out, 'trained.onnx')];
  writeFileSync(parent, encodeModel({ ...modelOf(tied()), producer: 'pytorch' }));
  const { graph, weights } = await openNet(parent);
  expect(weights).toEqual(['first.gain', 'second.gain']);
  const moved = new Map(weights.map((name, i) => [name, float32Tensor([1], [i === 0 ? 3 : -1])]));
  writeFileSync(trained, encodeModel(modelOf({ ...graph, initializers: new Map([...graph.initializers, ...moved]) })));
  const run = new LearningRun(new AbortController().signal, { out } as never, {} as never, parent, graph);
  const { initializers } = decodeModel(readFileSync(await run.settle(trained))).graph;
  expect(weights.map((name) => toNumbers(initializers.get(name)!))).toEqual([[2.5], [-0.5]]);
});
