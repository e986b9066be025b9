import { create } from 'zustand';
import type { OwnVaes } from '../../preload/contract.js';
import { host } from '../host.js';

/** The person's own VAEs, "picture models" in the window: null until the host has told. */
export const useOwnVaes = create<{ readonly vaes: OwnVaes | null }>(() => ({ vaes: null }));

/** Follows the host's library of VAEs. */
export async function startOwnVaes(): Promise<void> {
  host().on('vaes.changed', (vaes) => {
    useOwnVaes.setState({ vaes });
  });
  await refreshOwnVaes();
}

/** Asks again: another process may have added one. */
export async function refreshOwnVaes(): Promise<void> {
  useOwnVaes.setState({ vaes: await host().call('vaes.list', {}) });
}
