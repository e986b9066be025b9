import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RuntimeSettings } from '../../../preload/contract.js';
import type { VaeHashes } from '../../../preload/generate/recipe.js';
import { addBackward } from '../../core/autodiff/gradient.js';
import { AppError } from '../../core/errors.js';
import type { DecodedSquare } from '../../core/latent/change.js';
import { ATTRIBUTES, ATTRIBUTE_STEP, attributeGradient, type Attribute } from '../../core/latent/attributes.js';
import type { Vector } from '../../core/latent/vectors.js';
import { GraphBuilder } from '../../core/onnx/builder.js';
import { decodeModel } from '../../core/onnx/codec.js';
import { lowerModel } from '../../core/onnx/lower.js';
import type { Graph, ValueInfo } from '../../core/onnx/model.js';
import { bindInputShapes } from '../../core/onnx/shapes.js';
import { readModelFile } from '../models.js';
import type { RuntimeSession } from '../runtime.js';
import { chooseProvider, openGraph } from '../sessions.js';

/** A variational autoencoder: an encoder `image` -> `mean`, `logvar`, and a decoder `latent` -> `image`. */

const ENCODER_ENDING = '-encoder.onnx';
const DECODER_ENDING = '-decoder.onnx';

/** What the encoder makes of a picture. */
export interface Posterior {
  readonly mean: Float32Array;
  readonly logvar: Float32Array;
}

/** Opens VAEs and keeps the last one. */
export class VaeStore {
  private kept: { readonly key: string; readonly vae: Promise<Vae> } | undefined;

  /** @param folder where the shipped models are */
  constructor(private readonly folder: string) {}

  /**
   * The VAE of a folder or of the beginning of its files' names; null: the shipped one.
   * @throws AppError model/not-found, model/invalid where the files are no such pair
   */
  async open(place: string | null, runtime: RuntimeSettings): Promise<Vae> {
    const files = await vaeFiles(place ?? join(this.folder, 'vae'));
    const stamps = await Promise.all(files.map((file) => stat(file).catch(() => null)));
    const key = JSON.stringify([files, stamps.map((info) => [info?.size, info?.mtimeMs]), runtime]);
    if (this.kept?.key === key) return this.kept.vae;
    await this.clear();
    const vae = Vae.load(files[0], files[1], runtime);
    this.kept = { key, vae };
    vae.catch(() => {
      if (this.kept?.vae === vae) this.kept = undefined;
    });
    return vae;
  }

  /** Releases the sessions. Only between inferences. */
  async clear(): Promise<void> {
    const vae = await this.kept?.vae.catch(() => null);
    this.kept = undefined;
    await vae?.release();
  }
}

/** The encoder's and the decoder's file. */
async function vaeFiles(place: string): Promise<readonly [string, string]> {
  const info = await stat(place).catch(() => null);
  if (info?.isDirectory() !== true) {
    const prefix = place.replace(/-(en|de)coder\.onnx$/, '');
    return [prefix + ENCODER_ENDING, prefix + DECODER_ENDING];
  }
  const names = (await readdir(place)).filter((name) => name.endsWith(ENCODER_ENDING)).sort();
  if (names.length === 1) {
    const prefix = join(place, names[0]!.slice(0, -ENCODER_ENDING.length));
    return [prefix + ENCODER_ENDING, prefix + DECODER_ENDING];
  }
  const found = names.length === 0 ? 'none' : names.join(', ');
  throw new AppError('model/not-found', `the folder ${place} should hold one NAME${ENCODER_ENDING}: it holds ${found}`);
}

/** An opened VAE. One picture or latent goes through at a time, so that what comes out never depends on its company. */
export class Vae {
  private derivatives: Promise<RuntimeSession> | undefined;

  private constructor(
    readonly hashes: VaeHashes,
    /** Sides of its pictures in pixels. */
    readonly side: number,
    /** Numbers of a latent. */
    readonly size: number,
    private readonly decoderGraph: Graph,
    private readonly encoder: RuntimeSession,
    private readonly decoder: RuntimeSession,
    private readonly runtime: RuntimeSettings,
  ) {}

  static async load(encoderFile: string, decoderFile: string, runtime: RuntimeSettings): Promise<Vae> {
    const [encoder, decoder] = await Promise.all([readNet(encoderFile), readNet(decoderFile)]);
    const { side, size, encoderGraph, decoderGraph } = checkPair(encoder, decoder);
    const options = { provider: chooseProvider(runtime.provider), threads: runtime.threads };
    const encoderSession = await openGraph(encoderGraph, options);
    const decoderSession = await openGraph(decoderGraph, options);
    const hashes = { encoder: encoder.sha256, decoder: decoder.sha256 };
    return new Vae(hashes, side, size, decoderGraph, encoderSession, decoderSession, runtime);
  }

  /** The posterior of a picture: planes of red, green and blue in [0,1]. */
  async encode(data: Float32Array): Promise<Posterior> {
    const { side } = this;
    const { mean, logvar } = await this.encoder.run({ image: { type: 'float32', dims: [1, 3, side, side], data } });
    return { mean: floats(mean), logvar: floats(logvar) };
  }

  /** The picture of a latent. */
  async decode(latent: Vector): Promise<DecodedSquare> {
    const data = Float32Array.from(latent);
    const { image } = await this.decoder.run({ latent: { type: 'float32', dims: [1, this.size], data } });
    return { side: this.side, data: floats(image) };
  }

  /** The gradient of each attribute of the decoded picture by the latent, in units of its step. */
  async attributeGradients(latent: Vector, picture: DecodedSquare): Promise<Map<Attribute, Float64Array>> {
    const { side, size } = this;
    this.derivatives ??= openGraph(derivativeGraph(this.decoderGraph, size, side), {
      provider: chooseProvider(this.runtime.provider),
      threads: this.runtime.threads,
    });
    const session = await this.derivatives;
    const gradients = new Map<Attribute, Float64Array>();
    for (const attribute of ATTRIBUTES) {
      const { gradient } = await session.run({
        latent: { type: 'float32', dims: [1, size], data: Float32Array.from(latent) },
        image_grad: { type: 'float32', dims: [1, 3, side, side], data: attributeGradient(attribute, picture) },
      });
      gradients.set(
        attribute,
        Float64Array.from(floats(gradient), (x) => x / ATTRIBUTE_STEP[attribute]),
      );
    }
    return gradients;
  }

  async release(): Promise<void> {
    await Promise.all([this.encoder.release(), this.decoder.release()]);
    await (await this.derivatives)?.release();
  }
}

function floats(tensor: { readonly type: string; readonly data: unknown } | undefined): Float32Array {
  if (tensor?.type !== 'float32') throw new AppError('engine/internal', 'the VAE did not give numbers');
  return tensor.data as Float32Array;
}

interface Net {
  readonly file: string;
  readonly graph: Graph;
  readonly sha256: string;
}

async function readNet(file: string): Promise<Net> {
  const bytes = await readModelFile(file);
  try {
    const graph = lowerModel(decodeModel(bytes));
    return { file, graph, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    const { code, message } = error instanceof AppError ? error : new AppError('model/invalid', 'it is no ONNX model');
    throw new AppError(code, `${basename(file)}: ${message}`, { cause: error });
  }
}

/** Sizes of a pair of nets, fixed to one picture. @throws AppError model/invalid, saying what does not fit */
function checkPair(encoder: Net, decoder: Net) {
  const image = soleInput(encoder, 'image', 4);
  const latent = soleInput(decoder, 'latent', 2);
  const [, channels, height, width] = image.dims;
  if (channels !== 3 || typeof height !== 'number' || height !== width) {
    throw notVae(
      encoder,
      `its input 'image' should be [N,3,SIDE,SIDE] with a fixed side, not [${image.dims.join(',')}]`,
    );
  }
  const size = latent.dims[1];
  if (typeof size !== 'number') throw notVae(decoder, "its input 'latent' should be [N,SIZE] with a fixed size");
  const encoderGraph = bindInputShapes(encoder.graph, { image: [1, 3, height, height] });
  const decoderGraph = bindInputShapes(decoder.graph, { latent: [1, size] });
  for (const name of ['mean', 'logvar']) requireOutput(encoder, encoderGraph, name, [1, size]);
  requireOutput(decoder, decoderGraph, 'image', [1, 3, height, height]);
  return { side: height, size, encoderGraph, decoderGraph };
}

function soleInput(net: Net, name: string, rank: number): ValueInfo {
  const [input, ...more] = net.graph.inputs;
  if (input?.name === name && more.length === 0 && input.dims.length === rank) return input;
  const found = net.graph.inputs.map((one) => `${one.name} [${one.dims.join(',')}]`).join(', ');
  throw notVae(net, `it should have one input '${name}' with ${rank} axes, and has ${found || 'none'}`);
}

function requireOutput(net: Net, graph: Graph, name: string, dims: readonly number[]): void {
  const output = graph.outputs.find((one) => one.name === name);
  if (output?.type === 'float32' && output.dims.join() === dims.join()) return;
  const found = graph.outputs.map((one) => `${one.name} [${one.dims.join(',')}]`).join(', ');
  throw notVae(net, `it should have an output '${name}' [${dims.join(',')}], and has ${found}`);
}

const notVae = ({ file }: Net, why: string): AppError =>
  new AppError('model/invalid', `${basename(file)} is no part of a VAE: ${why}`);

/** The gradient by the latent of a sum over the picture's values, weighted by `image_grad`. */
export function derivativeGraph(decoder: Graph, size: number, side: number): Graph {
  const b = new GraphBuilder();
  const latent = b.input('latent', 'float32', [1, size]);
  const weights = b.input('image_grad', 'float32', [1, 3, side, side]);
  const values = b.inlineAll(decoder, 'decoder', { latent });
  const gradients = addBackward(b, decoder, values, { seeds: new Map([['image', weights]]), wanted: ['latent'] });
  return b.build({ gradient: gradients.get('latent')! }, 'derivatives');
}
