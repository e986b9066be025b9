import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE, SORT_KEYS, type PhotoEntry, type QueueEntry } from '../../../../preload/contract.js';
import { comparePhotos, NO_FILTER, passes, PhotoOrder, type PhotoFilter } from '../../../../renderer/state/arrange.js';
import { photoEntry, queueEntry } from '../photo-entries.js';

const names = (photos: readonly PhotoEntry[]): string[] => photos.map(({ name }) => name);
const library = (photos: readonly PhotoEntry[]) => new Map(photos.map((photo) => [photo.id, photo]));

describe('the order of photos', () => {
  it('is that of people: img2 before img10', () => {
    const photos = library([photoEntry('img10.jpg'), photoEntry('img2.jpg'), photoEntry('IMG1.jpg')]);
    expect(names(new PhotoOrder().arrange(photos, { key: 'name', descending: false }))).toEqual([
      'IMG1.jpg',
      'img2.jpg',
      'img10.jpg',
    ]);
  });

  it('has what is not known at the end, in either direction', () => {
    const photos = library([
      photoEntry('a.jpg'),
      photoEntry('b.jpg', { noise: 20 }),
      photoEntry('c.jpg', { noise: 5 }),
    ]);
    const order = new PhotoOrder();
    expect(names(order.arrange(photos, { key: 'noise', descending: false }))).toEqual(['c.jpg', 'b.jpg', 'a.jpg']);
    expect(names(order.arrange(photos, { key: 'noise', descending: true }))).toEqual(['b.jpg', 'c.jpg', 'a.jpg']);
  });

  it('is the same after any changes as if all had come at once', () => {
    const entry = fc.record({
      name: fc.constantFrom('a1', 'a2', 'a10', 'b', 'B', 'c').map((stem) => `${stem}.jpg`),
      id: fc.integer({ min: 0, max: 30 }),
      noise: fc.option(fc.integer({ min: 0, max: 5 })),
      bytes: fc.integer({ min: 1, max: 3 }),
    });
    const sort = fc.record({ key: fc.constantFrom(...SORT_KEYS), descending: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.array(entry), { minLength: 1, maxLength: 6 }), sort, (batches, by) => {
        const order = new PhotoOrder();
        let photos = new Map<PhotoEntry['id'], PhotoEntry>();
        for (const batch of batches) {
          photos = new Map(photos);
          for (const { id, ...fields } of batch) {
            const key = `photo${id}` as PhotoEntry['id'];
            // The name of a photo never changes: its id is that of its file.
            photos.set(
              key,
              photoEntry(fields.name, { ...fields, id: key, name: photos.get(key)?.name ?? fields.name }),
            );
          }
          const [gone] = photos.keys();
          if (batch.length % 3 === 0 && gone !== undefined) photos.delete(gone);
          const expected = [...photos.values()].sort((a, b) => comparePhotos(a, b, by));
          expect(order.arrange(photos, by)).toEqual(expected);
        }
      }),
    );
  });

  it('is the same array as long as nothing has changed', () => {
    const photos = library([photoEntry('a.jpg'), photoEntry('b.jpg')]);
    const order = new PhotoOrder();
    const first = order.arrange(photos, { key: 'date', descending: true });
    expect(order.arrange(photos, { key: 'date', descending: true })).toBe(first);
  });
});

describe('a filter', () => {
  const photo = photoEntry('Beach_01.jpg', { folder: 'Holiday/Söul' });
  const shows = (only: PhotoFilter, more: Partial<PhotoEntry> = {}, entry?: QueueEntry): boolean =>
    passes({ ...photo, ...more }, entry, { ...NO_FILTER, only });

  it.each(['beach', 'BEACH holiday', '01 söul', ''])('by the words "%s" shows it', (text) => {
    expect(passes(photo, undefined, { ...NO_FILTER, text })).toBe(true);
  });

  it.each(['mountain', 'beach mountain'])('by the words "%s" does not', (text) => {
    expect(passes(photo, undefined, { ...NO_FILTER, text })).toBe(false);
  });

  it('tells a name written with composed letters from nothing else', () => {
    expect(passes(photo, undefined, { ...NO_FILTER, text: 'so\u0308ul' })).toBe(true);
  });

  it('knows what became of a photo', () => {
    expect(shows('new')).toBe(true);
    expect(shows('new', {}, queueEntry(photo, 'cancelled'))).toBe(true);
    expect(shows('new', {}, queueEntry(photo, 'done'))).toBe(false);
    expect(shows('queued', {}, queueEntry(photo, 'waiting'))).toBe(true);
    expect(shows('queued', {}, queueEntry(photo, 'running'))).toBe(true);
    expect(shows('done', {}, queueEntry(photo, 'skipped'))).toBe(true);
    expect(shows('failed', {}, queueEntry(photo, 'failed'))).toBe(true);
    expect(shows('failed', {}, queueEntry(photo, 'done'))).toBe(false);
  });

  it('knows what a photo is like', () => {
    expect(shows('edited')).toBe(false);
    expect(shows('edited', { adjustments: DEFAULT_DENOISE })).toBe(true);
    expect(shows('noisy', { noise: 2 })).toBe(false);
    expect(shows('noisy', { noise: 30 })).toBe(true);
    expect(shows('risky', { trust: { score: 0.9, verdict: 'good' } })).toBe(false);
    expect(shows('risky', { trust: { score: 0.4, verdict: 'fair' } })).toBe(true);
    expect(shows('unreadable')).toBe(false);
    expect(shows('unreadable', { error: { code: 'input/damaged', message: '' } })).toBe(true);
  });
});
