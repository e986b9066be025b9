import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

/** Where the program keeps queues and logs: STILLGRAIN_STATE_DIR, or the system's place for application data. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const override = env['STILLGRAIN_STATE_DIR'];
  return override ? resolve(override) : envPaths('stillgrain', { suffix: '' }).data;
}

/** Where it keeps what can be made again: below STILLGRAIN_STATE_DIR, or the system's place for caches. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const override = env['STILLGRAIN_STATE_DIR'];
  return override ? join(resolve(override), 'cache') : envPaths('stillgrain', { suffix: '' }).cache;
}

/** What the window remembers: the photos, the preferences, the folders. */
export const windowFolder = (state: string): string => join(state, 'window');

/** The queue of one output folder, whose links must be resolved: two commands with the same folder share it. */
export const queueFolder = (state: string, out: string): string =>
  join(state, 'queues', createHash('sha256').update(out).digest('hex').slice(0, 24));

/** What windows have been asked to denoise and have not finished. */
export const runsFolder = (state: string): string => join(state, 'runs');

/** Where the engine's own output goes, for diagnosis. */
export const engineLogFile = (state: string): string => join(state, 'logs', 'engine.log');

/** Where faults of the window and of the requests that it makes go. */
export const windowLogFile = (state: string): string => join(state, 'logs', 'window.log');

/** Who trains in which folder. */
export const trainingClaimsFolder = (state: string): string => join(state, 'training');

/** The models that people have trained or imported: see ModelLibrary. */
export const modelsFolder = (state: string): string => join(state, 'models');

/** The VAEs that people have trained: see VaeLibrary. */
export const vaesFolder = (state: string): string => join(state, 'vaes');

/** Runs of learning that were given no folder of their own. */
export const learningFolder = (state: string): string => join(state, 'learning');

/** What is thought of the machine's accelerators: see VerdictStore. */
export const acceleratorsFolder = (state: string): string => join(state, 'accelerators');
