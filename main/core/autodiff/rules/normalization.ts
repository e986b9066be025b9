import { floatAttr } from '../../onnx/model.js';
import { normalizedFrom } from '../../onnx/rules/normalization.js';
import type { GradientContext, GradientRule } from '../rule.js';

/**
 * Gradients of normalizations; g = dL/dy, x^ the normalized input, r = 1 / sqrt(variance + epsilon). Where mean and
 * variance are those of the input itself, over axes S, with h = g scale:
 * dx = r (h - mean_S h - x^ mean_S(h x^))   (Ioffe and Szegedy 2015, arXiv:1502.03167, section 3)
 */

const DEFAULT_EPSILON = 1e-5;

interface Normalized {
  readonly hat: string;
  readonly scale: string;
  readonly inverse: string;
}

/** x^ and r over axes of the input, made anew: the runtime keeps neither. */
function normalize(x: GradientContext, axes: readonly number[]): Omit<Normalized, 'scale'> {
  const centred = x.sub(x.input(0), x.mean(x.input(0), axes));
  const variance = x.mean(x.mul(centred, centred), axes);
  const deviation = x.op('Sqrt', [x.add(variance, x.scalar(floatAttr(x.node, 'epsilon', DEFAULT_EPSILON)))]);
  const inverse = x.div(x.scalar(1), deviation);
  return { hat: x.mul(centred, inverse), inverse };
}

/** The formula above. */
function throughStatistics(x: GradientContext, axes: readonly number[], n: Normalized): string {
  const h = x.mul(x.gradient(), n.scale);
  const rest = x.add(x.mean(h, axes), x.mul(n.hat, x.mean(x.mul(h, n.hat), axes)));
  return x.mul(n.inverse, x.sub(h, rest));
}

/** Over the last axes: d scale = g x^, d bias = g, which the walk sums over the axes before */
export const layerNormalization: GradientRule = (x) => {
  for (const index of [1, 2]) {
    if (x.optionalGradient(index) !== undefined) throw x.unsupported('its mean and deviation have no gradient');
  }
  const rank = x.inputDims(0).length;
  const axes = Array.from({ length: rank - normalizedFrom(x.forward) }, (_, i) => normalizedFrom(x.forward) + i);
  const normalized = once(() => normalize(x, axes));
  return [
    () => throughStatistics(x, axes, { ...normalized(), scale: x.input(1) }),
    () => x.mul(x.gradient(), normalized().hat),
    () => x.gradient(),
  ];
};

/** A value per channel as one that broadcasts over N x C x spatial sizes. */
function perChannel(x: GradientContext, value: string): string {
  return x.reshape(value, [
    x.dims(value)[0]!,
    ...x
      .inputDims(0)
      .slice(2)
      .map(() => 1),
  ]);
}

/** The sum of g times something over all but the channels. */
function sumOfChannels(x: GradientContext, value: string): string {
  return x.sum(value, [...x.inputDims(0).keys()].toSpliced(1, 1), false);
}

/** Over the pixels of each image and channel: d scale = sum g x^, d bias = sum g */
export const instanceNormalization: GradientRule = (x) => {
  const axes = [...x.inputDims(0).keys()].slice(2);
  const normalized = once(() => normalize(x, axes));
  return [
    () => throughStatistics(x, axes, { ...normalized(), scale: perChannel(x, x.input(1)) }),
    () => sumOfChannels(x, x.mul(x.gradient(), normalized().hat)),
    () => sumOfChannels(x, x.gradient()),
  ];
};

/**
 * With a given mean m and variance v: dx = g scale r, d scale = sum g x^, d bias = sum g, dm = -sum g scale r,
 * dv = -sum g scale x^ r^2 / 2
 */
export const batchNormalization: GradientRule = (x) => {
  const channel = (index: number): string => perChannel(x, x.input(index));
  const inverse = once(() => {
    const variance = x.add(channel(4), x.scalar(floatAttr(x.node, 'epsilon', DEFAULT_EPSILON)));
    return x.div(x.scalar(1), x.op('Sqrt', [variance]));
  });
  const hat = once(() => x.mul(x.sub(x.input(0), channel(3)), inverse()));
  const scaled = once(() => x.mul(x.gradient(), x.mul(channel(1), inverse())));
  return [
    scaled,
    () => sumOfChannels(x, x.mul(x.gradient(), hat())),
    () => sumOfChannels(x, x.gradient()),
    () => x.neg(sumOfChannels(x, scaled())),
    () => x.times(sumOfChannels(x, x.mul(scaled(), x.mul(hat(), inverse()))), -0.5),
  ];
};

/** Adds nodes the first time it is asked for them. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
