import { resample, type Field, type Reach } from '../field.js';
import { intAttr, intsAttr, stringAttr } from '../model.js';
import type { NodeContext } from './rule.js';
import { resize } from './select.js';

/** Largest denominator of a scale that is followed exactly, phase by phase. */
const MAX_DENOMINATOR = 64;

/** What a Resize depends on along the axis of `field`: everywhere, if its sampling is not the same at all positions. */
export function resizeReach(field: Field, context: NodeContext): Reach {
  const ratio = scaleAlong(context, field.axis);
  if (ratio === undefined) return 'everywhere';
  const [outputs, inputs] = ratio;
  if (outputs === inputs) return field;
  const position = sourcePosition(stringAttr(context.node, 'coordinate_transformation_mode', 'half_pixel'), ratio);
  if (position === undefined) return 'everywhere';
  const taps = tapsOf(context, outputs / inputs);
  return resample(field, outputs, inputs, (j) => taps(position(j)));
}

/** Output positions per input position along an axis, as a fraction in lowest terms. */
function scaleAlong(context: NodeContext, axis: number): readonly [number, number] | undefined {
  const { dims } = context.input(0);
  const [output] = resize(context);
  const axes = context.axes(intsAttr(context.node, 'axes', [...dims.keys()]), dims.length);
  const entry = axes.indexOf(axis);
  const sizes = context.optionalValues(3, 'the sizes') ?? [];
  const scales = context.optionalValues(2, 'the scales') ?? [];
  const scale = sizes.length > 0 ? output!.dims[axis]! / dims[axis]! : scales[entry];
  if (entry < 0 || scale === undefined) return [1, 1];
  for (let inputs = 1; inputs <= MAX_DENOMINATOR; inputs++) {
    const outputs = Math.round(scale * inputs);
    if (outputs > 0 && Math.abs(outputs / inputs - scale) < 1e-6 * scale) return [outputs, inputs];
  }
  return undefined;
}

/** The input coordinate that an output position samples; undefined where that depends on the image's size. */
function sourcePosition(
  mode: string,
  [outputs, inputs]: readonly [number, number],
): ((j: number) => number) | undefined {
  switch (mode) {
    case 'half_pixel':
    case 'pytorch_half_pixel':
      // ((j + 1/2) / scale) - 1/2 as one division of integers, so that whole positions come out whole.
      return (j) => ((2 * j + 1) * inputs - outputs) / (2 * outputs);
    case 'asymmetric':
      return (j) => (j * inputs) / outputs;
    default:
      return undefined;
  }
}

function tapsOf(context: NodeContext, scale: number): (x: number) => number[] {
  const mode = stringAttr(context.node, 'mode', 'nearest');
  if (mode === 'nearest') {
    const round = nearestRounding(stringAttr(context.node, 'nearest_mode', 'round_prefer_floor'));
    return (x) => [round(x)];
  }
  const half = mode === 'cubic' ? 2 : 1;
  if (intAttr(context.node, 'antialias', 0) !== 0 && scale < 1) {
    return (x) => [Math.ceil(x - half / scale), Math.floor(x + half / scale)];
  }
  return (x) => (Number.isInteger(x) ? [x] : [Math.floor(x) - half + 1, Math.floor(x) + half]);
}

/** How a node of mode "nearest" rounds a position to a pixel. */
export function nearestRounding(mode: string): (x: number) => number {
  switch (mode) {
    case 'floor':
      return Math.floor;
    case 'ceil':
      return Math.ceil;
    case 'round_prefer_ceil':
      return (x) => Math.floor(x + 0.5);
    default:
      return (x) => Math.ceil(x - 0.5);
  }
}
