import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Precision } from '../../preload/contract.js';
import { MODEL_KINDS, type ModelSummary } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { checkDenoiser } from '../core/image/denoise-graph.js';
import { peakActivationBytes } from '../core/onnx/activations.js';
import { checkModel } from '../core/onnx/check.js';
import { decodeModel } from '../core/onnx/codec.js';
import { countMacs, countParameters } from '../core/onnx/cost.js';
import type { Graph } from '../core/onnx/model.js';
import { receptiveField, requiredMultiple } from '../core/onnx/receptive-field.js';
import { bindInputShapes, bindSymbols } from '../core/onnx/shapes.js';
import { errnoOf } from './codec/faults.js';

/** The shipped models and any .onnx file of the person's own, loaded once and described. */

const CatalogEntry = z.object({
  name: z.string(),
  kind: z.enum(MODEL_KINDS),
  file: z.string(),
  sha256: z.string(),
  licence: z.string(),
  title: z.string(),
  description: z.string(),
  /** Overlap of tiles in pixels that a measurement allows below the receptive radius. */
  tileOverlap: z.int().positive().optional(),
  /** The 8-bit variant: docs/quantization.md. */
  int8: z.object({ file: z.string(), sha256: z.string() }).optional(),
});
type CatalogEntry = z.infer<typeof CatalogEntry>;

const Catalog = z.object({ version: z.literal(1), models: z.array(CatalogEntry) });

export interface LoadedModel {
  readonly graph: Graph;
  /** Pixels on each side that can influence an output pixel; Infinity if all can. */
  readonly receptiveRadius: number;
  /** Pixels that neighbouring tiles share where a measurement allows less than the radius: decision 0002. */
  readonly tileOverlap: number | null;
  /** Height and width must be multiples of this. */
  readonly multiple: number;
  /** The most activations that are alive at once, in bytes per pixel of a tile. */
  readonly activationBytesPerPixel: number;
  /** Multiply-adds per pixel. */
  readonly macsPerPixel: number;
  /** Hash of the file's bytes: what sessions and cached results are keyed by. */
  readonly sha256: string;
}

/** Name of the estimator in the catalogue. */
export const ESTIMATOR = 'estimator';

/** Largest model file that is read: a guard against being pointed at something that is no model. */
const MAX_MODEL_BYTES = 2 ** 31 - 1;

/** Loads models by catalogue name or absolute path and keeps them. */
export class ModelStore {
  private readonly loaded = new Map<string, Promise<LoadedModel>>();
  /** Of VAEs: only what is said of them is kept. */
  private readonly halves = new Map<string, Promise<Described>>();
  private catalog: Promise<readonly CatalogEntry[]> | undefined;

  /** @param folder where catalog.json and the shipped models are */
  constructor(private readonly folder: string) {}

  /**
   * A denoiser by name ('quality', 'fast') or absolute path.
   * @throws AppError model/not-found, also for a model without a variant of the precision; model/invalid, model/shape,
   *   model/unsupported-op
   */
  async denoiser(nameOrPath: string, precision: Precision = 'float'): Promise<LoadedModel> {
    const model = await this.load(...(await this.resolve(nameOrPath, 'denoiser', precision)));
    checkDenoiser(model.graph);
    return model;
  }

  /** The path of a denoiser. Errors as `denoiser`. */
  async denoiserFile(nameOrPath: string): Promise<string> {
    await this.denoiser(nameOrPath);
    return (await this.resolve(nameOrPath, 'denoiser'))[0];
  }

  /** The shipped noise estimator. */
  async estimator(): Promise<LoadedModel> {
    return this.load(...(await this.resolve(ESTIMATOR, 'noise-estimator')));
  }

  /** Describes the shipped models of some kinds. */
  async summaries(kinds: readonly CatalogEntry['kind'][] = MODEL_KINDS): Promise<ModelSummary[]> {
    const entries = (await this.entries()).filter(({ kind }) => kinds.includes(kind));
    return Promise.all(
      entries.map(async (entry) => {
        const file = join(this.folder, entry.file);
        const known = isHalfOfVae(entry) ? await this.describeHalf(file) : await this.describe(file, entry);
        const int8 = await this.variantOf(entry);
        return {
          name: entry.name,
          kind: entry.kind,
          file,
          title: entry.title,
          description: entry.description,
          licence: entry.licence,
          bytes: (await stat(file)).size,
          ...known,
          int8,
          intact: known.sha256 === entry.sha256 && (entry.int8 === undefined || int8 !== null),
        };
      }),
    );
  }

  /** Hash of a model's 8-bit variant; null where there is none, or not the one that the catalogue vouches for. */
  private async variantOf({ int8 }: CatalogEntry): Promise<string | null> {
    if (int8 === undefined) return null;
    // One that is missing is no reason not to have the float one.
    return readModelFile(join(this.folder, int8.file)).then(
      (bytes) => (hashOf(bytes) === int8.sha256 ? int8.sha256 : null),
      () => null,
    );
  }

  private describeHalf(file: string): Promise<Described> {
    let half = this.halves.get(file);
    if (half === undefined) {
      half = describeHalf(file);
      this.halves.set(file, half);
      half.catch(() => this.halves.delete(file));
    }
    return half;
  }

  private async describe(file: string, entry: CatalogEntry): Promise<Described> {
    const { sha256, graph, macsPerPixel, receptiveRadius, multiple } = await this.load(file, entry);
    return { sha256, parameters: countParameters(graph), macsPerPixel, receptiveRadius, multiple };
  }

  private async resolve(
    nameOrPath: string,
    kind: CatalogEntry['kind'],
    precision: Precision = 'float',
  ): Promise<[string, CatalogEntry?]> {
    if (isAbsolute(nameOrPath)) {
      if (precision === 'int8') throw withoutVariant(nameOrPath);
      return [nameOrPath];
    }
    const entries = (await this.entries()).filter((entry) => entry.kind === kind);
    const entry = entries.find(({ name }) => name === nameOrPath);
    if (entry === undefined) {
      const names = entries.map(({ name }) => name).join(', ');
      throw new AppError(
        'model/not-found',
        `there is no model '${nameOrPath}': choose ${names} or the path of an .onnx file`,
      );
    }
    if (precision === 'float') return [join(this.folder, entry.file), entry];
    if (entry.int8 === undefined) throw withoutVariant(nameOrPath);
    return [join(this.folder, entry.int8.file), entry];
  }

  private entries(): Promise<readonly CatalogEntry[]> {
    this.catalog ??= readFile(join(this.folder, 'catalog.json'), 'utf8').then(
      (text) => Catalog.parse(JSON.parse(text)).models,
      (error: unknown) => {
        this.catalog = undefined;
        throw new AppError('model/not-found', `the shipped models are missing from ${this.folder}`, {
          cause: error,
        });
      },
    );
    return this.catalog;
  }

  private load(file: string, entry?: CatalogEntry): Promise<LoadedModel> {
    let model = this.loaded.get(file);
    if (model === undefined) {
      model = loadModel(file, entry?.tileOverlap ?? null);
      this.loaded.set(file, model);
      // A file that could not be read may be put right: the next photo tries again.
      model.catch(() => this.loaded.delete(file));
    }
    return model;
  }
}

async function loadModel(file: string, tileOverlap: number | null): Promise<LoadedModel> {
  const bytes = await readModelFile(file);
  const { graph } = decodeModel(bytes);
  checkModel(graph);
  const output = graph.outputs[0];
  if (output === undefined) throw new AppError('model/invalid', `${file} has no outputs`);
  const probe = atProbeSize(graph);
  const field = receptiveField(graph, output.name, 'image');
  return {
    graph,
    receptiveRadius: Math.max(field.top, field.bottom, field.left, field.right),
    tileOverlap,
    multiple: requiredMultiple(graph, 'image'),
    activationBytesPerPixel: peakActivationBytes(probe) / PROBE_SIDE ** 2,
    macsPerPixel: countMacs(probe) / PROBE_SIDE ** 2,
    sha256: hashOf(bytes),
  };
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const withoutVariant = (model: string): AppError =>
  new AppError(
    'model/not-found',
    `the model ${model} has no 8-bit variant: use float, or one of the shipped denoisers`,
  );

type Described = Pick<ModelSummary, 'sha256' | 'parameters' | 'macsPerPixel' | 'receptiveRadius' | 'multiple'>;

const isHalfOfVae = ({ kind }: CatalogEntry): boolean => kind === 'vae-encoder' || kind === 'vae-decoder';

/** What is to be said of an encoder or decoder, whose pictures have one size. */
async function describeHalf(file: string): Promise<Described> {
  const bytes = await readModelFile(file);
  const graph = bindSymbols(decodeModel(bytes).graph, () => 1);
  const picture = [...graph.inputs, ...graph.outputs].find(({ dims }) => dims.length === 4);
  const side = Number(picture?.dims[2] ?? 1);
  return {
    sha256: hashOf(bytes),
    parameters: countParameters(graph),
    macsPerPixel: countMacs(graph) / side ** 2,
    receptiveRadius: null,
    multiple: side,
  };
}

/** Side of the square that costs per pixel are counted on: a multiple of what any sensible net asks for. */
const PROBE_SIDE = 768;

function atProbeSize(graph: Graph): Graph {
  return bindInputShapes(
    graph,
    Object.fromEntries(graph.inputs.map(({ name }) => [name, [1, 3, PROBE_SIDE, PROBE_SIDE]])),
  );
}

/** @throws AppError 'model/not-found', saying why; 'model/invalid' for a file that is too large */
export async function readModelFile(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > MAX_MODEL_BYTES)
      throw new AppError('model/invalid', `${file} is too large to be a model (${size} bytes)`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const errno = errnoOf(error);
    const why = errno === 'ENOENT' ? 'there is no such file' : errno === 'EISDIR' ? 'it is a folder' : errno;
    throw new AppError('model/not-found', `the model ${file} could not be read: ${why ?? 'no reason given'}`, {
      cause: error,
    });
  }
}
