import { basename } from 'node:path';
import type { GradientReport, GradientRequest } from '../../../preload/training/gradient-calls.js';
import {
  gradientGraph,
  gradientName,
  inputName,
  LOSS,
  lossGraph,
  TARGET,
  weightName,
} from '../../core/training/loss-graph.js';
import type { WeightedGraph } from '../../core/autodiff/weights.js';
import { AppError } from '../../core/errors.js';
import { checkModel } from '../../core/onnx/check.js';
import { convertTensor } from '../../core/onnx/convert.js';
import type { Graph, Tensor } from '../../core/onnx/model.js';
import { bindInputShapes } from '../../core/onnx/shapes.js';
import { formatDims, toNumbers } from '../../core/onnx/tensor.js';
import type { RuntimeTensor } from '../runtime.js';
import type { Report } from '../service.js';
import { chooseProvider, openGraph } from '../sessions.js';
import { trainSteps } from './adamw-steps.js';
import { fileStems, makeFolder, refuseOriginals, writeArrays, writeBytes, type NamedArray } from './array-files.js';
import { chooseOutput, onlyOutput, openNet, readInputs, requireInputs, toRuntime } from './net.js';
import { readNpyFile } from './npy-file.js';

/** `gradient`: the loss of a person's own model, its gradient, and what steps of AdamW make of the weights. */

/** Names in the results' folder that are not initializers'. */
const LOSS_FILE = 'loss';
const LOSSES_FILE = 'losses';
const INDEX_FILE = 'index.json';
/** Weights after the steps go in a folder of their own: in the other, an initializer's name is its gradient's. */
const WEIGHTS_FOLDER = 'weights';

/** Writes the results and says what they are. @throws AppError, one line for each thing that can be wrong */
export async function writeGradients(
  signal: AbortSignal,
  request: GradientRequest,
  report: Report,
): Promise<GradientReport> {
  const net = await openNet(request.model);
  const output = chooseOutput(net.graph, request.output);
  const weights = chooseWeights(net, request.freeze);
  const inputs = await readInputs(net.graph, request.inputs);
  requireInputs(net.graph, inputs);
  const graph = bind(onlyOutput(net.graph, output), inputs);
  const target = await readTarget(graph, request.target);
  await makeFolder(request.out);

  const loss = lossGraph(graph, weights, output, request.loss);
  // What no path leads to from the loss went away when the graph was built.
  const used = weights
    .map((name, index) => [weightName(index), name] as const)
    .filter(([w]) => loss.initializers.has(w));
  const feeds: Record<string, RuntimeTensor> = { [TARGET]: target };
  for (const [index, { name }] of graph.inputs.entries()) feeds[inputName(index)] = toRuntime(inputs.get(name)!);
  const found = await gradientsOf(loss, used, feeds, request);
  if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
  refuseNaN(found.loss, request, inputs, target);

  const names = new Map(used);
  const trained =
    request.training === null
      ? null
      : await trainSteps(
          signal,
          loss,
          [...found.gradients.keys()],
          feeds,
          request.training,
          runtimeOf(request),
          (fraction) => {
            report('train', fraction, 0);
          },
        );
  const shaped = (arrays: ReadonlyMap<string, RuntimeTensor>): NamedArray[] =>
    [...arrays].map(([w, { dims, data }]) => ({ name: names.get(w)!, dims, data: data as Float32Array }));
  return write(request, {
    loss: found.loss,
    losses: trained?.losses ?? [],
    gradients: shaped(found.gradients),
    weights: trained === null ? [] : shaped(trained.weights),
    notes: notesOf(net, shaped(found.gradients)),
  });
}

interface Results {
  readonly loss: number;
  readonly losses: readonly number[];
  readonly gradients: readonly NamedArray[];
  readonly weights: readonly NamedArray[];
  readonly notes: readonly string[];
}

async function write(request: GradientRequest, results: Results): Promise<GradientReport> {
  const { out, model, loss, training } = request;
  const stems = fileStems(
    results.gradients.map(({ name }) => name),
    [LOSS_FILE, LOSSES_FILE],
  );
  const files = stems.map((stem) => `${stem}.npy`);
  const isTrained = results.weights.length > 0;
  const all = [
    ...files,
    ...(isTrained ? files.map((file) => `${WEIGHTS_FOLDER}/${file}`) : []),
    ...[LOSS_FILE, LOSSES_FILE].map((name) => `${name}.npy`),
    INDEX_FILE,
  ];
  await refuseOriginals(out, all, [model, request.target, ...request.inputs.map(({ file }) => file)]);
  if (isTrained) await makeFolder(`${out}/${WEIGHTS_FOLDER}`);
  const scalar = { name: LOSS_FILE, dims: [], data: Float32Array.of(results.loss) };
  await writeArrays(out, '', [scalar], [LOSS_FILE]);
  if (isTrained) {
    const losses = { name: LOSSES_FILE, dims: [results.losses.length], data: Float32Array.from(results.losses) };
    await writeArrays(out, '', [losses], [LOSSES_FILE]);
  }
  const written: GradientReport = {
    loss: results.loss,
    losses: [...results.losses],
    gradients: await writeArrays(out, '', results.gradients, stems),
    weights: await writeArrays(out, `${WEIGHTS_FOLDER}/`, results.weights, stems),
    notes: [...results.notes],
  };
  // Last, so that where it is there, everything is.
  const head = { model: basename(model), lossFunction: loss, ...(training ?? {}) };
  await writeBytes(out, INDEX_FILE, `${JSON.stringify({ ...head, ...written }, null, 2)}\n`);
  return written;
}

/** The model's weights but those that are frozen. @throws AppError 'usage/invalid' for a name that is no weight */
function chooseWeights({ weights }: WeightedGraph, freeze: readonly string[]): string[] {
  const unknown = freeze.find((name) => !weights.includes(name));
  if (unknown !== undefined) {
    const few = weights.slice(0, 20).join(', ') + (weights.length > 20 ? '...' : '');
    throw new AppError('usage/invalid', `the model has no weight '${unknown}' to freeze: it has ${few}`);
  }
  return weights.filter((name) => !freeze.includes(name));
}

/** The graph at the inputs' sizes, checked. */
function bind(graph: Graph, inputs: ReadonlyMap<string, Tensor>): Graph {
  const shapes = Object.fromEntries([...inputs].map(([name, { dims }]) => [name, dims]));
  const bound = bindInputShapes(graph, shapes);
  checkModel(bound);
  return bound;
}

async function readTarget(graph: Graph, file: string): Promise<RuntimeTensor> {
  const { name, type, dims } = graph.outputs[0]!;
  if (type !== 'float32') {
    throw new AppError('model/invalid', `the output '${name}' is ${type}: a loss needs a float32 output`);
  }
  const target = await readNpyFile(file);
  if (formatDims(target.dims) !== formatDims(dims)) {
    const shapes = `${formatDims(target.dims)}, but the output '${name}' is ${formatDims(dims)}`;
    throw new AppError('model/shape', `the target ${basename(file)} is ${shapes}`);
  }
  return toRuntime(convertTensor(target, 'float32', file));
}

const runtimeOf = ({ runtime }: GradientRequest) => ({
  provider: chooseProvider(runtime.provider),
  threads: runtime.threads,
  asWritten: true,
});

interface Gradients {
  readonly loss: number;
  /** By the weights' names in the graph. */
  readonly gradients: ReadonlyMap<string, RuntimeTensor>;
}

async function gradientsOf(
  loss: Graph,
  used: readonly (readonly [string, string])[],
  batch: Readonly<Record<string, RuntimeTensor>>,
  request: GradientRequest,
): Promise<Gradients> {
  const weights = used.map(([name]) => name);
  const graph = gradientGraph(loss, weights, weights);
  if (graph.outputs.length === 1) throw new AppError('model/invalid', 'the loss depends on no weight of the model');
  const session = await openGraph(graph, runtimeOf(request));
  try {
    const feeds = { ...batch };
    for (const name of weights) feeds[name] = toRuntime(loss.initializers.get(name)!);
    const outputs = await session.run(onlyInputs(graph, feeds));
    const gradients = weights.flatMap((name) => {
      const gradient = outputs[gradientName(name)];
      return gradient === undefined ? [] : [[name, gradient] as const];
    });
    return { loss: outputs[LOSS]!.data[0] as number, gradients: new Map(gradients) };
  } finally {
    await session.release();
  }
}

const onlyInputs = (graph: Graph, feeds: Readonly<Record<string, RuntimeTensor>>): Record<string, RuntimeTensor> =>
  Object.fromEntries(graph.inputs.map(({ name }) => [name, feeds[name]!]));

function refuseNaN(
  loss: number,
  request: GradientRequest,
  inputs: ReadonlyMap<string, Tensor>,
  target: RuntimeTensor,
): void {
  if (Number.isFinite(loss)) return;
  const broken = (value: Tensor): boolean => toNumbers(value).some((number) => !Number.isFinite(number));
  const culprit = request.inputs.find(({ name }) => broken(inputs.get(name)!))?.file;
  const file = culprit ?? (broken(target) ? request.target : null);
  const why = file === null ? 'the model gives no finite output for these inputs' : `${file} holds NaN or infinity`;
  throw new AppError(file === null ? 'model/invalid' : 'input/unsupported', `the loss is ${loss}: ${why}`);
}

function notesOf({ untied }: WeightedGraph, gradients: readonly NamedArray[]): string[] {
  const known = new Set(gradients.map(({ name }) => name));
  const copies = [...untied].filter(([name]) => known.has(name));
  const broken = gradients.filter(({ data }) => data.some((value) => !Number.isFinite(value)));
  return [
    ...copies.map(
      ([name, source]) =>
        `${name} was stored as a copy of ${source}, which had the same values: it is a weight of its own`,
    ),
    ...broken.map(({ name }) => `the gradient of ${name} holds NaN or infinity`),
  ];
}
