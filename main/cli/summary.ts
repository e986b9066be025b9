import type { BatchPlan } from '../app/batch.js';
import { groupBy } from '../app/group-by.js';
import type { QueueItem } from '../app/queue-item.js';
import { count, duration, megapixels, shownPath } from './text.js';

/** How a run ended, in numbers. */
export interface RunTotals {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Not begun, or broken off: what the same command would go on with. */
  readonly waiting: number;
  readonly pixels: number;
  readonly ms: number;
}

/** Names of photos in a sentence: so many, then a number. */
const NAMES_SHOWN = 5;

/** Adds up a run. Inputs that could not be listed count as failed. */
export function totalsOf(items: readonly QueueItem[], plan: Pick<BatchPlan, 'problems'>, ms: number): RunTotals {
  const number = (state: QueueItem['state']): number => items.filter((item) => item.state === state).length;
  return {
    done: number('done'),
    skipped: number('skipped'),
    failed: number('failed') + plan.problems.length,
    cancelled: number('cancelled'),
    waiting: number('waiting') + number('running'),
    pixels: items.reduce((sum, { report }) => sum + (report === null ? 0 : report.width * report.height), 0),
    ms,
  };
}

/** The last lines of a run for a person: what was done, what was not and why, and what to do about it. */
export function summaryLines(
  totals: RunTotals,
  items: readonly QueueItem[],
  plan: Pick<BatchPlan, 'unsupported' | 'renamed' | 'auto'>,
): string[] {
  const lines: string[] = [];
  const { done, failed, waiting, cancelled, pixels, ms } = totals;
  if (done > 0) {
    const speed = ms > 0 ? ` (${megapixels(pixels)}, ${(pixels / ms / 1000).toFixed(2)} MP/s)` : '';
    lines.push(`${count(done, 'photo')} denoised in ${duration(ms)}${speed}.`);
  }
  lines.push(...skippedLines(items));
  if (plan.auto) lines.push(modelLine(items));
  if (failed > 0) lines.push(`${failed} could not be done: see above.`);
  if (cancelled > 0) lines.push(`${cancelled} cancelled.`);
  for (const [kind, number] of plan.unsupported) {
    const files = kind === 'other image' ? count(number, 'other image file') : count(number, `${kind} file`);
    lines.push(`${files} ${number === 1 ? 'was' : 'were'} not read (not supported yet).`);
  }
  if (plan.renamed > 0) {
    lines.push(`${plan.renamed} got a number behind the name, because the name was taken by another photo.`);
  }
  lines.push(...fallbackLines(items), ...noteLines(items), ...trustLines(items));
  if (waiting > 0) lines.push(`${count(waiting, 'photo')} not done yet: run the same command again to go on.`);
  return lines;
}

function skippedLines(items: readonly QueueItem[]): string[] {
  const number = (reason: QueueItem['skipped']): number => items.filter((item) => item.skipped === reason).length;
  const [already, elsewhere, exists] = [number('already-done'), number('done-elsewhere'), number('exists')];
  const lines: string[] = [];
  if (already > 0) lines.push(`${already} done before and left as they are (--existing overwrite does them again).`);
  if (elsewhere > 0) lines.push(`${elsewhere} done meanwhile by another Stillgrain.`);
  if (exists > 0) {
    lines.push(`${exists} skipped: a file of that name is there (--existing overwrite or rename says what to do).`);
  }
  return lines;
}

/** How many photos each model was chosen for. */
function modelLine(items: readonly QueueItem[]): string {
  const groups = groupBy(items, ({ task }) => task.modelName);
  return `Models by camera and ISO: ${Array.from(groups, ([name, { length }]) => `${name} for ${count(length, 'photo')}`).join(', ')}.`;
}

/** Each distinct remark of the engine once, with the number of photos it is about. */
function noteLines(items: readonly QueueItem[]): string[] {
  const notes = new Map<string, number>();
  for (const { report } of items) {
    for (const note of report?.notes ?? []) notes.set(note, (notes.get(note) ?? 0) + 1);
  }
  return Array.from(notes, ([note, number]) => `Note (${count(number, 'photo')}): ${note}.`.replace('..', '.'));
}

/** Which photos the shipped model did in the place of one's own. */
function fallbackLines(items: readonly QueueItem[]): string[] {
  const replaced = items.filter(({ report }) => report?.fit?.used === 'fallback');
  const groups = groupBy(replaced, ({ task, report }) => `'${report!.fit!.fallback}' instead of '${task.modelName}'`);
  return Array.from(groups, ([models, photos]) => {
    const names = namesOf(photos);
    return `${count(photos.length, 'photo')} done by ${models}, which would take detail away there (--fallback none keeps to it): ${names}`;
  });
}

/** The first few by their names. */
function namesOf(items: readonly QueueItem[]): string {
  const names = items.slice(0, NAMES_SHOWN).map((item) => shownPath(item.input));
  if (items.length > NAMES_SHOWN) names.push(`and ${items.length - NAMES_SHOWN} more`);
  return names.join(', ');
}

function trustLines(items: readonly QueueItem[]): string[] {
  const poor = items.filter((item) => item.report?.trust?.verdict === 'poor');
  if (poor.length === 0) return [];
  const verb = poor.length === 1 ? 'does' : 'do';
  return [`${count(poor.length, 'photo')} ${verb} not fit the model (detail may be lost): ${namesOf(poor)}`];
}
