import { onTestFinished } from 'vitest';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../preload/contract.js';
import type { DenoiseRequest } from '../../preload/engine-protocol.js';
import { DEFAULT_TIMINGS, type EngineTimings } from '../../main/app/engine-client.js';
import { EngineSupervisor } from '../../main/app/engine-supervisor.js';
import { forkEngine } from '../../main/app/engine-transport.js';

const ENTRY = new URL('scripted-engine.mjs', import.meta.url);

/** A real supervisor over a real process with scripted faults; shut down when the test has ended. */
export function scriptedEngine(timings: Partial<EngineTimings> = {}): EngineSupervisor {
  const supervisor = new EngineSupervisor(forkEngine(ENTRY), {
    timings: { ...DEFAULT_TIMINGS, startMs: 5_000, ...timings },
    restarts: { firstDelayMs: 5, maxDelayMs: 20, maxStarts: 3, coolOffMs: 300 },
  });
  onTestFinished(() => supervisor.shutdown());
  return supervisor;
}

/** A request whose input's name scripts what happens. */
export const scripted = (input: string, output = `/out/${input}`): DenoiseRequest => ({
  input,
  output,
  overwrite: false,
  settings: DEFAULT_DENOISE,
  encode: DEFAULT_ENCODE,
  runtime: DEFAULT_RUNTIME,
});
