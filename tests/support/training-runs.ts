import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HOST_GONE as HostGone } from '../../main/engine/host-channel.js';
import type { train as Train, TrainingTools } from '../../main/engine/training/trainer.js';
import type { TrainingRecipe } from '../../preload/training/recipe.js';
import type { TrainingNews, TrainingReport, TrainRequest } from '../../preload/training/train-call.js';

// Compiled: the thread that makes batches cannot be started from TypeScript.
const BUILT = new URL('../../dist/main/engine/training/trainer.js', import.meta.url).href;
const { train } = (await import(BUILT)) as { train: typeof Train };
const CHANNEL = new URL('../../dist/main/engine/host-channel.js', import.meta.url).href;
const { HOST_GONE } = (await import(CHANNEL)) as { HOST_GONE: typeof HostGone };

export interface RunOptions {
  readonly resume?: boolean;
  readonly init?: string;
  /** Default: the recipe's steps. */
  readonly length?: TrainRequest['length'];
  /** The run is aborted when this is true of a piece of news. */
  readonly stopAt?: (news: TrainingNews) => boolean;
  /** Then nothing more is written, as if the process had been killed. */
  readonly killed?: boolean;
}

/** Carries a run of the recipe's steps out in this process. */
export async function runTraining(
  recipe: TrainingRecipe,
  photos: readonly string[],
  out: string,
  { resume = false, init, length, stopAt = () => false, killed = false }: RunOptions = {},
): Promise<TrainingReport> {
  const stop = new AbortController();
  const request: TrainRequest = {
    recipe,
    photos: [...photos],
    out,
    init: init ?? null,
    length: length ?? { by: 'steps', steps: recipe.steps },
    resume,
    runtime: { provider: 'cpu', threads: 1, tile: null, precision: 'float' },
  };
  const tools: TrainingTools = {
    estimator: () => Promise.reject(new Error('nothing is measured')),
    session: { provider: 'cpu', threads: 1 },
    available: Infinity,
    unpaused: () => Promise.resolve(),
    onNews: (news) => {
      if (stopAt(news)) stop.abort(killed ? HOST_GONE : undefined);
    },
  };
  return train(stop.signal, request, tools);
}

/** A line of a run's metrics: of a step, or of an evaluation. */
export type MetricsLine = Readonly<Record<string, number | undefined>> & {
  readonly scores?: Readonly<Record<string, number>>;
};

export const metricsText = (out: string): string => readFileSync(join(out, 'metrics.jsonl'), 'utf8');

/** The lines of steps alone. */
export const stepsOf = (out: string): MetricsLine[] =>
  metricsText(out)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MetricsLine)
    .filter(({ scores }) => scores === undefined);
