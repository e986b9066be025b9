import type { Engine } from '../engine-supervisor.js';

/** An engine of its own, for as long as a run lasts. */
export interface TrainingEngine extends Engine {
  shutdown(): Promise<void>;
  kill(): void;
}
