import { create } from 'zustand';
import type { GeneratedPicture, PhotoId } from '../../../../preload/contract.js';
import { MOST_INTERPOLATED } from '../../../../preload/vocabulary.js';
import { host } from '../../../host.js';
import { chosenVae } from '../generate-state.js';
import { IDLE, Job, type JobState } from '../job.js';

export interface Way {
  readonly photos: readonly PhotoId[];
  readonly frames: number;
  /** Whether it leads back to the first photo. */
  readonly closed: boolean;
  /** Share of the photos' own detail near them. */
  readonly detail: number;
}

export interface BetweenState extends Way {
  /** null: not there yet. */
  readonly pictures: readonly GeneratedPicture[] | null;
  /** Which frame is shown large. */
  readonly at: number;
  readonly playing: boolean;
  readonly job: JobState;
}

export const useBetween = create<BetweenState>(() => ({
  photos: [],
  frames: 16,
  closed: false,
  detail: 1,
  pictures: null,
  at: 0,
  playing: false,
  job: IDLE,
}));

const job = new Job((state) => {
  useBetween.setState({ job: state });
});

/** Changes the way; `load`: now, not while a slider still moves. */
export function changeWay(patch: Partial<Way>, load = true): void {
  useBetween.setState(patch);
  if (load) void loadWay();
}

export async function loadWay(): Promise<void> {
  const { photos, frames, closed, detail } = useBetween.getState();
  if (photos.length < 2) {
    job.cancel();
    useBetween.setState({ pictures: null, playing: false });
    return;
  }
  const answer = await job.run((ticket, signal) =>
    host().call('generate.between', { ticket, vae: chosenVae(), photos: [...photos], frames, closed, detail }, signal),
  );
  if (answer === null) return;
  useBetween.setState(({ at }) => ({ pictures: answer.frames, at: Math.min(at, answer.frames.length - 1) }));
}

export function stopWay(): void {
  job.cancel();
}

/** Another VAE makes other frames. */
export function forgetWay(): void {
  job.cancel();
  useBetween.setState({ pictures: null, at: 0, playing: false, job: IDLE });
}

/** Adds photos that the way does not lead along yet, as many as fit. */
export function addStops(photos: readonly PhotoId[]): void {
  const { photos: before } = useBetween.getState();
  const added = photos.filter((photo) => !before.includes(photo));
  changeWay({ photos: [...before, ...added].slice(0, MOST_INTERPOLATED) });
}

/** The photos with one moved before another place: pure. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from);
  const place = Math.min(rest.length, Math.max(0, to));
  return [...rest.slice(0, place), list[from]!, ...rest.slice(place)];
}

export function moveStop(from: number, to: number): void {
  changeWay({ photos: moved(useBetween.getState().photos, from, to) });
}

export function removeStop(photo: PhotoId): void {
  changeWay({ photos: useBetween.getState().photos.filter((other) => other !== photo) });
}

/** Drops photos that left the library. */
export function keepStops(kept: (photo: PhotoId) => boolean): void {
  const { photos } = useBetween.getState();
  if (!photos.every(kept)) changeWay({ photos: photos.filter(kept) });
}
