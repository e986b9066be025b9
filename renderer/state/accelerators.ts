import { create } from 'zustand';
import type { Accelerator } from '../../preload/contract.js';
import { host } from '../host.js';
import { fail } from './session.js';

export interface AcceleratorsState {
  /** null until the host has told. */
  readonly accelerators: readonly Accelerator[] | null;
  /** When the host told, in milliseconds since 1970. */
  readonly toldAt: number;
  /** What stops the test that this window has asked for; null: it has asked for none. */
  readonly test: AbortController | null;
}

/** What is known of the accelerators. */
export const useAccelerators = create<AcceleratorsState>(() => ({ accelerators: null, toldAt: 0, test: null }));

function tell(accelerators: readonly Accelerator[]): void {
  useAccelerators.setState({ accelerators, toldAt: Date.now() });
}

/** Asks what is known and follows it; what comes back ends that. */
export function followAccelerators(): () => void {
  const client = host();
  const abort = new AbortController();
  const end = client.on('accelerators.changed', ({ accelerators }) => {
    tell(accelerators);
  });
  client.call('accelerators.list', {}, abort.signal).then(
    ({ accelerators }) => {
      tell(accelerators);
    },
    (error: unknown) => {
      if (!abort.signal.aborted) fail(error);
    },
  );
  return () => {
    abort.abort();
    end();
  };
}

/** Tries all of them again; goes on when the settings are closed. */
export async function testAccelerators(): Promise<void> {
  const test = new AbortController();
  useAccelerators.setState({ test });
  try {
    const { accelerators } = await host().call('accelerators.test', {}, test.signal);
    tell(accelerators);
  } catch (error) {
    if (!test.signal.aborted) fail(error);
  } finally {
    useAccelerators.setState({ test: null });
  }
}

export const stopTestingAccelerators = (): void => useAccelerators.getState().test?.abort();
