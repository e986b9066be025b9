import { createHash } from 'node:crypto';
import { ModelCard, VERSION_ID_LENGTH } from '../../preload/models/card.js';
import { AppError } from '../core/errors.js';
import { checkDenoiser } from '../core/image/denoise-graph.js';
import { checkModel } from '../core/onnx/check.js';
import { decodeModel, withMetadata, withoutMetadata } from '../core/onnx/codec.js';
import type { Graph } from '../core/onnx/model.js';
import { bindInputShapes, inferShapes } from '../core/onnx/shapes.js';

/** Models on their way into the library and out of it: one .onnx file each, with its card in the file's metadata. */

/** Where in an .onnx file's metadata the card is. */
export const CARD_KEY = 'stillgrain.card';

/** Sides of a photo that every denoiser has to take: a multiple of what any sensible net asks for. */
const TRIAL = { height: 256, width: 192 };

/** A denoiser as it lies in a file. */
export interface ReceivedModel {
  /** Without the card that an export has put behind them: what they were before. */
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** The card in the file; null: there is none that can be read. */
  readonly card: ModelCard | null;
  /** What is wrong with the card; null: nothing, or there is none. */
  readonly cardFault: string | null;
}

/**
 * Reads a file that may hold a denoiser, and checks that it does.
 * @throws AppError 'model/invalid', 'model/shape', 'model/unsupported-op'
 */
export function receiveModel(file: Uint8Array): ReceivedModel {
  const { graph, metadata } = decodeModel(file);
  checkModel(graph);
  checkDenoiser(graph);
  checkOutput(graph);
  const text = metadata.get(CARD_KEY);
  const bytes = (text === undefined ? null : withoutMetadata(file, CARD_KEY, text)) ?? file;
  const sha256 = sha256Of(bytes);
  if (text === undefined) return { bytes, sha256, card: null, cardFault: null };
  const parsed = ModelCard.safeParse(parseJson(text));
  if (!parsed.success) return { bytes, sha256, card: null, cardFault: 'the card in the file could not be read' };
  const isItsOwn = parsed.data.sha256 === sha256;
  const cardFault = isItsOwn ? null : 'the card in the file was written for other contents: the file was changed since';
  return { bytes, sha256, card: parsed.data, cardFault };
}

/** The model's file with its card in it; `receiveModel` gives both back as they were. */
export const fileWithCard = (bytes: Uint8Array, card: ModelCard): Uint8Array =>
  withMetadata(bytes, CARD_KEY, JSON.stringify(card));

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const versionId = (sha256: string): string => sha256.slice(0, VERSION_ID_LENGTH);

function checkOutput(graph: Graph): void {
  if (graph.outputs[0]!.name === 'sigma') {
    throw new AppError('model/invalid', "it gives 'sigma', the noise itself: a noise estimator, not a denoiser");
  }
  const dims = [1, 3, TRIAL.height, TRIAL.width];
  const bound = bindInputShapes(graph, Object.fromEntries(graph.inputs.map(({ name }) => [name, dims])));
  const output = inferShapes(bound).get(graph.outputs[0]!.name);
  if (output?.type === 'float32' && output.dims.join() === dims.join()) return;
  const given = output === undefined ? 'nothing' : `${output.type} [${output.dims.join(',')}]`;
  throw new AppError(
    'model/invalid',
    `a denoiser gives an image of the size that it takes: from [${dims.join(',')}] this model makes ${given}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
