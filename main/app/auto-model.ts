import { DEFAULT_DENOISE, FallbackName } from '../../preload/contract.js';
import { toWireError } from '../core/errors.js';
import { chooseModel, libraryModel, type ChosenModel } from './choose-model.js';
import { EngineUnavailable } from './engine-errors.js';
import type { Engine } from './engine-supervisor.js';
import { mapWindow } from './map-window.js';
import type { ModelLibrary, ModelVersion } from './model-library.js';
import { pickFor, type PhotoCamera } from './pick-model.js';

/** What asks for each photo's own model. */
export const AUTO_MODEL = 'auto';

/** Headers read at once. */
const HEADER_WINDOW = 8;

/** Which model each photo of a run gets. */
export interface ModelChoice {
  /** For the settings of the whole run: one model, or `AUTO_MODEL`. */
  readonly model: string;
  /** What people should know of the choice; null: nothing. */
  readonly note: string | null;
  /** Names of the denoisers that ship. */
  readonly shipped: readonly string[];
  /** The models of photos, by their paths, in the same order. */
  readonly each: (inputs: readonly string[]) => Promise<readonly ChosenModel[]>;
}

/**
 * Finds out which model each photo gets when `--model` is `wanted`: the same for all, or with 'auto' the promoted version
 * that suits its camera and ISO speed, and the default where there is none.
 * @throws AppError as `chooseModel`
 */
export async function chooseModels(
  signal: AbortSignal,
  wanted: string,
  engine: Engine,
  library: ModelLibrary,
): Promise<ModelChoice> {
  const isAuto = wanted === AUTO_MODEL;
  const offer = { shipped: await engine.call(signal, 'models', { kinds: ['denoiser'] }), library };
  const shipped = offer.shipped.map(({ name }) => name);
  const chosen = await chooseModel(isAuto ? DEFAULT_DENOISE.model : wanted, offer);
  if (!isAuto) {
    const { model, note } = chosen;
    return { model, note, shipped, each: (inputs) => Promise.resolve(inputs.map(() => chosen)) };
  }
  const versions = await library.promoted();
  const each = async (inputs: readonly string[]): Promise<ChosenModel[]> => {
    if (versions.length === 0) return inputs.map(() => chosen);
    return mapWindow(inputs, HEADER_WINDOW, async (input) => {
      const suited = suitedTo(versions, await cameraOf(signal, input, engine));
      return suited === null ? chosen : libraryModel(suited, offer.shipped);
    });
  };
  return { model: AUTO_MODEL, note: null, shipped, each };
}

/**
 * What the engine is told of the model that a preview is made with, and of what takes its place: it knows the shipped ones by
 * their names, and refuses what is none. Nothing is asked of it here, since it may be at work on the preview before.
 * @throws AppError as the library's `forUse`
 */
export async function modelForPreview(
  { model, camera }: { readonly model: string; readonly camera: PhotoCamera | null },
  library: Pick<ModelLibrary, 'promoted' | 'forUse'>,
): Promise<Pick<ChosenModel, 'model' | 'fallback'>> {
  const own = model === AUTO_MODEL ? suitedTo(await library.promoted(), camera) : await library.forUse(model);
  if (own === null) return { model: model === AUTO_MODEL ? DEFAULT_DENOISE.model : model, fallback: null };
  if (!('file' in own)) return { model: own.base, fallback: null };
  // A base that did not ship is none: the engine finds no model of that name.
  const { base } = own.card;
  return { model: own.file, fallback: FallbackName.safeParse(base).success ? base : null };
}

/** The version that a photo gets with 'auto'; null: the default. Those that descend from it come first: they do at least what it does. */
export const suitedTo = (versions: readonly ModelVersion[], camera: PhotoCamera | null): ModelVersion | null =>
  pickFor(versions, camera, DEFAULT_DENOISE.model) ?? pickFor(versions, camera, null);

/** A photo whose header cannot be read has no camera: it will be said why when its turn comes. */
async function cameraOf(signal: AbortSignal, input: string, engine: Engine): Promise<PhotoCamera | null> {
  try {
    return (await engine.call(signal, 'camera', { input })).camera;
  } catch (error) {
    if (error instanceof EngineUnavailable || toWireError(error).code === 'engine/cancelled') throw error;
    return null;
  }
}
