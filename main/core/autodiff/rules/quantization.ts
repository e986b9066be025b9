import { QUANTIZED_RANGES, quantizedType, scaleAxis } from '../../onnx/rules/quantization.js';
import type { GradientContext, GradientRule } from '../rule.js';

/**
 * Gradients of rounding to 8 bits and back; g = dL/dy. Rounding has no slope worth the name: it counts as none at all
 * (the straight-through estimator: Bengio et al. 2013, arXiv:1308.3432; for 8-bit nets Jacob et al. 2018,
 * arXiv:1712.05877). What is clipped gets nothing. For a scale that both directions share, the two rules add up to the
 * gradient of a learnt step size (Esser et al. 2020, arXiv:1902.08153).
 */

/** y = clip(round(x / s) + z, low, high): where nothing is clipped, dx = g / s, ds = -g x / s^2 */
export const quantizeLinear: GradientRule = (x) => {
  const inside = (): string => x.div(x.mul(x.gradient(), unclipped(x)), perPosition(x, 1));
  return [
    inside,
    () => overScale(x, x.neg(x.mul(inside(), x.div(x.input(0), perPosition(x, 1))))),
    ...(x.hasInput(2) ? [null] : []),
  ];
};

/** y = s (x - z): dx = g s, ds = g (x - z) */
export const dequantizeLinear: GradientRule = (x) => [
  () => x.mul(x.gradient(), perPosition(x, 1)),
  () => {
    const value = x.b.cast(x.input(0), x.type);
    const distance = x.hasInput(2) ? x.sub(value, x.b.cast(perPosition(x, 2), x.type)) : value;
    return overScale(x, x.mul(x.gradient(), distance));
  },
  ...(x.hasInput(2) ? [null] : []),
];

/** 1 where x / s + z rounds to a number of the type, else 0. */
function unclipped(x: GradientContext): string {
  const [least, most] = QUANTIZED_RANGES[quantizedType(x.forward)];
  const steps = x.div(x.input(0), perPosition(x, 1));
  const place = x.hasInput(2) ? x.add(steps, x.b.cast(perPosition(x, 2), x.type)) : steps;
  const clipped = x.op('Clip', [place, x.scalar(least - 0.5), x.scalar(most + 0.5)]);
  return x.b.cast(x.op('Equal', [place, clipped]), x.type);
}

/** A scale or zero point in a shape that broadcasts along its axis. */
function perPosition(x: GradientContext, index: number): string {
  const axis = scaleAxis(x.forward);
  const value = x.input(index);
  if (axis === null) return value;
  const dims = x.inputDims(0).map((size, at) => (at === axis ? size : 1));
  return x.reshape(value, dims);
}

/** Sums over all that shares a scale. */
function overScale(x: GradientContext, gradient: string): string {
  const axis = scaleAxis(x.forward);
  const dims = x.inputDims(0);
  const others = [...dims.keys()].filter((at) => at !== axis);
  return x.sum(gradient, others, false);
}
