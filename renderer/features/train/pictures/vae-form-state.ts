import { create } from 'zustand';
import type { OwnVaes, PhotoId, VaeMethod, VaeStart } from '../../../../preload/contract.js';
import {
  isModelName,
  LEAST_VAE_PHOTOS,
  MAX_TRAINING_MINUTES,
  MIN_TRAINING_MINUTES,
} from '../../../../preload/vocabulary.js';
import { sourceOf, type Library } from '../form-state.js';
import { photosOf, type PhotoSource } from '../photo-sources.js';

/** What the person has chosen for the next picture model; kept while other views are open. */
export interface VaeForm {
  /** null: the selection where several are selected, else all. */
  readonly source: PhotoSource | null;
  readonly method: VaeMethod;
  /** null: nothing that is a number. */
  readonly minutes: number | null;
  /** null: as proposed. */
  readonly name: string | null;
  /** The id of a VAE of the person's own; null: none is chosen. */
  readonly parent: string | null;
}

export const VAE_TIMES = [10, 30, 120] as const;

export const useVaeForm = create<VaeForm>(() => ({
  source: null,
  method: 'vae',
  minutes: 30,
  name: null,
  parent: null,
}));

export type VaeMissing = 'needPhotos' | 'needParent' | 'needName' | 'needMinutes';

/** The VAE that a form goes on from: the one chosen, or where one is needed the first; null: none. */
export function parentOf({ method, parent }: VaeForm, vaes: OwnVaes | null): string | null {
  const versions = vaes?.versions ?? [];
  const chosen = versions.find(({ id }) => id === parent);
  return (chosen ?? (method === 'vae-gan' ? versions[0] : undefined))?.id ?? null;
}

/** The photos that a form means. */
export const vaePhotos = (form: VaeForm, library: Library): PhotoId[] =>
  photosOf(sourceOf(form, library), library.photos, library.selected);

/** The request that a form stands for, and what it lacks. */
export function vaeRequestOf(
  form: VaeForm,
  library: Library,
  vaes: OwnVaes | null,
  proposed: string,
): { readonly request: VaeStart; readonly missing: VaeMissing | null } {
  const { method, minutes } = form;
  const photos = vaePhotos(form, library);
  const name = (form.name ?? proposed).trim().normalize('NFC');
  const parent = parentOf(form, vaes);
  const request = { name, method, photos, minutes: minutes ?? 0, parent };
  const isLong = minutes !== null && minutes >= MIN_TRAINING_MINUTES && minutes <= MAX_TRAINING_MINUTES;
  const missing =
    photos.length < LEAST_VAE_PHOTOS
      ? 'needPhotos'
      : method === 'vae-gan' && parent === null
        ? 'needParent'
        : !isModelName(name)
          ? 'needName'
          : !isLong
            ? 'needMinutes'
            : null;
  return { request, missing };
}
