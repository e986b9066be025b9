import { useMemo } from 'react';
import type { LibraryProblem, PhotoEntry } from '../../../preload/contract.js';
import { useLibrary } from '../../state/library.js';

/** Photos of the library that cannot be read: what is wrong with them showed when they were looked into. */
export const unreadable = (photos: Iterable<PhotoEntry>): PhotoEntry[] =>
  Array.from(photos).filter(({ error }) => error !== null);

/** Every file that could not be read: those that did not come into the library, and those that did. */
export function allProblems(refused: readonly LibraryProblem[], photos: Iterable<PhotoEntry>): LibraryProblem[] {
  const damaged = unreadable(photos).map(({ folder, name, error }) => ({
    name: folder === '' ? name : `${folder}/${name}`,
    error: error!,
  }));
  return [...refused, ...damaged];
}

/** The same, followed. */
export function useProblems(): readonly LibraryProblem[] {
  const refused = useLibrary((state) => state.problems);
  const photos = useLibrary((state) => state.photos);
  return useMemo(() => allProblems(refused, photos.values()), [refused, photos]);
}
