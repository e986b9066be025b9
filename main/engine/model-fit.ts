import {
  NO_FALLBACK,
  planRemoval,
  type DenoiseSettings,
  type FitReport,
  type RuntimeSettings,
} from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import type { DenoiseVariant } from '../core/image/denoise-graph.js';
import { judgeFit } from '../core/image/fit.js';
import { judgeTrust, type TrustJudgement } from '../core/image/trust.js';
import type { DecodedImage } from './codec.js';
import { lcm, type Nets } from './denoise-image.js';
import type { LoadedModel } from './models.js';
import type { Pause } from './mutex.js';
import type { RuntimeTensor } from './runtime.js';
import { runOnSample, takeSample, type PhotoSample } from './sample.js';
import { choosePrecision } from './sessions.js';

/**
 * Settles which model does a photo: the one that was asked for, or its fallback where that fits much better. Both denoise the
 * same few places of the photo, whatever the sliders say, so that a preview and the result are decided alike.
 */

export type ModelChoice = Pick<DenoiseSettings, 'model' | 'fallback'>;

/** `fit` is absent where there was nothing to choose from. */
export interface SettledModel {
  readonly model: string;
  readonly fit?: FitReport;
}

/**
 * Tries a model and its fallback on a sample of a photo.
 * @throws AppError engine/cancelled, engine/*, model/* for the model itself: a fallback that is not there is none
 */
export async function settleModel(
  signal: AbortSignal,
  sample: PhotoSample,
  choice: ModelChoice,
  runtime: RuntimeSettings,
  nets: Nets,
  pause: Pause,
): Promise<SettledModel> {
  const asked = { model: choice.model };
  const models = await bothModels(choice, runtime, nets);
  if (models === null) return asked;
  const trustIn = (denoiser: LoadedModel): Promise<TrustJudgement | null> =>
    trustOn(signal, sample, denoiser, runtime, nets, pause);
  const judgement = judgeFit(await trustIn(models.model), await trustIn(models.fallback));
  if (judgement === null) return asked;
  const model = judgement.used === 'fallback' ? models.name : choice.model;
  return { model, fit: { ...judgement, fallback: models.name } };
}

/** A photo's settings with the model that does it. Errors as `settleModel`. */
export async function settleSettings(
  signal: AbortSignal,
  image: DecodedImage,
  settings: DenoiseSettings,
  runtime: RuntimeSettings,
  nets: Nets,
  pause: Pause,
): Promise<{ readonly settings: DenoiseSettings; readonly fit?: FitReport }> {
  // Where nothing is removed it does not matter who does it.
  if (!hasFallback(settings) || settings.sigma === 0 || planRemoval(settings, false).identity) return { settings };
  const { model, fit } = await settleModel(signal, takeSample(image), settings, runtime, nets, pause);
  return { settings: { ...settings, model }, ...(fit && { fit }) };
}

/** Whether there is something to choose from. */
export const hasFallback = ({ model, fallback }: ModelChoice): boolean =>
  fallback !== undefined && fallback !== NO_FALLBACK && fallback !== model;

interface BothModels {
  readonly model: LoadedModel;
  readonly fallback: LoadedModel;
  /** What the fallback is called. */
  readonly name: string;
}

/** Loads both; null: there is no fallback, or it is the same net. */
async function bothModels(choice: ModelChoice, runtime: RuntimeSettings, { models }: Nets): Promise<BothModels | null> {
  const { model, fallback } = choice;
  if (fallback === undefined || !hasFallback(choice)) return null;
  const precision = choosePrecision(runtime);
  const own = await models.denoiser(model, precision);
  const other = await models.denoiser(fallback, precision).catch((error: unknown) => {
    // Someone's own set of models need not have it.
    if (error instanceof AppError && error.code === 'model/not-found') return null;
    throw error;
  });
  if (other === null || other.sha256 === own.sha256) return null;
  return { model: own, fallback: other, name: fallback };
}

async function trustOn(
  signal: AbortSignal,
  sample: PhotoSample,
  denoiser: LoadedModel,
  runtime: RuntimeSettings,
  nets: Nets,
  pause: Pause,
): Promise<TrustJudgement | null> {
  const { depth, channels, neutral } = sample;
  const estimator = await nets.models.estimator();
  const variant: DenoiseVariant = {
    type: depth === 8 ? 'uint8' : 'uint16',
    channels,
    neutral,
    blind: true,
    secondPass: false,
    detail: false,
  };
  const run = {
    session: () => nets.sessions.denoise(denoiser, estimator, variant, runtime),
    multiple: lcm(denoiser.multiple, 8),
    scalars: { luma_weight: ONE, ...(!neutral && { chroma_weight: ONE }) },
  };
  return judgeTrust(await runOnSample(signal, sample, run, pause));
}

/** All of what the net removes is removed. */
const ONE: RuntimeTensor = { type: 'float32', dims: [1], data: new Float32Array([1]) };
