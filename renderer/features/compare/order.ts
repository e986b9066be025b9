import type { PhotoId } from '../../../preload/contract.js';
import { shownOrder, useShown } from '../../state/shown.js';
import { openPhoto } from '../../state/view.js';

/** Going from photo to photo, in the order of the library. */

export interface Neighbours {
  readonly index: number;
  readonly count: number;
}

/** The photos in the order in which the library shows them. */
export function useOrder(): readonly PhotoId[] {
  return useShown((state) => state.order);
}

/** Shows the photo before (-1) or after (1) one. False: there is none. */
export function showNeighbour(photo: PhotoId, direction: 1 | -1): boolean {
  const order = shownOrder();
  const next = order[order.indexOf(photo) + direction];
  if (next === undefined) return false;
  openPhoto(next);
  return true;
}
