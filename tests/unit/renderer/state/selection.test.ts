import { beforeEach, describe, expect, it } from 'vitest';
import type { PhotoId } from '../../../../preload/contract.js';
import { keepSelected, nextSelection, selectAll, useSelection } from '../../../../renderer/state/selection.js';

const id = (name: string): PhotoId => name as PhotoId;
const order = ['a', 'b', 'c', 'd', 'e'].map(id);
const state = (selected: string[], active: string | null = null, anchor = active) => ({
  selected: new Set(selected.map(id)),
  active: active === null ? null : id(active),
  anchor: anchor === null ? null : id(anchor),
});

describe('a click', () => {
  it('selects one photo in place of what was selected', () => {
    expect(nextSelection(state(['a', 'b'], 'b'), id('d'), 'replace', order)).toEqual(state(['d'], 'd'));
  });

  it('with Ctrl adds a photo, and takes it away again', () => {
    const both = nextSelection(state(['a'], 'a'), id('c'), 'toggle', order);
    expect(both).toEqual(state(['a', 'c'], 'c'));
    expect(nextSelection(both, id('a'), 'toggle', order)).toEqual(state(['c'], 'a'));
  });

  it('with Shift selects the range from the anchor in either direction, and the anchor stays', () => {
    const down = nextSelection(state(['b'], 'b'), id('d'), 'range', order);
    expect(down).toEqual(state(['b', 'c', 'd'], 'd', 'b'));
    expect(nextSelection(down, id('a'), 'range', order)).toEqual(state(['a', 'b'], 'a', 'b'));
  });

  it('with Shift selects one photo where the anchor is not shown', () => {
    expect(nextSelection(state(['x'], 'x'), id('c'), 'range', order)).toEqual(state(['c'], 'c'));
  });
});

describe('the selection as a whole', () => {
  beforeEach(() => {
    useSelection.setState(state(['b', 'c'], 'c', 'b'));
  });

  it('takes every photo that is shown and leaves the focus', () => {
    selectAll(order);
    expect(useSelection.getState()).toEqual(state(['a', 'b', 'c', 'd', 'e'], 'c', 'b'));
  });

  it('loses photos that are gone, and their focus goes to the one that is named', () => {
    keepSelected(new Set([id('a'), id('b')]), id('a'));
    expect(useSelection.getState()).toEqual(state(['b'], 'a', 'b'));
  });

  it('is the same object when nothing in it is gone, so that no cell is drawn again', () => {
    const before = useSelection.getState().selected;
    keepSelected(new Set(order));
    expect(useSelection.getState().selected).toBe(before);
  });
});
