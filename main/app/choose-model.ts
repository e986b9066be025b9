import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ModelSummary } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';

/** A model that the person chose. */
export interface ChosenModel {
  /** What the engine is told: a name or an absolute path. */
  readonly model: string;
  /** Changes when the model's contents do. */
  readonly id: string;
}

/**
 * Finds the model that `--model` means: a shipped one by its name, or any .onnx file by its path.
 * @throws AppError usage/invalid for a name that is neither.
 */
export async function chooseModel(wanted: string, summaries: readonly ModelSummary[]): Promise<ChosenModel> {
  const shipped = summaries.filter((model) => model.kind === 'denoiser');
  const known = shipped.find((model) => model.name === wanted);
  if (known !== undefined) return { model: known.name, id: known.sha256 };
  const names = shipped.map((model) => model.name).join(', ');
  if (!looksLikePath(wanted)) {
    throw new AppError(
      'usage/invalid',
      `unknown model '${wanted}': there are ${names}, or give the path of an .onnx file`,
    );
  }
  const path = resolve(wanted);
  const info = await stat(path).catch(() => null);
  if (info?.isFile() !== true) {
    throw new AppError(
      'usage/invalid',
      `--model ${wanted} is no file (the models that come with Stillgrain: ${names})`,
    );
  }
  return { model: path, id: `${info.size}-${info.mtimeMs}` };
}

const looksLikePath = (text: string): boolean => /[/\\]|\.onnx$/i.test(text);
