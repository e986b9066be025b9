import { intAttr, intsAttr, stringAttr } from '../../onnx/model.js';
import { nearestRounding } from '../../onnx/rules/resize-reach.js';
import { tensor } from '../../onnx/tensor.js';
import type { GradientContext, GradientRule } from '../rule.js';
import { alongAxis } from './select.js';

/**
 * y = R x along each axis, with R the weights of the sampling (rows: output positions): dx = R' g. Enlarging by repetition
 * needs no product: it is summed.
 */
export const resize: GradientRule = (x) => [
  () => {
    const mode = stringAttr(x.node, 'mode', 'nearest');
    if (mode === 'cubic') throw x.unsupported('mode cubic has no gradient: use linear or nearest');
    if (intAttr(x.node, 'antialias', 0) !== 0) throw x.unsupported('antialias has no gradient: leave it out');
    const out = x.dims(x.output());
    return x.inputDims(0).reduce((g, size, axis) => {
      if (size === out[axis]) return g;
      const taps = Array.from({ length: out[axis]! }, (_, j) => tapsAt(x, mode, axis, j));
      return repeats(taps, size) ? sumRuns(x, g, axis, size) : alongAxis(x, samplingOf(x, taps, size), g, axis);
    }, x.gradient());
  },
  ...x.node.inputs.slice(1).map(() => null),
];

/** Input positions and their weights. */
type Taps = readonly (readonly [position: number, weight: number])[];

function tapsAt(x: GradientContext, mode: string, axis: number, j: number): Taps {
  const size = x.inputDims(0)[axis]!;
  const clamp = (at: number): number => Math.min(size - 1, Math.max(0, at));
  const at = positionOf(x, axis, j);
  if (mode === 'nearest') {
    return [[clamp(nearestRounding(stringAttr(x.node, 'nearest_mode', 'round_prefer_floor'))(at)), 1]];
  }
  const low = Math.floor(clamp(at));
  const share = clamp(at) - low;
  return [
    [low, 1 - share],
    [clamp(low + 1), share],
  ];
}

/** The input coordinate that an output position samples (ONNX Resize, coordinate_transformation_mode). */
function positionOf(x: GradientContext, axis: number, j: number): number {
  const [size, out] = [x.inputDims(0)[axis]!, x.dims(x.output())[axis]!];
  const scale = scaleOf(x, axis) ?? out / size;
  const mode = stringAttr(x.node, 'coordinate_transformation_mode', 'half_pixel');
  switch (mode) {
    case 'half_pixel':
      return (j + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return out > 1 ? (j + 0.5) / scale - 0.5 : 0;
    case 'asymmetric':
      return j / scale;
    case 'align_corners':
      return out > 1 ? (j * (size - 1)) / (out - 1) : 0;
    default:
      throw x.unsupported(`coordinate_transformation_mode ${mode} has no gradient: use half_pixel`);
  }
}

/** The scale of an axis where the node gives scales. */
function scaleOf(x: GradientContext, axis: number): number | undefined {
  const scales = x.forward.optionalValues(2, 'the scales') ?? [];
  const rank = x.inputDims(0).length;
  const axes = x.forward.axes(intsAttr(x.node, 'axes', [...Array(rank).keys()]), rank);
  return scales[axes.indexOf(axis)];
}

/** Whether each input position is repeated equally often, in order. */
function repeats(taps: readonly Taps[], size: number): boolean {
  const times = taps.length / size;
  return Number.isInteger(times) && taps.every((all, j) => all.length === 1 && all[0]![0] === Math.floor(j / times));
}

function sumRuns(x: GradientContext, g: string, axis: number, size: number): string {
  const dims = x.dims(g);
  return x.sum(x.reshape(g, dims.toSpliced(axis, 1, size, dims[axis]! / size)), [axis + 1], false);
}

/** R', of size x out. */
function samplingOf(x: GradientContext, taps: readonly Taps[], size: number): string {
  const data = new Float64Array(size * taps.length);
  for (const [j, all] of taps.entries()) for (const [at, weight] of all) data[at * taps.length + j]! += weight;
  const values = x.type === 'float64' ? data : Float32Array.from(data);
  return x.b.constant(tensor(x.type, [size, taps.length], values as Float32Array & Float64Array), 'sampling');
}
