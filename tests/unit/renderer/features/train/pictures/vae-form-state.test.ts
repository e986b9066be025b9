import { describe, expect, it } from 'vitest';
import type { OwnVaes, PhotoEntry, PhotoId } from '../../../../../../preload/contract.js';
import {
  useVaeForm,
  vaeRequestOf,
  type VaeForm,
} from '../../../../../../renderer/features/train/pictures/vae-form-state.js';

const photo = (id: string): PhotoEntry => ({ id, error: null, noise: 5, folder: '' }) as unknown as PhotoEntry;
const library = (count: number, selected = 0) => {
  const all = Array.from({ length: count }, (_, index) => photo(`p${index}`));
  return {
    photos: new Map(all.map((entry) => [entry.id, entry])),
    selected: new Set(all.slice(0, selected).map(({ id }) => id)) as ReadonlySet<PhotoId>,
  };
};
const vaes = (...ids: string[]): OwnVaes => ({ versions: ids.map((id) => ({ id })) as never, damaged: [] });
const form = (changes: Partial<VaeForm> = {}): VaeForm => ({ ...useVaeForm.getInitialState(), ...changes });
const asked = (changes: Partial<VaeForm>, own = vaes(), photos = library(9)) =>
  vaeRequestOf(form(changes), photos, own, 'My pictures');

describe('what a picture model needs', () => {
  it('is eight photos, a name and a time', () => {
    const { request, missing } = asked({});
    expect(missing).toBeNull();
    expect(request).toMatchObject({ name: 'My pictures', method: 'vae', minutes: 30, parent: null });
    expect(request.photos).toHaveLength(9);
    expect(asked({}, vaes(), library(7)).missing).toBe('needPhotos');
    // The selection, where several are selected.
    expect(asked({}, vaes(), library(9, 3)).missing).toBe('needPhotos');
    expect(asked({ name: '../x' }).missing).toBe('needName');
    expect(asked({ minutes: null }).missing).toBe('needMinutes');
  });

  it('is one of the person’s own where pictures are to be sharper', () => {
    expect(asked({ method: 'vae-gan' }).missing).toBe('needParent');
    expect(asked({ method: 'vae-gan' }, vaes('a', 'b')).request.parent).toBe('a');
    expect(asked({ method: 'vae-gan', parent: 'b' }, vaes('a', 'b')).request.parent).toBe('b');
    // One that is gone is none.
    expect(asked({ parent: 'c' }, vaes('a', 'b')).request.parent).toBeNull();
  });
});
