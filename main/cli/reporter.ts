import type { BatchPlan } from '../app/batch.js';
import type { WireError } from '../app/errors.js';
import type { QueueItem } from '../app/queue-item.js';
import { isSettled } from '../app/queue-item.js';
import { itemLine, problemLine, summaryLine } from './json-lines.js';
import { ProgressBar } from './progress-bar.js';
import { summaryLines, type RunTotals } from './summary.js';
import type { Terminal } from './terminal.js';
import { duration, megapixels, printable, shownPath } from './text.js';

/** Tells whoever is there what happens to the photos. */
export interface Reporter {
  /** The plan is made: `items` are all photos, `problems` are inputs that could not be listed. */
  begin(items: readonly QueueItem[], plan: BatchPlan): void;
  progress(): void;
  settled(item: QueueItem): void;
  warning(message: string): void;
  /** Takes the bar away: before a message of another author, and at the end. */
  pause(): void;
  finish(totals: RunTotals, items: readonly QueueItem[], plan: BatchPlan): void;
}

/** A reporter for how the command was called: by a script, or by a person who wants to hear much or little. */
export function createReporter(terminal: Terminal, options: { json: boolean; quiet: boolean }): Reporter {
  const bar = terminal.interactive && !options.quiet ? new ProgressBar() : null;
  return options.json ? new JsonReporter(terminal, bar) : new HumanReporter(terminal, bar, options.quiet);
}

abstract class BarReporter {
  constructor(
    protected readonly terminal: Terminal,
    protected readonly bar: ProgressBar | null,
  ) {}

  progress(): void {
    this.bar?.update();
  }

  pause(): void {
    this.bar?.stop();
  }

  /** Writes a line to stderr, above the bar if there is one. */
  protected note(line: string): void {
    if (this.bar?.isRunning === true) this.bar.log(line);
    else this.terminal.err(line);
  }
}

class JsonReporter extends BarReporter implements Reporter {
  begin(items: readonly QueueItem[], plan: BatchPlan): void {
    for (const { path, error } of plan.problems) this.terminal.out(problemLine(path, error));
    for (const item of items) if (isSettled(item)) this.settled(item);
    this.bar?.start(items);
  }

  settled(item: QueueItem): void {
    this.terminal.out(itemLine(item));
  }

  warning(message: string): void {
    this.note(`stillgrain: ${message}`);
  }

  finish(totals: RunTotals, items: readonly QueueItem[], plan: BatchPlan): void {
    this.pause();
    for (const item of items) if (!isSettled(item)) this.settled(item);
    this.terminal.out(summaryLine(totals, plan));
  }
}

class HumanReporter extends BarReporter implements Reporter {
  /** Whether each photo has a model of its own, which is said. */
  #auto = false;

  constructor(
    terminal: Terminal,
    bar: ProgressBar | null,
    private readonly quiet: boolean,
  ) {
    super(terminal, bar);
  }

  begin(items: readonly QueueItem[], plan: BatchPlan): void {
    this.#auto = plan.auto;
    for (const { path, error } of plan.problems) this.#failed(path, error);
    for (const item of items) if (isSettled(item)) this.settled(item);
    this.bar?.start(items);
  }

  settled(item: QueueItem): void {
    if (item.error !== null) this.#failed(item.input, item.error);
    // With a bar one watches the bar; without one, each photo is a line.
    else if (this.bar === null && !this.quiet) this.terminal.out(describe(item, this.#auto));
  }

  warning(message: string): void {
    this.note(`stillgrain: ${printable(message)}`);
  }

  finish(totals: RunTotals, items: readonly QueueItem[], plan: BatchPlan): void {
    this.pause();
    if (!this.quiet) for (const line of summaryLines(totals, items, plan)) this.terminal.out(line);
  }

  #failed(path: string, error: WireError): void {
    this.note(`failed  ${shownPath(path)}: ${printable(error.message)}`);
  }
}

function describe(item: QueueItem, withModel: boolean): string {
  const names = `${shownPath(item.input)} -> ${shownPath(item.output)}`;
  if (item.skipped !== null) return `skipped ${names} (${SKIPPED[item.skipped]})`;
  if (item.state !== 'done') return `${item.state} ${names}`;
  if (item.report === null) return `done    ${names}`;
  const { width, height, ms, noise, fit } = item.report;
  const asked = item.task.modelName;
  const model =
    fit?.used === 'fallback' ? `, model ${fit.fallback} instead of ${asked}` : withModel ? `, model ${asked}` : '';
  return `done    ${names} (${megapixels(width * height)}, ${duration(ms)}, noise ${noise.sigma.toFixed(1)}${model})`;
}

const SKIPPED = {
  'already-done': 'done before',
  'done-elsewhere': 'done by another Stillgrain',
  exists: 'a file of that name is there',
} as const;
