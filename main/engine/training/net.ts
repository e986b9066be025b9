import type { NamedFile } from '../../../preload/training/gradient-calls.js';
import { findWeights, type WeightedGraph } from '../../core/autodiff/weights.js';
import { AppError } from '../../core/errors.js';
import { decodeModel } from '../../core/onnx/codec.js';
import { convertTensor } from '../../core/onnx/convert.js';
import { lowerModel } from '../../core/onnx/lower.js';
import type { Graph, Tensor, ValueInfo } from '../../core/onnx/model.js';
import { formatDims } from '../../core/onnx/tensor.js';
import { liveNodes } from '../../core/onnx/topology.js';
import { readModelFile } from '../models.js';
import type { RuntimeTensor } from '../runtime.js';
import { readNpyFile } from './npy-file.js';

/** A model of the person's own, and what it is fed with. */

/** Reads a model in the vocabulary of the gradients' rules. @throws AppError 'model/...' with the file's name */
export async function openNet(file: string): Promise<WeightedGraph> {
  const bytes = await readModelFile(file);
  try {
    const model = decodeModel(bytes);
    return findWeights({ ...model, graph: lowerModel(model) });
  } catch (error) {
    throw error instanceof AppError ? new AppError(error.code, `${file}: ${error.message}`, { cause: error }) : error;
  }
}

/** The output to use. @throws AppError 'usage/invalid', naming them */
export function chooseOutput(graph: Graph, wanted: string | null): string {
  const names = graph.outputs.map(({ name }) => name);
  if (wanted === null && names.length === 1) return names[0]!;
  if (wanted !== null && names.includes(wanted)) return wanted;
  const list = graph.outputs.map(described).join(', ');
  throw new AppError(
    'usage/invalid',
    wanted === null
      ? `the model has ${names.length} outputs, choose one with --output: ${list}`
      : `the model has no output '${wanted}': it has ${list}`,
  );
}

/** The graph with one output and only what that needs; inputs stay. */
export function onlyOutput(graph: Graph, output: string): Graph {
  const narrow = { ...graph, outputs: graph.outputs.filter(({ name }) => name === output) };
  const nodes = liveNodes(narrow);
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  return { ...narrow, nodes, initializers: new Map([...graph.initializers].filter(([name]) => used.has(name))) };
}

/**
 * Reads the files for a model's inputs, in the types that it wants.
 * @throws AppError 'usage/invalid' for names that the model does not have, or that are given twice; 'input/...'
 */
export async function readInputs(graph: Graph, files: readonly NamedFile[]): Promise<Map<string, Tensor>> {
  const has = graph.inputs.length === 0 ? 'it has none' : `it has ${graph.inputs.map(described).join(', ')}`;
  const read = new Map<string, Tensor>();
  for (const { name, file } of files) {
    const input = graph.inputs.find((candidate) => candidate.name === name);
    if (input === undefined) throw new AppError('usage/invalid', `the model has no input '${name}': ${has}`);
    if (read.has(name)) throw new AppError('usage/invalid', `the input '${name}' is given twice`);
    const value = await readNpyFile(file);
    if (value.data.length === 0) throw new AppError('input/unsupported', `${file} is ${formatDims(value.dims)}: empty`);
    read.set(name, convertTensor(value, input.type, file));
  }
  return read;
}

/** Refuses to go on without a file for each input. @throws AppError 'usage/invalid', naming them */
export function requireInputs(graph: Graph, given: ReadonlyMap<string, unknown>): void {
  const missing = graph.inputs.filter(({ name }) => !given.has(name));
  if (missing.length === 0) return;
  const all = graph.inputs.map(described).join(', ');
  const names = missing.map(({ name }) => `'${name}'`).join(', ');
  throw new AppError(
    'usage/invalid',
    `no file was given for the ${missing.length === 1 ? 'input' : 'inputs'} ${names} (--input NAME=FILE.npy): the model has ${all}`,
  );
}

/** A tensor as the runtime takes it. */
export function toRuntime(value: Tensor): RuntimeTensor {
  if (value.type === 'float16')
    throw new AppError('model/invalid', 'float16 cannot be fed: export the model in float32');
  return value;
}

const described = ({ name, type, dims }: ValueInfo): string =>
  `${name} (${formatDims(dims)}${type === 'float32' ? '' : ` ${type}`})`;
