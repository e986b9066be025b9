import type { PhotoId } from '../../../preload/contract.js';
import { useLibrary } from '../../state/library.js';
import { openPhoto } from '../../state/view.js';

/** Going from photo to photo, in the order of the library. */

export interface Neighbours {
  readonly index: number;
  readonly count: number;
}

const currentOrder = (): readonly PhotoId[] => [...useLibrary.getState().photos.keys()];

/** The photos in the order in which the library shows them. */
export function useOrder(): readonly PhotoId[] {
  const photos = useLibrary((state) => state.photos);
  return [...photos.keys()];
}

/** Shows the photo before (-1) or after (1) one. False: there is none. */
export function showNeighbour(photo: PhotoId, direction: 1 | -1): boolean {
  const order = currentOrder();
  const next = order[order.indexOf(photo) + direction];
  if (next === undefined) return false;
  openPhoto(next);
  return true;
}
