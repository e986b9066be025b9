import { create } from 'zustand';
import type { PhotoEntry, PhotoId } from '../../preload/contract.js';
import { asksQueue, NO_FILTER, passes, PhotoOrder, type Filter } from './arrange.js';
import { useLibrary } from './library.js';
import { useQueue } from './queue.js';
import { keepSelected } from './selection.js';
import { useSession } from './session.js';

/** The photos as the grid shows them: sorted and filtered, kept up to date whichever view is open. */

export interface ShownState {
  readonly filter: Filter;
  readonly photos: readonly PhotoEntry[];
  /** Their ids, for ranges of a selection and for going from photo to photo. */
  readonly order: readonly PhotoId[];
}

export const useShown = create<ShownState>(() => ({ filter: NO_FILTER, photos: [], order: [] }));

/** The photos in the order of the grid, now. */
export const shownOrder = (): readonly PhotoId[] => useShown.getState().order;

/** Shows other photos; those that are not shown any more are not selected any more. */
export function setFilter(patch: Partial<Filter>): void {
  useShown.setState(({ filter }) => ({ filter: { ...filter, ...patch } }));
  keepSelected(new Set(shownOrder()));
}

/** Follows the library, the queue and the chosen order. Called once, before the first render. */
export function startShown(): void {
  const order = new PhotoOrder();
  const update = (): void => {
    const { photos } = useLibrary.getState();
    const { filter, photos: before } = useShown.getState();
    const { items } = useQueue.getState();
    const sorted = order.arrange(photos, useSession.getState().preferences.sort);
    const everything = filter.only === 'all' && filter.text === '';
    const next = everything ? sorted : sorted.filter((photo) => passes(photo, items.get(photo.id), filter));
    if (next === before) return;
    const sameOrder = next.length === before.length && next.every(({ id }, index) => id === before[index]!.id);
    useShown.setState(sameOrder ? { photos: next } : { photos: next, order: next.map(({ id }) => id) });
  };
  useLibrary.subscribe((now, before) => {
    if (now.photos !== before.photos) update();
  });
  useSession.subscribe((now, before) => {
    if (now.preferences.sort !== before.preferences.sort) update();
  });
  useQueue.subscribe((now, before) => {
    if (now.items !== before.items && asksQueue(useShown.getState().filter)) update();
  });
  useShown.subscribe((now, before) => {
    if (now.filter !== before.filter) update();
  });
}
