import { describe, expect, it } from 'vitest';
import { denoiseScope, type ScopeState } from '../../../../../renderer/features/export/scope.js';
import { photoEntry, photoId } from '../../state/photos.js';

const [a, b, c, d] = [photoId(1), photoId(2), photoId(3), photoId(4)];
const unreadable = { code: 'input/damaged', message: 'damaged' };
const photos = new Map([
  [a, photoEntry(1)],
  [b, photoEntry(2)],
  [c, photoEntry(3, { error: unreadable })],
  [d, photoEntry(4)],
]);
const base = { view: 'library', selected: new Set<typeof a>(), active: null, shown: [d, b, c, a], photos } as const;

describe('what the button denoises', () => {
  const of = (more: Partial<ScopeState>) => {
    const { kind, photos: chosen } = denoiseScope({ ...base, ...more });
    return [kind, chosen];
  };

  it('is all that are shown, in their order and without files that cannot be read', () => {
    expect(of({})).toEqual(['all', [d, b, a]]);
    expect(of({ shown: [b] })).toEqual(['all', [b]]);
  });

  it('is the selection if there is one, with photos that a filter hides at its end', () => {
    expect(of({ selected: new Set([a, d, c]) })).toEqual(['selected', [d, a]]);
    expect(of({ selected: new Set([a, d]), shown: [d] })).toEqual(['selected', [d, a]]);
  });

  it('is the photo in view while comparing, unless it is one of several that are selected', () => {
    expect(of({ view: 'compare', active: b })).toEqual(['this', [b]]);
    expect(of({ view: 'compare', active: b, selected: new Set([a, d]) })).toEqual(['this', [b]]);
    expect(of({ view: 'compare', active: a, selected: new Set([a, d]) })).toEqual(['selected', [d, a]]);
    expect(of({ view: 'compare', active: c })).toEqual(['all', [d, b, a]]);
  });

  it('is nothing when there is nothing', () => {
    expect(of({ shown: [], photos: new Map() })).toEqual(['nothing', []]);
  });
});
