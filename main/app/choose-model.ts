import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { DenoiseSettings } from '../../preload/contract.js';
import type { ModelSummary } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import type { ModelLibrary, ModelVersion } from './model-library.js';

/** A model that the person chose. */
export interface ChosenModel {
  /** What the engine is told: a name or an absolute path. */
  readonly model: string;
  /** Changes when the model's contents do. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** What they should know of the choice; null: nothing. */
  readonly note: string | null;
  /** The shipped model that does photos which it fits much better; null: none. */
  readonly fallback: string | null;
}

/** What can be chosen from. */
export interface ModelOffer {
  readonly shipped: readonly ModelSummary[];
  readonly library: Pick<ModelLibrary, 'forUse' | 'list'>;
}

/**
 * Finds the model that `--model` means: a shipped one by its name, one of the person's own by its name or a version's id,
 * or any .onnx file by its path.
 * @throws AppError usage/invalid for a name that is neither; model/invalid for a version that is damaged
 */
export async function chooseModel(wanted: string, { shipped, library }: ModelOffer): Promise<ChosenModel> {
  const denoisers = shipped.filter((model) => model.kind === 'denoiser');
  const known = denoisers.find((model) => model.name === wanted);
  if (known !== undefined) return shippedModel(known);
  const own = await library.forUse(wanted);
  if (own !== null && 'file' in own) return libraryModel(own, denoisers);
  if (own !== null) return baseModel(wanted, own.base, denoisers);
  if (!looksLikePath(wanted)) {
    const names = await allNames({ shipped: denoisers, library });
    throw new AppError(
      'usage/invalid',
      `unknown model '${wanted}': there are ${names}, or give the path of an .onnx file`,
    );
  }
  const path = resolve(wanted);
  const info = await stat(path).catch(() => null);
  if (info?.isFile() !== true) {
    const names = await allNames({ shipped: denoisers, library });
    throw new AppError('usage/invalid', `--model ${wanted} is no file (the models that there are: ${names})`);
  }
  return { model: path, id: `${info.size}-${info.mtimeMs}`, name: basename(path, '.onnx'), note: null, fallback: null };
}

const shippedModel = ({ name, sha256 }: ModelSummary): ChosenModel => ({
  model: name,
  id: sha256,
  name,
  note: null,
  fallback: null,
});

/** A version of the person's own models. What it gives depends on the shipped one that takes its place, too. */
export function libraryModel({ file, card }: ModelVersion, denoisers: readonly ModelSummary[]): ChosenModel {
  const base = denoisers.find(({ name }) => name === card.base);
  const id = base === undefined ? card.sha256 : `${card.sha256}/${base.sha256}`;
  return { model: file, id, name: card.name, note: null, fallback: base?.name ?? null };
}

/** What the engine is told instead of a choice: the model's file, and what takes its place unless the person has said it. */
export function resolvedChoice(
  wanted: Pick<DenoiseSettings, 'fallback'>,
  { model, fallback }: Pick<ChosenModel, 'model' | 'fallback'>,
): Pick<DenoiseSettings, 'model' | 'fallback'> {
  const either = wanted.fallback ?? fallback;
  return { model, ...(either !== null && { fallback: either }) };
}

/** The shipped model that takes the place of a name whose promotions were all taken back. */
function baseModel(wanted: string, base: string, denoisers: readonly ModelSummary[]): ChosenModel {
  const shipped = denoisers.find(({ name }) => name === base);
  if (shipped === undefined) {
    throw new AppError('usage/invalid', `'${wanted}' was rolled back to nothing: promote one of its versions`);
  }
  return { ...shippedModel(shipped), note: `'${wanted}' was rolled back to the shipped model ${base}, which is used` };
}

async function allNames({ shipped, library }: ModelOffer): Promise<string> {
  const { versions } = await library.list();
  const own = versions.map(({ card }) => card.name);
  return [...new Set([...shipped.map(({ name }) => name), ...own])].join(', ');
}

const looksLikePath = (text: string): boolean => /[/\\]|\.onnx$/i.test(text);
