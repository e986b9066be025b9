import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickFor } from '../../../main/app/pick-model.js';
import type { CardCamera, ModelCard } from '../../../preload/models/card.js';
import { newCard } from '../../support/model-files.js';

interface Version {
  readonly card: ModelCard;
}

function version(id: string, cameras: Partial<CardCamera>[], changes: Partial<ModelCard> = {}): Version {
  const known = { make: 'Canon', model: 'Canon EOS R5', isoFrom: 400, isoTo: 1600, photos: 1 };
  const card = newCard(id, { data: { photos: 1, cameras: cameras.map((camera) => ({ ...known, ...camera })) } });
  return { card: { ...card, v: 1, id, sha256: '', bytes: 0, ...changes } };
}

const R5 = { make: 'Canon', model: 'Canon EOS R5' };
const picked = (versions: readonly Version[], iso: number | null, camera = R5, base: string | null = 'fast') =>
  pickFor(versions, { ...camera, iso }, base)?.card.id ?? null;

describe('the version for a photo', () => {
  it.each([
    [266, null],
    [267, 'a'],
    [400, 'a'],
    [2400, 'a'],
    [2401, null],
    [null, null],
  ])('at ISO %s, of one that has learnt from 400 to 1600, is %s', (iso, id) => {
    expect(picked([version('a', [{}])], iso)).toBe(id);
  });

  it('is of the same camera, however its name is spelt, and descends from the same shipped model', () => {
    const versions = [version('a', [{}])];
    expect(picked(versions, 800, { make: 'CANON  ', model: 'Canon  EOS R5' })).toBe('a');
    expect(picked(versions, 800, { make: 'Canon', model: 'Canon EOS R6' })).toBeNull();
    expect(picked(versions, 800, { make: 'Nikon', model: 'Canon EOS R5' })).toBeNull();
    expect(picked(versions, 800, R5, 'quality')).toBeNull();
    expect(picked(versions, 800, R5, null)).toBe('a');
    expect(pickFor(versions, null, 'fast')).toBeNull();
    expect(pickFor([version('x', [{ make: '', model: '' }])], { make: null, model: null, iso: 800 }, null)).toBeNull();
  });

  it('is the nearest in ISO, then the most recent', () => {
    const [near, far] = [version('near', [{ isoFrom: 1800 }]), version('far', [{}])];
    expect(picked([far, near], 2000)).toBe('near');
    expect(picked([near, far], 1500)).toBe('far');
    const old = version('old', [{}], { created: '2026-05-17T14:03:08.999Z' });
    const equals = [old, version('b', [{}]), version('c', [{}])];
    expect(picked(equals, 800)).toBe('c');
    expect(picked(equals.reverse(), 800)).toBe('c');
  });

  it('counts the nearest of several ranges, and none that is not known', () => {
    const several = version('s', [
      { isoFrom: null, isoTo: null },
      { isoFrom: 100, isoTo: 200 },
      { isoFrom: 6400, isoTo: 6400 },
    ]);
    expect([150, 600, 6400].map((iso) => picked([several], iso))).toEqual(['s', null, 's']);
  });

  it('never depends on the order of versions', () => {
    const iso = fc.integer({ min: 1, max: 40 }).map((n) => n * 100);
    const any = fc.record({ a: iso, b: iso, second: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), iso, (specs, at) => {
        const versions = specs.map(({ a, b, second }, index) =>
          version(String(index), [{ isoFrom: Math.min(a, b), isoTo: Math.max(a, b) }], {
            created: `2026-05-17T14:03:0${second}.000Z`,
          }),
        );
        expect(picked(versions, at)).toBe(picked([...versions].reverse(), at));
      }),
    );
  });
});
