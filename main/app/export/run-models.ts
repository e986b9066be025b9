import { AppError } from '../../core/errors.js';
import { chooseModels } from '../auto-model.js';
import { resolvedChoice, type ChosenModel } from '../choose-model.js';
import { EngineUnavailable } from '../engine-errors.js';
import type { Engine } from '../engine-supervisor.js';
import { groupBy } from '../../core/group-by.js';
import type { ModelLibrary } from '../model-library.js';
import type { Run, RunPhoto } from './run.js';

/**
 * Settles which model does each photo of a run, so that a version promoted meanwhile does not change it half-way. A model
 * that cannot be found is left as the settings name it: the engine will say why, photo by photo.
 */
export async function settleModels(
  signal: AbortSignal,
  jobs: readonly RunPhoto[],
  engine: Engine,
  library: ModelLibrary,
): Promise<Pick<Run, 'photos' | 'models' | 'modelNames'>> {
  const models: Record<string, string> = {};
  const modelNames: Record<string, string> = {};
  const settled = new Map<RunPhoto, ChosenModel>();
  for (const [wanted, group] of groupBy(jobs, ({ settings }) => settings.model)) {
    try {
      const choice = await chooseModels(signal, wanted, engine, library);
      const chosen = await choice.each(group.map(({ path }) => path));
      for (const [index, own] of chosen.entries()) {
        models[own.model] = own.id;
        modelNames[own.model] = own.name;
        settled.set(group[index]!, own);
      }
    } catch (error) {
      const isAbout = error instanceof AppError && /^(usage|model)\//.test(error.code);
      if (error instanceof EngineUnavailable || !isAbout) throw error;
    }
  }
  const photos = jobs.map((job): RunPhoto => {
    const model = settled.get(job);
    return model === undefined
      ? job
      : { ...job, settings: { ...job.settings, ...resolvedChoice(job.settings, model) } };
  });
  return { photos, models, modelNames };
}
