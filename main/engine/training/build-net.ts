import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import { AppError } from '../../core/errors.js';
import { checkDenoiser } from '../../core/image/denoise-graph.js';
import { createRandom } from '../../core/image/random.js';
import type { Graph, Tensor } from '../../core/onnx/model.js';
import { formatDims } from '../../core/onnx/tensor.js';
import { estimator, unet } from '../../core/training/nets.js';
import { findWeights } from '../../core/autodiff/weights.js';
import { modelOf } from '../../core/onnx/model.js';
import { openNet } from './net.js';

/** The net that a recipe names, with the weights that training starts from. */

export interface NetToTrain {
  readonly graph: Graph;
  /** Initializers that are trained, in the model's order. */
  readonly trainable: readonly string[];
  /** SHA-256 of the model that it starts from; null for random weights. */
  readonly parent: string | null;
}

/**
 * @param init path of a model whose weights replace those of the net, by name
 * @throws AppError 'model/...' for a file that is no such model, and where the weights of `init` are of another net
 */
export async function buildNet(recipe: TrainingRecipe, init: string | null): Promise<NetToTrain> {
  const { net, name, seed } = recipe;
  const random = createRandom(seed);
  if (net.kind === 'vae') throw new TypeError('an autoencoder is made of two nets');
  let graph: Graph;
  let weights: readonly string[];
  if (net.kind === 'file') {
    ({ graph, weights } = await openNet(net.path));
  } else {
    const made = net.kind === 'unet' ? unet(net, random, name) : estimator(net, random, name);
    ({ graph, weights } = findWeights(modelOf(made)));
  }
  checkTask(recipe, graph);
  if (init !== null)
    graph = { ...graph, initializers: startingFrom(graph, weights, (await openNet(init)).graph, init) };
  const trainable = notFrozen(recipe, weights);
  const from = init ?? (net.kind === 'file' ? net.path : null);
  return { graph, trainable, parent: from === null ? null : await hashFiles([from]) };
}

/** The weights that a recipe does not freeze. @throws AppError 'model/invalid' */
export function notFrozen({ frozen }: TrainingRecipe, weights: readonly string[]): readonly string[] {
  const idle = frozen.find((pattern) => !weights.some((weight) => matches(weight, pattern)));
  if (idle !== undefined) {
    throw new AppError('model/invalid', `frozen: no weight is called '${idle}'; there are ${weights.join(', ')}`);
  }
  const trainable = weights.filter((weight) => !frozen.some((pattern) => matches(weight, pattern)));
  if (trainable.length === 0) throw new AppError('model/invalid', 'the net has no weights to train: all are frozen');
  return trainable;
}

/** Refuses a net that cannot do what the recipe trains it for. */
function checkTask({ objective }: TrainingRecipe, graph: Graph): void {
  if (objective.task === 'denoise') {
    checkDenoiser(graph);
    return;
  }
  const [input, output] = [graph.inputs[0], graph.outputs[0]];
  if (graph.inputs.length === 1 && graph.outputs.length === 1 && input!.name === 'image' && output!.dims.length === 4)
    return;
  const names = graph.inputs.map((value) => value.name).join(', ');
  throw new AppError(
    'model/invalid',
    `an estimator takes 'image' and gives one map; this net takes ${names || 'nothing'}`,
  );
}

const matches = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** A net's initializers with the weights of another of the same names. @throws AppError 'model/shape' */
export function startingFrom(
  graph: Graph,
  weights: readonly string[],
  other: Graph,
  file: string,
): Map<string, Tensor> {
  const initializers = new Map(graph.initializers);
  for (const name of weights) {
    const wanted = graph.initializers.get(name)!;
    const found = other.initializers.get(name);
    if (found === undefined) {
      throw new AppError('model/shape', `${file} cannot be where this net starts: it has no weight '${name}'`);
    }
    if (found.type !== 'float32' || found.dims.join() !== wanted.dims.join()) {
      throw new AppError(
        'model/shape',
        `${file} cannot be where this net starts: '${name}' is ${formatDims(found.dims)}, not ${formatDims(wanted.dims)}`,
      );
    }
    initializers.set(name, found);
  }
  return initializers;
}

/** SHA-256 of the files' bytes, one behind the other. */
export async function hashFiles(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex');
}
