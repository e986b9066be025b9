import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import { AppError } from '../../core/errors.js';
import { createRandom } from '../../core/image/random.js';
import { findWeights } from '../../core/autodiff/weights.js';
import { modelOf, type Graph, type Tensor } from '../../core/onnx/model.js';
import { patchDiscriminator, vaeDecoder, vaeEncoder } from '../../core/training/vae-nets.js';
import type { VaeNets } from '../../core/training/vae-objectives.js';
import { hashFiles, notFrozen, startingFrom } from './build-net.js';
import { openNet } from './net.js';

/** The nets of an autoencoder, with the weights that training starts from. */

/** What the two files of an autoencoder end with, behind the same beginning. */
export const ENCODER_SUFFIX = '-encoder';
export const DECODER_SUFFIX = '-decoder';

export interface AutoencoderToTrain {
  readonly nets: VaeNets;
  /** Weights of encoder and decoder that are trained, and those of the discriminator. */
  readonly generator: readonly string[];
  readonly adversary: readonly string[];
  /** All three nets' weights, and which of them are trained. */
  readonly weights: {
    readonly graph: { readonly initializers: ReadonlyMap<string, Tensor> };
    readonly trainable: readonly string[];
  };
  /** SHA-256 of the two files that it starts from; null for random weights. */
  readonly parent: string | null;
}

/**
 * @param init the folder of a run or the beginning of the names of two files; the discriminator always starts fresh
 * @throws AppError 'model/...' for files that are no such nets; 'input/not-found' where there are none
 */
export async function buildAutoencoder(recipe: TrainingRecipe, init: string | null): Promise<AutoencoderToTrain> {
  const { net, objective, seed, name } = recipe;
  if (net.kind !== 'vae' || objective.task !== 'autoencode') throw new TypeError('the recipe is of no autoencoder');
  const random = createRandom(seed);
  let encoder = vaeEncoder(net, random, `${name}${ENCODER_SUFFIX}`);
  let decoder = vaeDecoder(net, random, `${name}${DECODER_SUFFIX}`);
  const discriminator = objective.adversary === null ? null : patchDiscriminator(objective.adversary, random);
  let parent: string | null = null;
  if (init !== null) {
    const files = await filesOf(init, name);
    encoder = await withWeightsOf(encoder, files[0]);
    decoder = await withWeightsOf(decoder, files[1]);
    parent = await hashFiles(files);
  }
  const all = [encoder, decoder, discriminator].filter((graph) => graph !== null);
  const trainable = notFrozen(recipe, all.flatMap(weightsOf));
  const adversary = new Set(discriminator === null ? [] : weightsOf(discriminator));
  const generator = trainable.filter((weight) => !adversary.has(weight));
  if (generator.length === 0) throw new AppError('model/invalid', 'encoder and decoder are frozen: nothing is trained');
  return {
    nets: { encoder, decoder, discriminator },
    generator,
    adversary: trainable.filter((weight) => adversary.has(weight)),
    weights: {
      graph: { initializers: new Map(all.flatMap(({ initializers }) => [...initializers])) },
      trainable,
    },
    parent,
  };
}

const weightsOf = (graph: Graph): readonly string[] => findWeights(modelOf(graph)).weights;

async function withWeightsOf(graph: Graph, file: string): Promise<Graph> {
  return { ...graph, initializers: startingFrom(graph, weightsOf(graph), (await openNet(file)).graph, file) };
}

/** The encoder's and the decoder's file. */
async function filesOf(init: string, name: string): Promise<[string, string]> {
  const isFolder = await stat(init).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const ending = new RegExp(`(${ENCODER_SUFFIX}|${DECODER_SUFFIX})?(\\.onnx)?$`);
  const prefix = isFolder ? join(init, await nameIn(init, name)) : init.replace(ending, '');
  return [`${prefix}${ENCODER_SUFFIX}.onnx`, `${prefix}${DECODER_SUFFIX}.onnx`];
}

/** The name of the one autoencoder in a folder, or of that of the recipe. */
async function nameIn(folder: string, name: string): Promise<string> {
  const ending = `${ENCODER_SUFFIX}.onnx`;
  const names = (await readdir(folder)).filter((file) => file.endsWith(ending)).map((file) => basename(file, ending));
  if (names.length === 1) return names[0]!;
  if (names.includes(name)) return name;
  throw new AppError(
    'input/not-found',
    names.length === 0
      ? `${folder} holds no autoencoder to start from (no file ends with ${ending})`
      : `${folder} holds several autoencoders (${names.sort().join(', ')}): give --init the path of one, up to its name`,
  );
}
