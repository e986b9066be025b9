import { create } from 'zustand';
import type { RunMethod, TrainingRun, TrainStart, VaeMethod, VaeStart } from '../../preload/contract.js';
import { host } from '../host.js';
import { fail } from './session.js';

export interface TrainingState {
  /** null: there is none. */
  readonly run: TrainingRun | null;
  /** False until the host has told. */
  readonly loaded: boolean;
}

/** The one training run. */
export const useTraining = create<TrainingState>(() => ({ run: null, loaded: false }));

/** Follows the host's run. An event that arrives before the answer is newer than it and wins. */
export async function startTraining(): Promise<void> {
  const client = host();
  client.on('train.changed', ({ run }) => {
    useTraining.setState({ run, loaded: true });
  });
  const { run } = await client.call('train.state', {});
  useTraining.setState((state) => (state.loaded ? state : { run, loaded: true }));
}

/** Starts a run; a refusal is said. Resolves with whether it was started. */
export const train = (request: TrainStart): Promise<boolean> => begin(() => host().call('train.start', request));

/** The same for a VAE. */
export const trainVae = (request: VaeStart): Promise<boolean> => begin(() => host().call('train.startVae', request));

async function begin(start: () => Promise<object>): Promise<boolean> {
  try {
    await start();
    const { run } = await host().call('train.state', {});
    useTraining.setState({ run });
    return true;
  } catch (error) {
    fail(error);
    return false;
  }
}

const ask = async (name: 'train.pause' | 'train.resume' | 'train.stop' | 'train.discard'): Promise<void> => {
  try {
    await host().call(name, {});
    const { run } = await host().call('train.state', {});
    useTraining.setState({ run });
  } catch (error) {
    fail(error);
  }
};

export const pauseTraining = (): Promise<void> => ask('train.pause');
export const resumeTraining = (): Promise<void> => ask('train.resume');
export const stopTraining = (): Promise<void> => ask('train.stop');
export const discardTraining = (): Promise<void> => ask('train.discard');

/** Whether an engine is at work on it, or waits to be. */
export const isAtWork = ({ state }: Pick<TrainingRun, 'state'>): boolean => state === 'running' || state === 'paused';

/** Whether a run is of a VAE rather than of a denoiser. */
export const isOfVae = (method: RunMethod): method is VaeMethod => method === 'vae' || method === 'vae-gan';

/** A run that is not over, of the other kind: there is one at a time. */
export const useOtherRun = (kind: 'denoiser' | 'vae'): boolean =>
  useTraining(({ run }) => run !== null && run.result === null && isOfVae(run.method) !== (kind === 'vae'));
