import type { GraphBuilder } from '../onnx/builder.js';

/**
 * What training makes small: each adds its nodes to a graph and gives a float32 scalar. Predictions and targets have one
 * shape; the mean is over all elements, so that a loss does not depend on the size of a batch.
 */

/** Makes Charbonnier's loss smooth at 0, in units of the samples: a thousandth of full scale. */
export const CHARBONNIER_EPSILON = 1e-3;

/** Keeps relative distances finite where there is nothing to be near to. */
const LEAST_SIZE = 1e-6;

const mean = (b: GraphBuilder, value: string, hint: string): string =>
  b.op('ReduceMean', [value], { keepdims: 0 }, hint);

/** mean (y - t)^2 */
export function meanSquaredError(b: GraphBuilder, prediction: string, target: string): string {
  const error = b.op('Sub', [prediction, target]);
  return mean(b, b.op('Mul', [error, error]), 'mse');
}

/** mean |y - t| */
export function meanAbsoluteError(b: GraphBuilder, prediction: string, target: string): string {
  return mean(b, b.op('Abs', [b.op('Sub', [prediction, target])]), 'l1');
}

/** mean sqrt((y - t)^2 + epsilon^2) (Charbonnier et al. 1994; Lai et al. 2017, arXiv:1704.03915) */
export function charbonnier(
  b: GraphBuilder,
  prediction: string,
  target: string,
  epsilon = CHARBONNIER_EPSILON,
): string {
  const error = b.op('Sub', [prediction, target]);
  const square = b.op('Add', [b.op('Mul', [error, error]), b.scalar(epsilon ** 2)]);
  return mean(b, b.op('Sqrt', [square]), 'charbonnier');
}

/** sum m |y - t| / sum m: over the samples that a mask of ones and zeros names, of which there is at least one. */
export function maskedAbsoluteError(b: GraphBuilder, prediction: string, target: string, mask: string): string {
  const error = b.op('Abs', [b.op('Sub', [prediction, target])]);
  const sum = (value: string): string => b.op('ReduceSum', [value], { keepdims: 0 });
  return b.op(
    'Div',
    [sum(b.op('Mul', [error, mask])), sum(b.op('Expand', [mask, b.ints(b.typeOf(error).dims)]))],
    {},
    'l1',
  );
}

/**
 * Where the input of a denoiser was changed, which is where it differs from the target: 1 there, 0 elsewhere. What a net
 * makes of the other samples is no matter.
 */
export const changedSamples = (b: GraphBuilder, input: string, target: string): string =>
  b.op('Sign', [b.op('Abs', [b.op('Sub', [input, target])])], {}, 'changed');

/** Per crop sum m |error|^p / sum m, [N]: over the samples of [N,C,H,W] that a mask names; 0 where it names none. */
export function maskedPerCrop(b: GraphBuilder, values: string, mask: string): string {
  const sum = (value: string): string => b.op('ReduceSum', [value, b.ints([1, 2, 3])], { keepdims: 0 });
  return b.op('Div', [sum(b.op('Mul', [values, mask])), b.op('Max', [sum(mask), b.scalar(1)])], {}, 'masked');
}

/** Mean over crops of mean |y - t| where the input was changed: no crop counts more because more of it was. */
export function changedAbsoluteError(b: GraphBuilder, prediction: string, target: string, input: string): string {
  const error = b.op('Abs', [b.op('Sub', [prediction, target])]);
  return mean(b, maskedPerCrop(b, error, changedSamples(b, input, target)), 'masked_l1');
}

/**
 * Mean over scales of mean |y - t|: halved `finest` times by averaging, then once more for each further scale, `scales` in
 * all; sides divide by 2^(finest + scales - 1).
 */
export function multiScaleAbsoluteError(
  b: GraphBuilder,
  prediction: string,
  target: string,
  scales: number,
  finest = 0,
): string {
  let [y, t] = [prediction, target];
  const errors: string[] = [];
  for (let halvings = 0; halvings < finest + scales; halvings++) {
    const halved = (value: string): string => b.op('AveragePool', [value], { kernel_shape: [2, 2], strides: [2, 2] });
    if (halvings > 0) [y, t] = [halved(y), halved(t)];
    if (halvings >= finest) errors.push(meanAbsoluteError(b, y, t));
  }
  const sum = errors.reduce((before, error) => b.op('Add', [before, error]));
  return b.op('Mul', [sum, b.scalar(1 / scales)], {}, 'multi_scale');
}

/**
 * Mean over layers of mean |f - g| / mean |g|: how far a net's activations are from those of a target (Larsen et al. 2016,
 * arXiv:1512.09300, section 2.2, with the L1 norm and layers weighed alike: Wang et al. 2018, arXiv:1711.11585, equation 4).
 */
export function featureDistance(b: GraphBuilder, features: readonly string[], targets: readonly string[]): string {
  const size = (value: string): string => b.op('ReduceMean', [b.op('Abs', [value])], { keepdims: 0 });
  const distances = features.map((feature, layer) =>
    b.op('Div', [
      meanAbsoluteError(b, feature, targets[layer]!),
      b.op('Max', [size(targets[layer]!), b.scalar(LEAST_SIZE)]),
    ]),
  );
  const sum = distances.reduce((before, distance) => b.op('Add', [before, distance]));
  return b.op('Mul', [sum, b.scalar(1 / features.length)], {}, 'features');
}

/** mean (log(1 + e^x) - t x): binary cross-entropy of logits x with targets in [0, 1], safe for any x. */
export function binaryCrossEntropy(b: GraphBuilder, logits: string, target: string): string {
  return mean(b, b.op('Sub', [b.op('Softplus', [logits]), b.op('Mul', [logits, target])]), 'bce');
}

/**
 * The divergence of N(mu, e^logvar) from N(0, 1): (mu^2 + e^logvar - 1 - logvar) / 2 for each latent (Kingma and Welling
 * 2014, arXiv:1312.6114, appendix B), averaged over the batch; each latent counts at least `freeBits` nats, so that it
 * may carry that much for nothing (Kingma et al. 2016, arXiv:1606.04934, section C.8); summed over latents.
 */
export function klDivergence(b: GraphBuilder, mu: string, logvar: string, freeBits = 0): string {
  const terms = b.op('Sub', [
    b.op('Add', [b.op('Mul', [mu, mu]), b.op('Exp', [logvar])]),
    b.op('Add', [logvar, b.scalar(1)]),
  ]);
  const perLatent = b.op('ReduceMean', [b.op('Mul', [terms, b.scalar(0.5)])], { axes: [0], keepdims: 0 });
  const counted = freeBits > 0 ? b.op('Max', [perLatent, b.scalar(freeBits)]) : perLatent;
  return b.op('ReduceSum', [counted], { keepdims: 0 }, 'kl');
}
