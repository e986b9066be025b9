import { describe, expect, it } from 'vitest';
import { modelForPreview } from '../../../main/app/auto-model.js';
import type { ModelVersion } from '../../../main/app/model-library.js';

const camera = { make: 'Canon', model: 'EOS 5D', iso: 400 };
const night = {
  id: '0123456789ab',
  file: '/models/0123456789ab/model.onnx',
  promoted: true,
  card: { name: 'night', base: 'fast', data: { cameras: [{ ...camera, isoFrom: 200, isoTo: 800, photos: 3 }] } },
} as unknown as ModelVersion;

/** A library of one model, and one that was rolled back to what it descends from. */
const library = {
  promoted: () => Promise.resolve([night]),
  forUse: (name: string) =>
    Promise.resolve(name === 'night' ? night : name === 'rolled back' ? { base: 'fast' } : null),
};

const DEFAULT = { model: 'quality', fallback: null };

describe('modelForPreview', () => {
  it.each([
    ['quality', { model: 'quality', fallback: null }],
    ['night', { model: night.file, fallback: 'fast' }],
    ['rolled back', { model: 'fast', fallback: null }],
    ['auto', { model: night.file, fallback: 'fast' }],
  ])('says of %j what the export uses', async (model, told) => {
    expect(await modelForPreview({ model, camera }, library)).toEqual(told);
  });

  it('lets nothing take the place of a model that descends from none of ours', async () => {
    const other = { ...night, card: { ...night.card, base: 'Imported Net' } };
    const own = { ...library, forUse: () => Promise.resolve(other) };
    expect(await modelForPreview({ model: 'night', camera }, own)).toEqual({ model: night.file, fallback: null });
  });

  it('takes the default for a camera that has no model of its own', async () => {
    expect(await modelForPreview({ model: 'auto', camera: { ...camera, iso: 25600 } }, library)).toEqual(DEFAULT);
    expect(await modelForPreview({ model: 'auto', camera: null }, library)).toEqual(DEFAULT);
  });
});
