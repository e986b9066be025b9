import { GraphBuilder } from '../onnx/builder.js';
import type { Graph } from '../onnx/model.js';
import { bindInputShapes } from '../onnx/shapes.js';
import { LOSS_OUTPUT, type BatchShape } from '../training/objectives.js';

/** What a batch of distillation holds besides `image` and `sigma`: what the float net makes of them... */
export const TARGET_INPUT = 'target';
/** ...and how much each crop counts, [N,1,1,1]. */
export const WEIGHT_INPUT = 'weight';

/**
 * Learning to give what another net gives (Hinton et al. 2015, arXiv:1503.02531): the weighted mean of squared differences
 * of a denoiser from `target`, [N,3,S,S]. No photo has to be clean for that, and noise in the target is none in the gradient.
 * Errors as shape inference.
 */
export function distillationObjective(net: Graph, { batch, crop }: BatchShape): Graph {
  const b = new GraphBuilder();
  // First, so that no other value takes their names: the optimiser finds the weights by them.
  for (const [name, value] of net.initializers) b.initializer(name, value);
  const dims = [batch, 3, crop, crop];
  const inputs = Object.fromEntries(['image', 'sigma'].map((name) => [name, b.input(name, 'float32', dims)]));
  const target = b.input(TARGET_INPUT, 'float32', dims);
  const weight = b.input(WEIGHT_INPUT, 'float32', [batch, 1, 1, 1]);
  const bound = bindInputShapes(net, { image: dims, sigma: dims });
  const values = b.inline(bound, 'net', inputs);
  const error = b.op('Sub', [values.get(bound.outputs[0]!.name)!, target]);
  const squares = b.op('Mul', [b.op('Mul', [error, error]), weight]);
  return b.build({ [LOSS_OUTPUT]: b.op('ReduceMean', [squares], { keepdims: 0 }) }, `${net.name} distillation`);
}
