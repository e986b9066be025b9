import type { TrainingRun } from '../../../preload/contract.js';
import type { TrainingEngine } from './training-engine.js';
import type { Progress } from './progress.js';
import type { StoredRun } from './run-file.js';

/** What a run of one kind does otherwise than one of another: how it is asked for, followed and kept. */

/** What a run is made of when it is asked for. */
export type NewRun = Pick<
  StoredRun,
  'name' | 'method' | 'minutes' | 'parent' | 'photos' | 'clean' | 'recipe' | 'progress'
>;

/** What the service lends a run that it carries out. */
export interface WayTools {
  readonly engine: TrainingEngine;
  readonly signal: AbortSignal;
  /** The run's folder, absolute, which is there. */
  readonly out: string;
  /** Changes what is known of the run. */
  readonly hear: (change: (before: Progress) => Progress) => void;
  /** To be called once the engine has been asked: from then on it can be told to wait. */
  readonly begun: () => void;
}

export interface Way {
  /** Has the engine train, and keeps what came of it. @throws AppError */
  carryOut(run: StoredRun, tools: WayTools): Promise<NonNullable<TrainingRun['result']>>;
  /** Codes of errors that going on would end in again. */
  readonly hopeless: RegExp;
  /** A file in the run's folder that is there from the time on that the run can be gone on with. */
  readonly begunBy: string;
}
