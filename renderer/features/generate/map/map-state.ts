import { create } from 'zustand';
import type { GeneratedPicture, LibraryMap, PhotoId } from '../../../../preload/contract.js';
import type { Point } from '../../../elements/pan-zoom/viewport.js';
import { host } from '../../../host.js';
import { useSelection } from '../../../state/selection.js';
import { chosenVae } from '../generate-state.js';
import { IDLE, Job, type JobState } from '../job.js';

export const MAP_TOOLS = ['move', 'walk', 'lasso'] as const;
export type MapTool = (typeof MAP_TOOLS)[number];

/** A picture that lies at a point of the map. */
export interface Found {
  readonly at: Point;
  /** null: on its way. */
  readonly picture: GeneratedPicture | null;
  readonly nearest: PhotoId | null;
}

export interface MapState {
  /** The photos that it was asked for. */
  readonly photos: readonly PhotoId[];
  /** null: not there yet. */
  readonly map: LibraryMap | null;
  readonly job: JobState;
  readonly tool: MapTool;
  /** Under the pointer, or nearest to the cursor; null: none. */
  readonly hovered: PhotoId | null;
  /** Clicked last. */
  readonly focused: PhotoId | null;
  readonly found: Found | null;
  /** Along the path that was walked last; empty: none. */
  readonly walk: readonly Found[];
  readonly foundJob: JobState;
}

export const useMap = create<MapState>(() => ({
  photos: [],
  map: null,
  job: IDLE,
  tool: 'move',
  hovered: null,
  focused: null,
  found: null,
  walk: [],
  foundJob: IDLE,
}));

const mapJob = new Job((job) => {
  useMap.setState({ job });
});
const foundJob = new Job((state) => {
  useMap.setState({ foundJob: state });
});

/** All of what the nearest photo has beyond the two axes: near a photo, its own light and colours. */
const DETAIL = 1;

/** Shows the map of some photos; nothing is asked for those that it shows already. */
export async function showMap(photos: readonly PhotoId[]): Promise<void> {
  const { photos: before, map, job } = useMap.getState();
  const isSame = photos.length === before.length && photos.every((photo, index) => photo === before[index]);
  if (isSame && (map !== null || job.busy)) return;
  useMap.setState({ photos });
  await loadMap();
}

export async function loadMap(): Promise<void> {
  const { photos } = useMap.getState();
  const answer = await mapJob.run((ticket, signal) =>
    host().call('generate.map', { ticket, vae: chosenVae(), photos: [...photos] }, signal),
  );
  if (answer === null) return;
  foundJob.cancel();
  useMap.setState({ map: answer, found: null, walk: [], hovered: null, focused: null });
}

export function stopMap(): void {
  mapJob.cancel();
}

/** Another VAE lays the photos out otherwise. */
export function forgetMap(): void {
  mapJob.cancel();
  foundJob.cancel();
  useMap.setState({ map: null, found: null, walk: [], hovered: null, focused: null, job: IDLE, foundJob: IDLE });
}

/** Asks what lies at points of the map. */
async function find(points: readonly Point[]): Promise<readonly Found[] | null> {
  const { map } = useMap.getState();
  if (map === null) return null;
  // Of the very photos that are on it, or its axes would be others.
  const photos = map.points.map(({ photo }) => photo);
  const answer = await foundJob.run((ticket, signal) =>
    host().call('generate.points', { ticket, vae: chosenVae(), photos, points: [...points], detail: DETAIL }, signal),
  );
  return answer?.pictures.map(({ picture, nearest }, index) => ({ at: points[index]!, picture, nearest })) ?? null;
}

/** Shows what lies at a point. */
export async function lookAtPoint(at: Point, photo: PhotoId | null): Promise<void> {
  useMap.setState({ found: { at, picture: null, nearest: photo }, focused: photo, walk: [] });
  const [found] = (await find([at])) ?? [];
  if (found !== undefined) useMap.setState({ found });
}

/** Shows what lies along a path. */
export async function walkAlong(points: readonly Point[]): Promise<void> {
  useMap.setState({ found: null, walk: points.map((at) => ({ at, picture: null, nearest: null })) });
  const walk = await find(points);
  if (walk !== null) useMap.setState({ walk, found: walk.at(-1) ?? null });
}

export function retryFinding(): void {
  const { found, walk, focused } = useMap.getState();
  if (walk.length > 0) void walkAlong(walk.map(({ at }) => at));
  else if (found !== null) void lookAtPoint(found.at, focused);
}

export function stopFinding(): void {
  foundJob.cancel();
}

export function hover(photo: PhotoId | null): void {
  if (useMap.getState().hovered !== photo) useMap.setState({ hovered: photo });
}

/** Selects photos in the library; `add`: beside those that are. */
export function selectPhotos(photos: readonly PhotoId[], add: boolean): void {
  useSelection.setState(({ selected, active, anchor }) => ({
    selected: new Set([...(add ? selected : []), ...photos]),
    active: photos[0] ?? active,
    anchor: photos[0] ?? anchor,
  }));
}

/** Selects a photo, or takes it out of the selection. */
export function toggleSelected(photo: PhotoId): void {
  useSelection.setState(({ selected }) => {
    const next = new Set(selected);
    if (!next.delete(photo)) next.add(photo);
    return { selected: next, active: photo, anchor: photo };
  });
}

/** The photos most like one, nearest first. */
export const similarTo = (map: LibraryMap, photo: PhotoId): readonly PhotoId[] =>
  map.points.find((point) => point.photo === photo)?.neighbours.map((neighbour) => neighbour.photo) ?? [];
