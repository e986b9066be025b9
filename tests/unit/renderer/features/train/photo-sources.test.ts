import { describe, expect, it } from 'vitest';
import type { PhotoEntry } from '../../../../../preload/contract.js';
import { offersOf, photosOf } from '../../../../../renderer/features/train/photo-sources.js';
import { photoEntry } from '../../photo-entries.js';

const library = (...photos: PhotoEntry[]) => new Map(photos.map((photo) => [photo.id, photo]));

const night = photoEntry('night.jpg', { folder: 'Night', noise: 20 });
const dusk = photoEntry('dusk.jpg', { folder: 'Night', noise: 9 });
const studio = photoEntry('studio.jpg', { folder: 'Studio', noise: 0.6 });
const broken = photoEntry('broken.jpg', { folder: 'Night', error: { code: 'input/damaged', message: '' } });
const photos = library(night, dusk, studio, broken);

describe('the photos to learn from', () => {
  it('are all, the selected, the clean ones or a folder; what cannot be read is left out', () => {
    const selected = new Set([dusk.id, broken.id]);
    expect(photosOf('all', photos, selected)).toEqual([night.id, dusk.id, studio.id]);
    expect(photosOf('selected', photos, selected)).toEqual([dusk.id]);
    expect(photosOf('clean', photos, selected)).toEqual([studio.id]);
    expect(photosOf('folder:Night', photos, selected)).toEqual([night.id, dusk.id]);
  });

  it('are offered where there are any, folders where there are several', () => {
    expect(offersOf(photos, new Set())).toEqual([
      { source: 'all', count: 3 },
      { source: 'clean', count: 1 },
      { source: 'folder:Night', count: 2 },
      { source: 'folder:Studio', count: 1 },
    ]);
    expect(offersOf(library(night, dusk), new Set([night.id]))).toEqual([
      { source: 'selected', count: 1 },
      { source: 'all', count: 2 },
    ]);
    expect(offersOf(new Map(), new Set())).toEqual([]);
  });
});
