import { beforeAll, describe, expect, it } from 'vitest';
import type { PhotoId } from '../../../../../preload/contract.js';
import { noiseShare, photoLabel } from '../../../../../renderer/features/library/describe.js';
import { toMeasure } from '../../../../../renderer/features/library/measuring.js';
import { neighbourOf } from '../../../../../renderer/features/library/removing.js';
import { startTexts } from '../../../../../renderer/i18n/index.js';
import { photoEntry, queueEntry } from '../../photo-entries.js';

const ids = (...names: string[]): PhotoId[] => names as PhotoId[];

describe('the photo that takes the focus of removed ones', () => {
  it('is the first behind them', () => {
    expect(neighbourOf(ids('a', 'b', 'c', 'd'), new Set(ids('a', 'c')))).toBe('d');
  });
  it('is the last before them at the end of the list', () => {
    expect(neighbourOf(ids('a', 'b', 'c', 'd'), new Set(ids('b', 'd')))).toBe('c');
  });
  it('is none when all are gone', () => {
    expect(neighbourOf(ids('a'), new Set(ids('a')))).toBeNull();
  });
});

describe('the photos to measure', () => {
  const photos = [
    photoEntry('a.jpg'),
    photoEntry('b.jpg', { noise: 3 }),
    photoEntry('c.jpg', { error: { code: 'input/damaged', message: '' } }),
    photoEntry('d.jpg'),
  ];
  it('are those in view first, then those that follow; known and unreadable ones never', () => {
    expect(toMeasure(photos, 0, 2)).toEqual(['ajpg', 'djpg']);
    expect(toMeasure(photos, 3, 4)).toEqual(['djpg']);
    expect(toMeasure(photos, 1, 3)).toEqual(['djpg']);
  });
});

describe('a photo in words', () => {
  beforeAll(() => startTexts('en'));

  it('says its noise and what became of it', () => {
    const photo = photoEntry('IMG_1.jpg', { noise: 12.2 });
    expect(photoLabel(photo, queueEntry(photo, 'done'))).toBe('IMG_1.jpg Noise 12, Done');
    expect(photoLabel(photo, queueEntry(photo, 'running', { fraction: 0.42 }))).toContain('42 %');
    expect(photoLabel(photo, queueEntry(photo, 'cancelled'))).toBe('IMG_1.jpg Noise 12');
  });

  it('says why it cannot be read in place of its noise', () => {
    const label = photoLabel(photoEntry('x.jpg', { noise: 5, error: { code: 'input/empty', message: '' } }), undefined);
    expect(label).toContain('Cannot be read');
    expect(label).not.toContain('Noise');
  });

  it('has a meter that is empty without noise and never more than full', () => {
    expect(noiseShare(0)).toBe(0);
    expect(noiseShare(10)).toBeCloseTo(0.5);
    expect(noiseShare(200)).toBe(1);
  });
});
