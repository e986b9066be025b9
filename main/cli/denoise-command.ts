import { NO_FALLBACK } from '../../preload/contract.js';
import { chooseModels } from '../app/auto-model.js';
import { planBatch, type BatchPlan } from '../app/batch.js';
import { AppError, EngineUnavailable } from '../app/errors.js';
import { outputError } from '../app/fs-errors.js';
import { ModelLibrary } from '../app/model-library.js';
import { prepareOutputFolder } from '../app/output-folder.js';
import { isSettled, type QueueEvent } from '../app/queue-item.js';
import { outputFolders } from '../app/photo-plan.js';
import { QueueStore } from '../app/queue-store.js';
import { Queue } from '../app/queue.js';
import { queueFolder } from '../app/state-folder.js';
import { sweepTemps } from '../app/temp-sweep.js';
import type { Host } from './host.js';
import { EXIT_INTERRUPTED } from './interrupt.js';
import type { DenoiseOptions } from './options.js';
import { createReporter, type Reporter } from './reporter.js';
import { totalsOf } from './summary.js';
import { printable } from './text.js';

/** `stillgrain denoise`: everything that was named, into the output folder. Returns the exit code. */
export async function denoise(inputs: readonly string[], options: DenoiseOptions, host: Host): Promise<number> {
  const { engine, accelerated, interrupt, state } = host;
  const startedAt = performance.now();
  const out = await prepareOutputFolder(options.out);
  const models = await chooseModels(interrupt.signal, options.settings.model, engine, new ModelLibrary(state));
  requireShipped(options.settings.fallback, models.shipped);
  if (models.note !== null) host.terminal.err(`stillgrain: ${printable(models.note)}`);
  const store = await openStore(queueFolder(state, out.path), state);
  try {
    const plan = await planBatch({ ...options, inputs, out, models }, store.records);
    const reporter = createReporter(host.terminal, options);
    const queue = new Queue(accelerated, (event) => {
      report(event, reporter);
    });
    await queue.add(plan.items, store);
    reporter.begin(queue.items, plan);
    const interrupted = Array.from(store.records.items.values()).filter((item) => item.attempt !== null);
    const sweep = (): Promise<number> =>
      sweepTemps(
        outputFolders(plan.items),
        interrupted.map((item) => item.output),
      );
    await sweep();
    const failure = await runQueue(queue, reporter, host, options.quiet);
    // Once more: the engine of a killed run may have lived a little longer than its host.
    await sweep();
    const totals = totalsOf(queue.items, plan, performance.now() - startedAt);
    reporter.finish(totals, queue.items, plan);
    if (failure !== null) throw failure;
    if (interrupt.signal.aborted) return EXIT_INTERRUPTED;
    if (isEmpty(plan)) throw new AppError('input/not-found', 'no photos found (JPEG, PNG, TIFF, WebP, AVIF)');
    return totals.failed > 0 ? 1 : 0;
  } finally {
    await store.close();
  }
}

/** @throws AppError usage/invalid for a fallback that is no shipped model */
function requireShipped(fallback: string | undefined, shipped: readonly string[]): void {
  if (fallback === undefined || fallback === NO_FALLBACK || shipped.includes(fallback)) return;
  throw new AppError(
    'usage/invalid',
    `--fallback is one of ${[...shipped, NO_FALLBACK].join(', ')}, not '${fallback}'`,
  );
}

function report(event: QueueEvent, reporter: Reporter): void {
  if (event.type === 'warning') reporter.warning(event.message);
  else if (event.type === 'changed' && isSettled(event.item)) reporter.settled(event.item);
  else reporter.progress();
}

/** Works through the queue; what stopped it is returned, so that the summary still comes. */
async function runQueue(
  queue: Queue,
  reporter: Reporter,
  host: Host,
  quiet: boolean,
): Promise<EngineUnavailable | null> {
  const { interrupt, terminal } = host;
  const onStop = (): void => {
    reporter.pause();
    if (!quiet && !interrupt.isUnheard) terminal.err('Stopping. What is done is kept. (Ctrl-C again: stop at once)');
  };
  interrupt.signal.addEventListener('abort', onStop, { once: true });
  try {
    await queue.run(interrupt.signal);
    if (!interrupt.signal.aborted) await queue.end();
    return null;
  } catch (error) {
    if (error instanceof EngineUnavailable) return error;
    throw error;
  } finally {
    interrupt.signal.removeEventListener('abort', onStop);
  }
}

async function openStore(folder: string, state: string): Promise<QueueStore> {
  try {
    return await QueueStore.open(folder);
  } catch (error) {
    const { code, message } = outputError(error, `the state folder ${state}`);
    throw new AppError(code, `${message}; STILLGRAIN_STATE_DIR names another`);
  }
}

const isEmpty = (plan: BatchPlan): boolean => plan.items.length === 0 && plan.problems.length === 0;
