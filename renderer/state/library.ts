import { create } from 'zustand';
import type { DenoiseSettings, LibraryProblem, PhotoEntry, PhotoId, ScanState } from '../../preload/contract.js';
import { host } from '../host.js';
import { keepSelected } from './selection.js';
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

/** What a slider under the hand has set and the host has not confirmed: it wins over what the host says. */
const held = new Map<PhotoId, DenoiseSettings | null>();

function put(entries: readonly PhotoEntry[]): void {
  useLibrary.setState(({ photos }) => {
    const next = new Map(photos);
    for (const entry of entries) {
      const mine = held.get(entry.id);
      next.set(entry.id, mine === undefined ? entry : { ...entry, adjustments: mine });
    }
    return { photos: next };
  });
}

/** Changes of the host's that follow one another are shown together, at this pace; the first is shown at once. */
const PACE_MS = 200;
const coming = new Map<PhotoId, PhotoEntry>();
let pacing: ReturnType<typeof setTimeout> | null = null;

/** Takes changes from the host, of which thousands come while folders are looked through. */
function receive(entries: readonly PhotoEntry[]): void {
  for (const entry of entries) coming.set(entry.id, entry);
  if (pacing === null) keepPace();
}

function keepPace(): void {
  pacing = null;
  if (coming.size === 0) return;
  showReceived();
  pacing = setTimeout(keepPace, PACE_MS);
}

function showReceived(): void {
  if (coming.size === 0) return;
  const entries = [...coming.values()];
  coming.clear();
  put(entries);
}

/** Sets the sliders of photos here alone, until they are sent and `releaseAdjustments` is called. */
export function holdAdjustments(changes: ReadonlyMap<PhotoId, DenoiseSettings | null>): void {
  showReceived();
  const { photos } = useLibrary.getState();
  for (const [id, settings] of changes) held.set(id, settings);
  put([...changes.keys()].flatMap((id) => photos.get(id) ?? []));
}

/** Ends what `holdAdjustments` began: the host's word counts again. */
export function releaseAdjustments(photos: Iterable<PhotoId>): void {
  for (const id of photos) held.delete(id);
}

/** Takes photos off the lists of the window; the focus goes to the one that was behind them. */
export function forget(gone: readonly PhotoId[]): void {
  showReceived();
  const { photos } = useLibrary.getState();
  const next = new Map(photos);
  for (const id of gone) next.delete(id);
  useLibrary.setState({ photos: next });
  keepSelected(new Set(next.keys()));
}

/** Shows photos again that `forget` took off. */
export const recall = put;

/** Follows the host's library. Events that arrive before the list are newer than it and win. */
export async function startLibrary(): Promise<void> {
  const client = host();
  client.on('library.added', ({ photos }) => {
    receive(photos);
  });
  client.on('library.changed', ({ photos }) => {
    const known = useLibrary.getState().photos;
    receive(photos.filter(({ id }) => known.has(id) || coming.has(id)));
  });
  client.on('library.removed', ({ photos }) => {
    forget(photos);
  });
  client.on('library.problems', ({ problems }) => {
    useLibrary.setState({ problems });
  });
  client.on('library.scan', (scan) => {
    useLibrary.setState({ scan });
  });
  const snapshot = await client.call('library.list', {});
  showReceived();
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
