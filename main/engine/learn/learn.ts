import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LearningMethod, LearningReport, LearnRequest } from '../../../preload/learn/learn-call.js';
import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import { AppError } from '../../core/errors.js';
import { writeAtomically } from '../atomic-file.js';
import { readModelFile } from '../models.js';
import { learnWithBlindSpots } from './blind-spot/learn.js';
import { curvesOf } from './curves.js';
import { noteRequest } from './notes.js';
import { learnFromPairs } from './pairs/learn.js';
import { MODEL_NAME } from './recipe.js';
import { learnByRefining } from './refine.js';
import { LearningRun, type LearningWay, type LearningTools } from './run.js';

export type { LearningTools } from './run.js';

/**
 * Fine-tunes a denoiser on someone's photos, in one of the ways of `WAYS`; the gate then compares it with its parent on
 * what was held out.
 *
 * The run's folder: `notes.json` (what was asked for), and a folder a round with what is learnt from and the training run,
 * which goes on from its own checkpoint. At the end `report.json`, and the model if it is better: `learnt.onnx`.
 */

const WAYS: Readonly<Record<LearningMethod, LearningWay>> = {
  noisy: learnByRefining,
  clean: learnByRefining,
  'blind-spot': learnWithBlindSpots,
  pairs: learnFromPairs,
};

/**
 * @throws AppError 'learn/no-noise', 'learn/misaligned', 'input/...' for photos, 'model/...' for the parent,
 *   'output/exists' where a run has been, 'engine/cancelled' when it can be resumed, 'usage/invalid' for photos of two
 *   kinds, and what `train` throws
 */
export async function learn(signal: AbortSignal, request: LearnRequest, tools: LearningTools): Promise<LearningReport> {
  const method = methodOf(request);
  await noteRequest(request);
  const parent = await tools.modelFile(request.model);
  const run = new LearningRun(signal, request, tools, parent, await tools.estimator());
  const { model, photos, cameras, recipe, scores, before, rounds, verdict } = await WAYS[method](run);
  run.tell({ type: 'judged', verdict });
  const report: LearningReport = {
    model: verdict.passed ? join(request.out, `${MODEL_NAME}.onnx`) : model,
    parent: { model: request.model, sha256: hashOf(await readModelFile(parent)) },
    method,
    steps: run.steps,
    seconds: run.seconds,
    photos,
    cameras: [...cameras],
    scores,
    before,
    curves: await curvesOf(rounds.map((round) => join(request.out, `round-${round}`))),
    recipe: withoutFolders(recipe),
    verdict,
  };
  if (verdict.passed) await put(report.model, await readModelFile(model));
  await put(join(request.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** What a request asks for. @throws AppError 'usage/invalid' when it asks for two things */
function methodOf({ photos, clean, pairs, recipe }: LearnRequest): LearningMethod {
  const asked = recipe === 'blind-spot' ? 'noisy photos alone' : 'photos';
  if (pairs.length > 0 && (photos.length > 0 || clean.length > 0 || recipe === 'blind-spot')) {
    throw new AppError('usage/invalid', `a run learns from pairs or from ${asked}, not from both`);
  }
  if (clean.length > 0 && recipe === 'blind-spot') {
    throw new AppError('usage/invalid', 'the recipe blind-spot is for noisy photos alone: leave the clean ones out');
  }
  if (pairs.length > 0) return 'pairs';
  if (recipe === 'blind-spot') return 'blind-spot';
  return clean.length > 0 ? 'clean' : 'noisy';
}

/** A recipe to be kept with the model, which may be given away: files by their names alone. */
function withoutFolders(recipe: TrainingRecipe): LearningReport['recipe'] {
  const text = JSON.stringify(recipe, (key, value: unknown) =>
    (key === 'path' || key === 'file') && typeof value === 'string' ? basename(value) : value,
  );
  return JSON.parse(text) as LearningReport['recipe'];
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const put = (file: string, content: Uint8Array | string): Promise<void> =>
  writeAtomically(file, { overwrite: true }, (temp) => writeFile(temp, content));
