import { describe, expect, it } from 'vitest';
import type { PhotoId } from '../../../../../preload/contract.js';
import {
  requestOf,
  sourceOf,
  useTrainForm,
  type TrainForm,
} from '../../../../../renderer/features/train/form-state.js';
import { photoEntry } from '../../photo-entries.js';

const [a, b, c, d] = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map((name) =>
  photoEntry(name, { noise: name < 'c' ? 12 : 0.5, folder: name }),
);
const photos = new Map([a!, b!, c!, d!].map((photo) => [photo.id, photo]));
const form = (changes: Partial<TrainForm> = {}): TrainForm => ({ ...useTrainForm.getInitialState(), ...changes });
const library = (...selected: PhotoId[]) => ({ photos, selected: new Set(selected) });

describe('the form of a run', () => {
  it('means the selection where several are selected, else all, until something is chosen', () => {
    expect(sourceOf(form(), library())).toBe('all');
    expect(sourceOf(form(), library(a!.id))).toBe('all');
    expect(sourceOf(form(), library(a!.id, b!.id))).toBe('selected');
    expect(sourceOf(form({ source: 'all' }), library(a!.id, b!.id))).toBe('all');
    // The selection that was chosen is gone.
    expect(sourceOf(form({ source: 'selected' }), library())).toBe('all');
  });

  it('asks for what it says', () => {
    expect(requestOf(form({ name: ' night ' }), library(), 'Canon')).toEqual({
      request: {
        ...{
          name: 'night',
          method: 'noisy',
          photos: [a!.id, b!.id, c!.id, d!.id],
          clean: [],
          minutes: 10,
          parent: 'fast',
        },
      },
      missing: null,
    });
    expect(requestOf(form(), library(), 'Canon EOS 80D').request.name).toBe('Canon EOS 80D');
  });

  it('takes clean photos out of the noisy ones', () => {
    const { request, missing } = requestOf(form({ method: 'clean', clean: 'clean' }), library(), 'x');
    expect(request).toMatchObject({ photos: [a!.id, b!.id], clean: [c!.id, d!.id] });
    expect(missing).toBeNull();
    // Chosen for the other recipe, they count no more.
    expect(requestOf(form({ method: 'noisy', clean: 'clean' }), library(), 'x').request.clean).toEqual([]);
  });

  it.each([
    ['needPhotos', form({ method: 'clean', clean: 'all' })],
    ['needClean', form({ method: 'clean' })],
    ['needClean', form({ method: 'clean', clean: 'folder:c.jpg' })],
    ['needName', form({ name: '' })],
    ['needName', form({ name: 'quality' })],
    ['needName', form({ name: 'a/b' })],
    ['needMinutes', form({ minutes: null })],
    ['needMinutes', form({ minutes: 0 })],
    ['needMinutes', form({ minutes: 100_000 })],
  ] as const)('says that it lacks: %s', (missing, given) => {
    expect(requestOf(given, library(), 'x').missing).toBe(missing);
  });

  it('lacks photos where there are none', () => {
    expect(requestOf(form(), { photos: new Map(), selected: new Set() }, 'x').missing).toBe('needPhotos');
  });
});
