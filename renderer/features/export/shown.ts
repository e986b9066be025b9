import { useMemo } from 'react';
import type { PhotoId } from '../../../preload/contract.js';
import { useLibrary } from '../../state/library.js';

/** The photos as the grid shows them. */
export function useShownPhotos(): readonly PhotoId[] {
  const photos = useLibrary((state) => state.photos);
  return useMemo(() => [...photos.keys()], [photos]);
}

/** The same, now. */
export const shownPhotos = (): readonly PhotoId[] => [...useLibrary.getState().photos.keys()];
