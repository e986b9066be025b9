import { intAttr } from '../../onnx/model.js';
import { poolWindow } from '../../onnx/rules/convolution.js';
import { kernelExtent, type Window } from '../../onnx/rules/window.js';
import { elementCount, tensor } from '../../onnx/tensor.js';
import type { GradientContext, GradientRule } from '../rule.js';
import { place } from './select.js';

/** Gradients of pooling; g = dL/dy. */

/** y = mean over all pixels: g / pixels to each */
export const globalAveragePool: GradientRule = (x) => [
  () => x.expand(x.times(x.gradient(), 1 / elementCount(x.inputDims(0).slice(2))), x.inputDims(0)),
];

/** y = mean over a window: g / count to each of its pixels, where count leaves pads out if the node does */
export const averagePool: GradientRule = (x) => [
  () => {
    const window = wholeWindow(x);
    const shares = x.div(x.gradient(), x.b.constant(windowCounts(x, window), 'window_counts'));
    return scatterWindows(x, window, () => shares);
  },
];

/** y = the largest of a window: g to it, to the first where several are equal */
export const maxPool: GradientRule = (x) => [
  () => {
    if (x.optionalGradient(1) !== undefined) throw x.unsupported('its indices have no gradient');
    const window = wholeWindow(x);
    const padded = padLow(x, x.input(0), window);
    let open = x.mask(x.op('Equal', [x.output(), x.output()]));
    return scatterWindows(x, window, (taps) => {
      const tap = taps.reduce((value, range) => take(x, value, range), padded);
      const isLargest = x.mul(open, x.mask(x.op('Equal', [tap, x.output()])));
      open = x.sub(open, isLargest);
      return x.mul(x.gradient(), isLargest);
    });
  },
];

interface Tap {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** The window, grown at the end where rounding up lets it reach beyond its pads. */
function wholeWindow(x: GradientContext): Window {
  const window = poolWindow(x.forward);
  const sizes = x.inputDims(0).slice(2);
  const out = x.dims(x.output()).slice(2);
  const padsEnd = sizes.map((size, axis) => {
    const reach = (out[axis]! - 1) * window.strides[axis]! + kernelExtent(window, axis);
    return Math.max(window.padsEnd[axis]!, reach - size - window.padsBegin[axis]!);
  });
  return { ...window, padsEnd };
}

/** Adds up what each tap of the kernel gets, at the pixels that it looks at; pads are cut off. */
function scatterWindows(x: GradientContext, window: Window, shareOf: (taps: readonly Tap[]) => string): string {
  const out = x.dims(x.output()).slice(2);
  const sizes = x.inputDims(0).slice(2);
  const padded = sizes.map((size, axis) => size + window.padsBegin[axis]! + window.padsEnd[axis]!);
  const parts = positionsOf(window.kernel).map((position) => {
    const taps = position.map((at, axis): Tap => {
      return { axis: axis + 2, start: at * window.dilations[axis]!, step: window.strides[axis]!, count: out[axis]! };
    });
    const share = shareOf(taps);
    return taps.reduce((value, tap) => place(x, value, tap, padded[tap.axis - 2]!), share);
  });
  const sum = parts.reduce((a, b) => x.add(a, b));
  return sizes.reduce((cut, size, axis) => {
    return x.slice(cut, axis + 2, window.padsBegin[axis]!, window.padsBegin[axis]! + size);
  }, sum);
}

function positionsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (all, size) => all.flatMap((at) => Array.from({ length: size }, (_, i) => [...at, i])),
    [[]],
  );
}

function take(x: GradientContext, value: string, { axis, start, step, count }: Tap): string {
  return x.slice(value, axis, start, start + (count - 1) * step + 1, step);
}

/** Pads with what is never the largest. */
function padLow(x: GradientContext, value: string, window: Window): string {
  if ([...window.padsBegin, ...window.padsEnd].every((pads) => pads === 0)) return value;
  const pads = [0, 0, ...window.padsBegin, 0, 0, ...window.padsEnd];
  return x.op('Pad', [value, x.b.ints(pads), x.scalar(-3.4e38)]);
}

/** How many pixels the mean of each window is over: 1 x 1 x the output's sizes. */
function windowCounts(x: GradientContext, window: Window) {
  const countsPads = intAttr(x.node, 'count_include_pad', 0) !== 0;
  const given = poolWindow(x.forward);
  const sizes = x.inputDims(0).slice(2);
  const out = x.dims(x.output()).slice(2);
  const alongAxis = out.map((count, axis) => {
    const [from, to] = countsPads ? [-given.padsBegin[axis]!, sizes[axis]! + given.padsEnd[axis]!] : [0, sizes[axis]!];
    return Array.from({ length: count }, (_, i) => {
      const first = i * window.strides[axis]! - window.padsBegin[axis]!;
      const taps = Array.from({ length: window.kernel[axis]! }, (__, k) => first + k * window.dilations[axis]!);
      return taps.filter((at) => at >= from && at < to).length;
    });
  });
  const counts = alongAxis.reduce<number[]>((all, axis) => all.flatMap((a) => axis.map((b) => a * b)), [1]);
  const values = x.type === 'float64' ? Float64Array.from(counts) : Float32Array.from(counts);
  return tensor(x.type, [1, 1, ...out], values as Float32Array & Float64Array);
}
