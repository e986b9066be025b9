import { AppError } from '../errors.js';
import { GraphBuilder } from '../onnx/builder.js';
import type { Graph } from '../onnx/model.js';
import { bindInputShapes } from '../onnx/shapes.js';
import {
  changedAbsoluteError,
  changedSamples,
  charbonnier,
  maskedPerCrop,
  meanAbsoluteError,
  meanSquaredError,
  multiScaleAbsoluteError,
} from './losses.js';

/**
 * What a network is trained to do, as a graph around it: a batch goes in, a loss comes out. The network's weights keep
 * their names, for `stepGraph` to train.
 */

/** The output of an objective that is made small, a float32 scalar. */
export const LOSS_OUTPUT = 'loss';

/** The parts of a batch, float32 [N,3,S,S] in units of full scale, and per crop [N,1,1,1] whether sigma is told. */
export const BATCH_INPUTS = {
  noisy: 'batch/noisy',
  clean: 'batch/clean',
  sigma: 'batch/sigma',
  told: 'batch/told',
} as const;

export interface BatchShape {
  readonly batch: number;
  readonly crop: number;
}

export type ImageLoss =
  | { readonly kind: 'l1' | 'mse' }
  | { readonly kind: 'charbonnier'; readonly epsilon: number }
  | { readonly kind: 'multi-scale'; readonly scales: number; readonly finest?: number };

/** `masked`: L1 where the noisy crop differs from the clean one. */
export type DenoiseLoss = ImageLoss | { readonly kind: 'masked' };

/**
 * Denoising: the loss between clean crops and what the net makes of noisy ones. The net is told the true sigma where
 * `told` is 1 and the estimator's map where it is 0, which is how it will be used; without an estimator always the truth.
 * @throws AppError 'model/shape' if the net does not give an image of the size it got, for crops of this size
 */
export function denoiseObjective(net: Graph, estimator: Graph | null, loss: DenoiseLoss, shape: BatchShape): Graph {
  const b = new GraphBuilder();
  const { noisy, clean, sigma } = imageInputs(b, shape, net);
  const level = estimator === null ? sigma : toldOrEstimated(b, estimator, noisy, sigma, shape);
  const denoised = inlineNet(b, net, { image: noisy, sigma: level }, shape);
  const value =
    loss.kind === 'masked' ? changedAbsoluteError(b, denoised, clean, noisy) : imageLoss(b, denoised, clean, loss);
  return b.build({ [LOSS_OUTPUT]: value }, `${net.name} objective`);
}

/**
 * Estimating noise: mean w |sigma^ - sigma|, where w is `under` for estimates too low and 1 - `under` for those too high:
 * noise that is left is worse than detail that is lost.
 */
export function estimateObjective(net: Graph, under: number, shape: BatchShape): Graph {
  const b = new GraphBuilder();
  const { noisy, sigma } = imageInputs(b, shape, net);
  const estimate = inlineNet(b, net, { image: noisy }, shape);
  // w |d| = max(under d, (under - 1) d) for d = sigma - sigma^: the pinball loss (Koenker and Bassett 1978).
  const short = b.op('Sub', [sigma, estimate]);
  const either = b.op('Max', [b.op('Mul', [short, b.scalar(under)]), b.op('Mul', [short, b.scalar(under - 1)])]);
  return b.build({ [LOSS_OUTPUT]: b.op('ReduceMean', [either], { keepdims: 0 }, 'pinball') }, `${net.name} objective`);
}

/** What evaluations measure per crop, both [N]: mean squared error of the clipped result, or mean absolute error of sigma. */
export const SCORE_OUTPUT = 'score';

/**
 * Mean squared error per crop of a denoiser; batch parts as of its objective.
 * @param estimator measures the noise, as in use; null: the net is told sigma
 * @param masked whether only samples count where the noisy crop differs from the clean one
 */
export function denoiseScore(net: Graph, shape: BatchShape, estimator: Graph | null = null, masked = false): Graph {
  const b = new GraphBuilder();
  const { noisy, clean, sigma } = imageInputs(b, shape, net);
  const level = estimator === null ? sigma : estimated(b, estimator, noisy, shape);
  const denoised = inlineNet(b, net, { image: noisy, sigma: level }, shape);
  const error = b.op('Sub', [b.op('Clip', [denoised, b.scalar(0), b.scalar(1)]), clean]);
  const square = b.op('Mul', [error, error]);
  const score = masked ? maskedPerCrop(b, square, changedSamples(b, noisy, clean)) : perCrop(b, square);
  return b.build({ [SCORE_OUTPUT]: score }, `${net.name} score`);
}

/** Mean absolute error per crop of an estimator, in units of full scale. */
export function estimateScore(net: Graph, shape: BatchShape): Graph {
  const b = new GraphBuilder();
  const { noisy, sigma } = imageInputs(b, shape, net);
  const estimate = inlineNet(b, net, { image: noisy }, shape);
  return b.build({ [SCORE_OUTPUT]: perCrop(b, b.op('Abs', [b.op('Sub', [estimate, sigma])])) }, `${net.name} score`);
}

const perCrop = (b: GraphBuilder, value: string): string =>
  b.op('ReduceMean', [value], { axes: [1, 2, 3], keepdims: 0 }, 'per_crop');

function imageInputs(b: GraphBuilder, { batch, crop }: BatchShape, net: Graph) {
  // First, so that no other value takes their names.
  for (const [name, value] of net.initializers) b.initializer(name, value);
  const input = (name: string): string => b.input(name, 'float32', [batch, 3, crop, crop]);
  return { noisy: input(BATCH_INPUTS.noisy), clean: input(BATCH_INPUTS.clean), sigma: input(BATCH_INPUTS.sigma) };
}

/** The net's one output, in the shape of the crops. */
function inlineNet(
  b: GraphBuilder,
  net: Graph,
  inputs: Readonly<Record<string, string>>,
  { batch, crop }: BatchShape,
): string {
  const dims = [batch, 3, crop, crop];
  const bound = bindInputShapes(net, Object.fromEntries(net.inputs.map(({ name }) => [name, dims])));
  const output = b.inline(bound, 'net', inputs).get(net.outputs[0]!.name)!;
  const made = b.typeOf(output).dims;
  if (made.join() !== dims.join()) {
    throw new AppError(
      'model/shape',
      `the net makes ${made.join('x')} of ${dims.join('x')}: it must give an image of the size it gets, for crops of ${crop} pixels`,
    );
  }
  return output;
}

function toldOrEstimated(b: GraphBuilder, estimator: Graph, noisy: string, sigma: string, shape: BatchShape): string {
  const told = b.input(BATCH_INPUTS.told, 'float32', [shape.batch, 1, 1, 1]);
  const estimate = estimated(b, estimator, noisy, shape);
  // told sigma + (1 - told) estimate
  return b.op('Add', [estimate, b.op('Mul', [told, b.op('Sub', [sigma, estimate])])], {}, 'level');
}

function estimated(b: GraphBuilder, estimator: Graph, noisy: string, { batch, crop }: BatchShape): string {
  const bound = bindInputShapes(estimator, { image: [batch, 3, crop, crop] });
  return b.inline(bound, 'estimator', { image: noisy }).get(estimator.outputs[0]!.name)!;
}

/** The loss that a recipe names: float32 scalar. */
export function imageLoss(b: GraphBuilder, denoised: string, clean: string, loss: ImageLoss): string {
  switch (loss.kind) {
    case 'l1':
      return meanAbsoluteError(b, denoised, clean);
    case 'mse':
      return meanSquaredError(b, denoised, clean);
    case 'charbonnier':
      return charbonnier(b, denoised, clean, loss.epsilon);
    case 'multi-scale':
      return multiScaleAbsoluteError(b, denoised, clean, loss.scales, loss.finest);
  }
}
