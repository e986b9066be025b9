import type { Precision, Provider, Verdict } from '../../../preload/contract.js';
import type { ProbeReport } from '../../../preload/engine-protocol.js';
import { restAfter } from '../../core/back-off.js';

/** What is thought of an accelerator, and how news change it: pure, so that every transition can be checked. */

/** What happens to an accelerator. */
export type VerdictEvent =
  /** A trial begins: noted down before anything is run. */
  | { readonly type: 'begun' }
  /** The trial was stopped, for something more urgent or because it could not be made; `before` it was so. */
  | { readonly type: 'interrupted'; readonly before: Verdict }
  | { readonly type: 'measured'; readonly report: ProbeReport }
  | { readonly type: 'threw'; readonly reason: string }
  | { readonly type: 'timed-out'; readonly seconds: number }
  /** The engine died, in a trial or at work. */
  | { readonly type: 'died'; readonly reason: string }
  /** A trial had begun whose process is no more, and nobody wrote down how it ended. */
  | { readonly type: 'found-unfinished' }
  /** At work it gave wrong numbers. */
  | { readonly type: 'misbehaved'; readonly kind: 'wrong'; readonly reason: string }
  /** At work it failed; `at`: milliseconds since 1970. */
  | { readonly type: 'misbehaved'; readonly kind: 'failed'; readonly reason: string; readonly at: number };

export const UNTESTED: Verdict = { state: 'untested' };

/** What is computed on, and in what: an accelerator in float, or the processor in 8 bits. */
export interface Way {
  readonly provider: Provider;
  readonly precision: Precision;
}

/** An accelerator must be so much faster than the processor to be used by itself. */
const WORTH_ITS_TROUBLE = 1.2;
/** 8 bits cost a little of the result, and so must bring more. */
const WORTH_ITS_ROUNDING = 1.5;

/** How many times as fast as the processor in float a way must be to be taken by itself. */
export const worthIt = ({ precision }: Pick<Way, 'precision'>): number =>
  precision === 'int8' ? WORTH_ITS_ROUNDING : WORTH_ITS_TROUBLE;

/** What is thought after an event. News of a trial count only while there is one. */
export function nextVerdict(verdict: Verdict, event: VerdictEvent): Verdict {
  if (event.type === 'begun') return { state: 'testing' };
  if (event.type === 'misbehaved') {
    return event.kind === 'wrong' ? { state: 'wrong', reason: event.reason } : afterFailure(verdict, event);
  }
  if (event.type === 'died') return { state: 'crashed', reason: event.reason };
  if (verdict.state !== 'testing') return verdict;
  switch (event.type) {
    case 'interrupted':
      return event.before;
    case 'measured':
      return judge(event.report);
    case 'threw':
      return { state: 'failed', reason: event.reason };
    case 'timed-out':
      return { state: 'timed-out', seconds: event.seconds };
    case 'found-unfinished':
      return { state: 'crashed', reason: 'an earlier trial never ended: the program or the machine went down with it' };
  }
}

/** Failing so often in a row is no accident. */
const MOST_FAILURES = 4;
/** Failures so long apart have nothing to do with each other. */
const FORGIVEN_MS = 7 * 24 * 3_600_000;

/**
 * What passed its trial and fails at work may be short of memory that another program has for the time being, or asleep:
 * it is used again after a rest, under guard as ever. Wrong numbers and crashes are not forgiven.
 */
function afterFailure(verdict: Verdict, { reason, at }: { readonly reason: string; readonly at: number }): Verdict {
  if (verdict.state !== 'passed') return { state: 'failed', reason };
  // The same occasion, heard of from another engine.
  if (isResting(verdict, at)) return verdict;
  const { rest } = verdict;
  // A rest is as good as a note of when it failed last.
  const isRecent = rest !== undefined && at - rest.until < FORGIVEN_MS;
  const failures = isRecent ? rest.failures + 1 : 1;
  if (failures > MOST_FAILURES) return { state: 'failed', reason };
  return { ...verdict, rest: { reason, until: at + restAfter(failures), failures } };
}

/** Whether an accelerator is left alone at a time, after it failed at work. */
export const isResting = (verdict: Verdict, now: number): boolean =>
  verdict.state === 'passed' && verdict.rest !== undefined && now < verdict.rest.until;

/** Whether a trial may begin: by itself only where none has come to an end; when the person asks, always. */
export const mayBegin = ({ state }: Verdict, asked: boolean): boolean =>
  state !== 'testing' && (asked || state === 'untested');

/** The fastest of the tiles that came out right decides. */
function judge({ tiles, cpuPixelsPerSecond }: ProbeReport): Verdict {
  const right = tiles.filter((tile) => tile.right);
  const [first, ...others] = right;
  if (first === undefined) {
    const off = Math.max(0, ...tiles.map(({ maxDifference }) => maxDifference));
    return { state: 'wrong', reason: `its numbers are not the processor's: off by up to ${off.toFixed(1)} of 255` };
  }
  const best = others.reduce((a, b) => (b.pixelsPerSecond > a.pixelsPerSecond ? b : a), first);
  const { tile, maxDifference } = best;
  return { state: 'passed', speed: best.pixelsPerSecond / cpuPixelsPerSecond, tile, maxDifference };
}

/** How a model is run when that is chosen. */
export interface Choice extends Way {
  /** Side of the tiles in pixels; null: the processor's own. */
  readonly tile: number | null;
}

/**
 * What to take by itself: the fastest that has passed, is worth it and does not rest, the earlier of two equals; null: the
 * processor in float.
 */
export function chooseAccelerator(
  candidates: readonly (Way & { readonly verdict: Verdict })[],
  now: number,
): Choice | null {
  let best: (Choice & { readonly speed: number }) | null = null;
  for (const { provider, precision, verdict } of candidates) {
    if (verdict.state !== 'passed' || isResting(verdict, now)) continue;
    const { speed } = verdict;
    if (speed < worthIt({ precision }) || (best !== null && speed <= best.speed)) continue;
    best = { provider, precision, tile: provider === 'cpu' ? null : verdict.tile, speed };
  }
  return best && { provider: best.provider, precision: best.precision, tile: best.tile };
}

/** The order in which they are tried, best first where speeds are equal: the system's own, then what is everywhere. */
export const PROVIDER_ORDER: readonly Provider[] = ['cuda', 'dml', 'coreml', 'webgpu'];
