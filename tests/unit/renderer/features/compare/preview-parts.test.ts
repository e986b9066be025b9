import { describe, expect, it } from 'vitest';
import type { Region } from '../../../../../preload/contract.js';
import { PartStore, uncovered, type Part } from '../../../../../renderer/features/compare/preview-parts.js';

const region = (left: number, width = 100): Region => ({ left, top: 0, width, height: 100 });
const part = (name: string, at: Region, options: { draft?: boolean; twice?: boolean } = {}): Part<string> => ({
  region: at,
  draft: options.draft ?? false,
  image: `${name}.image`,
  first: `${name}.first`,
  second: options.twice === true ? `${name}.second` : null,
});

function make(maxBytes = 1e9) {
  const disposed: string[] = [];
  return { disposed, store: new PartStore<string>(maxBytes, (texture) => disposed.push(texture)) };
}

describe('PartStore', () => {
  it('replaces drafts once final parts cover them', () => {
    const { store, disposed } = make();
    store.add('set', part('draft', region(0, 200), { draft: true }));
    expect(store.coverage('set', false)).toEqual([]);
    store.add('set', part('left', region(0)));
    expect(disposed).toEqual([]);
    expect(store.parts('set').map(({ image }) => image)).toEqual(['draft.image', 'left.image']);
    store.add('set', part('right', region(100)));
    expect(disposed).toEqual(['draft.image', 'draft.first']);
    expect(store.coverage('set', false)).toEqual([region(0), region(100)]);
  });

  it('takes parts with both passes where one is needed, not the other way round', () => {
    const { store, disposed } = make();
    store.add('set', part('once', region(0)));
    expect(store.coverage('set', true)).toEqual([]);
    store.add('set', part('twice', region(0), { twice: true }));
    expect(disposed).toEqual(['once.image', 'once.first']);
    expect(store.coverage('set', false)).toEqual([region(0)]);
    expect(store.presence('set', region(50), true)).toEqual({ any: true, final: true });
    expect(store.presence('set', region(100), true)).toEqual({ any: false, final: false });
  });

  it('forgets what was not shown for longest when there is no more room', () => {
    const bytes = 100 * 100 * 4 * 2;
    const { store, disposed } = make(2 * bytes);
    store.add('old', part('old', region(0)));
    store.add('other', part('other', region(0)));
    store.parts('old');
    store.add('new', part('new', region(0)));
    expect(disposed).toEqual(['other.image', 'other.first']);
    expect(store.coverage('other', false)).toEqual([]);
    expect(store.bytes).toBe(2 * bytes);
  });

  it('keeps a map for each region, the newest of the same', () => {
    const { store, disposed } = make();
    const values = new Uint8Array(4);
    store.addMap('set', { region: region(0), texture: 'a', values });
    store.addMap('set', { region: region(100), texture: 'b', values });
    store.addMap('set', { region: region(0), texture: 'c', values });
    expect(store.mapsOf('set').map(({ texture }) => texture)).toEqual(['b', 'c']);
    expect(disposed).toEqual(['a']);
    store.clear();
    expect(store.mapsOf('set')).toEqual([]);
  });
});

describe('what is painted', () => {
  it('leaves out what lies wholly below later parts, also of several, and keeps their order', () => {
    const names = (parts: readonly Part<string>[]) => uncovered(parts).map(({ image }) => image);
    const below = part('below', region(0, 200));
    const [left, right] = [part('left', region(0)), part('right', region(100))];
    expect(names([below, left])).toEqual(['below.image', 'left.image']);
    expect(names([below, left, right])).toEqual(['left.image', 'right.image']);
    expect(names([left, below])).toEqual(['below.image']);
    expect(names([left, part('again', region(0))])).toEqual(['again.image']);
  });
});
