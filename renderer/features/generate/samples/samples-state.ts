import { create } from 'zustand';
import type { CallParams, GeneratedPicture, PhotoId } from '../../../../preload/contract.js';
import { host } from '../../../host.js';
import { chosenVae } from '../generate-state.js';
import { IDLE, Job, type JobState } from '../job.js';

/** Which photos new pictures are like: those of the library, the selected ones, or none. */
export type SampleSource = 'library' | 'selection' | 'nothing';

export interface Samples {
  readonly pictures: readonly GeneratedPicture[];
  /** What they were made with, so that the same ones are exported. */
  readonly made: Pick<CallParams<'generate.samples'>, 'vae' | 'photos' | 'seed'>;
  /** Components of the mixture; 0: N(0, I). */
  readonly components: number;
  readonly unused: number;
}

export interface SamplesState {
  readonly source: SampleSource;
  readonly seed: number;
  readonly count: number;
  readonly result: Samples | null;
  /** Numbers of those that are to be exported. */
  readonly chosen: ReadonlySet<number>;
  readonly job: JobState;
}

export const useSamples = create<SamplesState>(() => ({
  source: 'library',
  seed: 1,
  count: 12,
  result: null,
  chosen: new Set(),
  job: IDLE,
}));

const job = new Job((state) => {
  useSamples.setState({ job: state });
});

/** Makes new pictures like some photos. */
export async function makeSamples(photos: readonly PhotoId[]): Promise<void> {
  const { seed, count } = useSamples.getState();
  const made = { vae: chosenVae(), photos: [...photos], seed };
  const answer = await job.run((ticket, signal) => host().call('generate.samples', { ticket, ...made, count }, signal));
  if (answer === null) return;
  useSamples.setState({ result: { ...answer, made }, chosen: new Set() });
}

export function stopSamples(): void {
  job.cancel();
}

/** Another VAE makes other pictures. */
export function forgetSamples(): void {
  job.cancel();
  useSamples.setState({ result: null, chosen: new Set(), job: IDLE });
}

export function toggleChosen(index: number): void {
  useSamples.setState(({ chosen }) => {
    const next = new Set(chosen);
    if (!next.delete(index)) next.add(index);
    return { chosen: next };
  });
}
