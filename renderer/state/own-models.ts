import { create } from 'zustand';
import type { OwnModel, OwnModels } from '../../preload/contract.js';
import { host } from '../host.js';

/** The person's own models: null until the host has told. */
export const useOwnModels = create<{ readonly models: OwnModels | null }>(() => ({ models: null }));

/** Follows the host's library of models. */
export async function startOwnModels(): Promise<void> {
  host().on('models.changed', (models) => {
    useOwnModels.setState({ models });
  });
  await refreshOwnModels();
}

/** Asks again: the command may have changed them. */
export async function refreshOwnModels(): Promise<void> {
  useOwnModels.setState({ models: await host().call('models.list', {}) });
}

/** The versions that names stand for. */
export const promotedOf = (models: OwnModels | null): readonly OwnModel[] =>
  (models?.versions ?? []).filter(({ promoted }) => promoted);
