import { join } from 'node:path';
import type { PhotoId, RuntimeSettings, TrainStart } from '../../../preload/contract.js';
import { AppError } from '../../core/errors.js';
import { exists } from '../exists.js';
import { keepLearnt } from '../learnt-models.js';
import type { ModelLibrary } from '../model-library.js';
import { groupScenes } from '../scenes.js';
import { hearNews, NO_PROGRESS } from './progress.js';
import type { StoredRun } from './run-file.js';
import type { SampleImages } from './sample-images.js';
import type { NewRun, Way, WayTools } from './way.js';

export interface LearnWayOptions {
  readonly models: ModelLibrary;
  /** The model that a run starts from. @throws AppError where there is none of this name */
  readonly parentOf: (model: string) => Promise<NonNullable<StoredRun['parent']>>;
  readonly pathOf: (photo: PhotoId) => string;
  readonly runtime: () => RuntimeSettings;
  readonly samples: SampleImages;
  /** A model was taken into the library. */
  readonly onKept: () => void;
}

/** One to learn from, and one that is held out. */
const LEAST_CLEAN = 2;

/** Denoisers that learn from the person's photos. */
export class LearnWay implements Way {
  readonly begunBy = 'notes.json';
  readonly hopeless = /^((learn|training|model|usage)\/|input\/unsupported$)/;

  constructor(private readonly options: LearnWayOptions) {}

  /** @throws AppError usage/invalid, input/not-found, model/... */
  async plan({ name, method, photos, clean, minutes, parent }: TrainStart): Promise<NewRun> {
    if ((method === 'clean') !== clean.length > 0) {
      throw new AppError('usage/invalid', 'clean photos are for the recipe that uses them, which needs some');
    }
    if (method === 'clean' && clean.length < LEAST_CLEAN) {
      throw new AppError('usage/invalid', 'two clean photos are needed at least: one is kept to judge by');
    }
    const isClean = new Set(clean);
    const noisy = photos.filter((id) => !isClean.has(id));
    if (noisy.length === 0) throw new AppError('usage/invalid', 'no photo is left to measure noise in');
    const paths = noisy.map(this.options.pathOf);
    if (method === 'pairs' && groupScenes(paths).scenes.length === 0) throw noScenes();
    return {
      ...{ name, method, minutes, photos: paths, recipe: null, progress: NO_PROGRESS },
      parent: await this.options.parentOf(parent),
      clean: clean.map(this.options.pathOf),
    };
  }

  async carryOut(run: StoredRun, { engine, signal, out, hear, begun }: WayTools) {
    const { models, runtime, samples, onKept } = this.options;
    const { name, parent } = run;
    if (parent === null) throw new TypeError('a denoiser learns from another');
    const request = {
      ...(run.method === 'pairs'
        ? { photos: [], pairs: [...groupScenes(run.photos).scenes] }
        : { photos: run.photos, pairs: [] }),
      ...{ clean: run.clean, recipe: 'refine' as const },
      ...{ model: parent.model, minutes: run.minutes },
      ...{ out, rate: 1, seed: 1, runtime: runtime() },
      resume: await exists(join(out, this.begunBy)),
      samples: samples.folder(run.id),
    };
    const learning = engine.call(signal, 'learn', request, undefined, (news) => {
      if (news.type === 'samples') samples.show(news.parts);
      hear((before) => hearNews(before, news));
    });
    begun();
    const report = await learning;
    const { id, promoted } = await keepLearnt(models, { name, parent: parent.name, base: parent.base }, report);
    onKept();
    return { version: id, promoted, verdict: report.verdict };
  }
}

const noScenes = (): AppError =>
  new AppError(
    'usage/invalid',
    'no two of these photos are frames of one scene: put each scene in a folder, or name them alike (desk-1, desk-2)',
  );
