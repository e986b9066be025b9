import { AppError } from '../errors.js';
import { PROBE_SIZE } from './check.js';
import { greatestCommonDivisor, identityField, leastCommonMultiple, type Field, type Reach } from './field.js';
import type { Graph } from './model.js';
import { REACH_RULES } from './rules/reach.js';
import { analyseShapes, bindSymbols, requireOp } from './shapes.js';

/**
 * How many input pixels beyond its own place an output pixel can depend on, on each side; Infinity where something
 * (a global mean, a fully connected layer) makes it depend on the whole image.
 */
export interface ReceptiveField {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/**
 * The receptive field of an output with respect to an image input (N x C x H x W, or H x W x C), in input pixels: the
 * most that any output pixel needs, exact for the operators' own taps. Holds for a tile of the image as well, if the
 * tile starts at a multiple of `requiredMultiple`. Free sizes are tried at `PROBE_SIZE`.
 * AppError 'model/invalid' if there is no such output or input, or the input has no two spatial axes.
 */
export function receptiveField(graph: Graph, outputName: string, inputName: string): ReceptiveField {
  if (!graph.outputs.some((output) => output.name === outputName)) {
    throw new AppError('model/invalid', `the model has no output '${outputName}'`);
  }
  const [vertical, horizontal] = spatialAxes(graph, inputName).map((axis) =>
    reachBeyond(followAxis(graph, inputName, axis).get(outputName) ?? 'nowhere'),
  ) as [Margins, Margins];
  return { top: vertical.before, left: horizontal.before, bottom: vertical.after, right: horizontal.after };
}

/**
 * The number that an image input's height and width must be multiples of for every value inside to have a whole number
 * of pixels: what down- and upsampling paths need to meet again. Errors as `receptiveField`.
 */
export function requiredMultiple(graph: Graph, inputName: string): number {
  let multiple = 1;
  for (const axis of spatialAxes(graph, inputName)) {
    for (const reach of followAxis(graph, inputName, axis).values()) {
      if (typeof reach === 'string') continue;
      // The value has period / shift pixels per input pixel.
      const denominator = reach.shift / greatestCommonDivisor(reach.low.length, reach.shift);
      multiple = leastCommonMultiple(multiple, denominator);
    }
  }
  return multiple;
}

function spatialAxes(graph: Graph, inputName: string): readonly [number, number] {
  const input = graph.inputs.find(({ name }) => name === inputName);
  if (input === undefined) throw new AppError('model/invalid', `the model has no input '${inputName}'`);
  if (input.dims.length === 4) return [2, 3];
  if (input.dims.length === 3) return [0, 1];
  throw new AppError('model/invalid', `the input '${inputName}' is no image: it has ${input.dims.length} dimensions`);
}

/** What every value depends on along one axis of one input. */
function followAxis(graph: Graph, inputName: string, axis: number): Map<string, Reach> {
  const { types, contexts } = analyseShapes(bindSymbols(graph, () => PROBE_SIZE));
  const reaches = new Map<string, Reach>([[inputName, identityField(axis)]]);
  for (const context of contexts) {
    const { node } = context;
    const inputs = node.inputs.map((name) => reaches.get(name) ?? 'nowhere');
    if (inputs.every((reach) => reach === 'nowhere')) continue;
    const shapes = node.outputs.map((name) => types.get(name)?.dims ?? []);
    const found = REACH_RULES[requireOp(node)](context, inputs, shapes);
    for (const [index, name] of node.outputs.entries()) {
      reaches.set(name, isList(found) ? (found[index] ?? 'everywhere') : found);
    }
  }
  return reaches;
}

function isList(found: Reach | readonly Reach[]): found is readonly Reach[] {
  return Array.isArray(found);
}

interface Margins {
  readonly before: number;
  readonly after: number;
}

function reachBeyond(reach: Reach): Margins {
  if (reach === 'nowhere') return { before: 0, after: 0 };
  if (reach === 'everywhere') return { before: Infinity, after: Infinity };
  const margins = reach.low.map((low, phase) => {
    const [first, last] = ownPixels(reach, phase);
    return { before: first - low, after: reach.high[phase]! - last };
  });
  return {
    before: Math.max(0, ...margins.map(({ before }) => before)),
    after: Math.max(0, ...margins.map(({ after }) => after)),
  };
}

/** The input pixels that an output pixel covers: itself at scale 1, a block of them at a smaller scale. */
function ownPixels(field: Field, position: number): [number, number] {
  const inputsPerOutput = field.shift / field.low.length;
  return [Math.floor(position * inputsPerOutput), Math.ceil((position + 1) * inputsPerOutput) - 1];
}
