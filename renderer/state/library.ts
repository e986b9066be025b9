import { create } from 'zustand';
import type { DenoiseSettings, LibraryProblem, PhotoEntry, PhotoId, ScanState } from '../../preload/contract.js';
import { host } from '../host.js';
import { useSession } from './session.js';

export interface LibraryState {
  readonly photos: ReadonlyMap<PhotoId, PhotoEntry>;
  readonly problems: readonly LibraryProblem[];
  readonly scan: ScanState;
  /** False until the host has told what there is. */
  readonly loaded: boolean;
}

/** The photos, in the order in which they came. */
export const useLibrary = create<LibraryState>(() => ({
  photos: new Map(),
  problems: [],
  scan: { active: false, found: 0 },
  loaded: false,
}));

function put(entries: readonly PhotoEntry[]): void {
  useLibrary.setState(({ photos }) => {
    const next = new Map(photos);
    for (const entry of entries) next.set(entry.id, entry);
    return { photos: next };
  });
}

/** Follows the host's library. Events that arrive before the list are newer than it and win. */
export async function startLibrary(): Promise<void> {
  const client = host();
  client.on('library.added', ({ photos }) => {
    put(photos);
  });
  client.on('library.changed', ({ photos }) => {
    const known = useLibrary.getState().photos;
    put(photos.filter(({ id }) => known.has(id)));
  });
  client.on('library.removed', ({ photos }) => {
    useLibrary.setState((state) => {
      const next = new Map(state.photos);
      for (const id of photos) next.delete(id);
      return { photos: next };
    });
  });
  client.on('library.problems', ({ problems }) => {
    useLibrary.setState({ problems });
  });
  client.on('library.scan', (scan) => {
    useLibrary.setState({ scan });
  });
  const snapshot = await client.call('library.list', {});
  useLibrary.setState(({ photos }) => ({
    photos: new Map([...snapshot.photos.map((photo) => [photo.id, photo] as const), ...photos]),
    problems: snapshot.problems,
    scan: snapshot.scan,
    loaded: true,
  }));
}

/** The settings that a photo is denoised with. */
export function settingsOf(photo: PhotoEntry | undefined, defaults: DenoiseSettings): DenoiseSettings {
  return photo?.adjustments ?? defaults;
}

/** The same, now. */
export function currentSettings(id: PhotoId): DenoiseSettings {
  return settingsOf(useLibrary.getState().photos.get(id), useSession.getState().preferences.adjustments);
}
