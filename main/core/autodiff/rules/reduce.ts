import { reducedAxes, softmaxAxis } from '../../onnx/rules/reduce.js';
import type { GradientContext, GradientRule } from '../rule.js';

/** Gradients of sums, means and maxima over axes; g = dL/dy. */

/** A reduced value or its gradient with the reduced axes kept, of size 1. */
function kept(x: GradientContext, value: string): string {
  const axes = new Set(reducedAxes(x.forward));
  return x.reshape(
    value,
    x.inputDims(0).map((size, axis) => (axes.has(axis) ? 1 : size)),
  );
}

/** y = sum of x: g to each */
export const reduceSum: GradientRule = (x) => [() => x.expand(kept(x, x.gradient()), x.inputDims(0)), null];

/** y = mean of n: g / n to each */
export const reduceMean: GradientRule = (x) => [
  () => {
    const count = reducedAxes(x.forward).reduce((product, axis) => product * x.inputDims(0)[axis]!, 1);
    return x.expand(x.times(kept(x, x.gradient()), 1 / count), x.inputDims(0));
  },
  null,
];

/** y = the largest of x: g to those that are y, in equal shares */
export const reduceMax: GradientRule = (x) => [
  () => {
    const mask = x.mask(x.op('Equal', [x.input(0), kept(x, x.output())]));
    const count = x.sum(mask, reducedAxes(x.forward), true);
    return x.mul(mask, x.div(kept(x, x.gradient()), count));
  },
  null,
];

/** y = e^x / sum e^x along an axis: y (g - sum g y) */
export const softmax: GradientRule = (x) => [
  () => {
    const product = x.mul(x.gradient(), x.output());
    return x.mul(x.output(), x.sub(x.gradient(), x.sum(product, [softmaxAxis(x.forward)], true)));
  },
];
