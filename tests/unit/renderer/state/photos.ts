import { DEFAULT_PREFERENCES, type PhotoEntry, type PhotoId } from '../../../../preload/contract.js';
import { useLibrary } from '../../../../renderer/state/library.js';
import { useSelection } from '../../../../renderer/state/selection.js';
import { useSession } from '../../../../renderer/state/session.js';
import { useView } from '../../../../renderer/state/view.js';

/** "photo0001": an id that the contract takes. */
export const photoId = (number: number): PhotoId => `photo${String(number).padStart(4, '0')}` as PhotoId;

/** A photo of the library. */
export function photoEntry(number: number, more: Partial<PhotoEntry> = {}): PhotoEntry {
  return {
    id: photoId(number),
    name: `IMG_${number}.jpg`,
    folder: 'Concert',
    bytes: 4_000_000,
    modifiedAt: 0,
    width: 6000,
    height: 4000,
    format: 'jpeg',
    noise: null,
    trust: null,
    adjustments: null,
    error: null,
    ...more,
  };
}

/** Puts the window's state to a library of these photos with a selection. */
export function showPhotos(photos: readonly PhotoEntry[], selected: readonly PhotoId[]): void {
  useLibrary.setState({ photos: new Map(photos.map((photo) => [photo.id, photo])) });
  useSelection.setState({ selected: new Set(selected), active: selected[0] ?? null, anchor: null });
  useSession.setState({ preferences: DEFAULT_PREFERENCES, notices: [] });
  useView.setState({ view: 'library' });
}
