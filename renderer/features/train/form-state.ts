import { create } from 'zustand';
import type { LearningMethod, PhotoEntry, PhotoId, TrainStart } from '../../../preload/contract.js';
import { isModelName, MAX_TRAINING_MINUTES, MIN_TRAINING_MINUTES } from '../../../preload/vocabulary.js';
import { photosOf, type PhotoSource } from './photo-sources.js';
import { recipeOf } from './recipes.js';

/** What the person has chosen for the next run; kept while other views are open. */
export interface TrainForm {
  /** null: the selection where several are selected, else all. */
  readonly source: PhotoSource | null;
  readonly clean: PhotoSource | null;
  readonly method: LearningMethod;
  /** null: nothing that is a number. */
  readonly minutes: number | null;
  /** null: as proposed. */
  readonly name: string | null;
  readonly parent: string;
}

/** One to learn from, and one to judge by. */
const LEAST_CLEAN = 2;

export const TIMES = [2, 10, 30] as const;

export const useTrainForm = create<TrainForm>(() => ({
  source: null,
  clean: null,
  method: 'noisy',
  minutes: 10,
  name: null,
  parent: 'fast',
}));

export type Missing = 'needPhotos' | 'needClean' | 'needName' | 'needMinutes';

export interface Library {
  readonly photos: ReadonlyMap<PhotoId, PhotoEntry>;
  readonly selected: ReadonlySet<PhotoId>;
}

/** The source of the noisy photos: the one chosen, while it holds photos. */
export function sourceOf({ source }: Pick<TrainForm, 'source'>, { photos, selected }: Library): PhotoSource {
  if (source !== null && photosOf(source, photos, selected).length > 0) return source;
  return selected.size > 1 ? 'selected' : 'all';
}

const asksClean = ({ method }: TrainForm): boolean => recipeOf(method).asks === 'clean';

/** The request that a form stands for, and what it lacks. */
export function requestOf(
  form: TrainForm,
  library: Library,
  proposed: string,
): { readonly request: TrainStart; readonly missing: Missing | null } {
  const { photos, selected } = library;
  const clean = asksClean(form) && form.clean !== null ? photosOf(form.clean, photos, selected) : [];
  const isClean = new Set(clean);
  const noisy = photosOf(sourceOf(form, library), photos, selected).filter((id) => !isClean.has(id));
  const name = (form.name ?? proposed).trim().normalize('NFC');
  const { minutes, method, parent } = form;
  const request = { name, method, photos: noisy, clean, minutes: minutes ?? 0, parent };
  const isLong = minutes !== null && minutes >= MIN_TRAINING_MINUTES && minutes <= MAX_TRAINING_MINUTES;
  const missing =
    noisy.length === 0
      ? 'needPhotos'
      : asksClean(form) && clean.length < LEAST_CLEAN
        ? 'needClean'
        : !isModelName(name)
          ? 'needName'
          : !isLong
            ? 'needMinutes'
            : null;
  return { request, missing };
}
