import type { DenoiseSettings } from '../../preload/contract.js';
import type { Changes, Slot } from './adjust-sender.js';

/** Undo and redo of settings: pure. */

interface Times {
  /** Milliseconds, when the hand took hold and when it let go. */
  readonly began: number;
  readonly ended: number;
}

/** One step back: what each slot had and what it got. */
export interface Step extends Times {
  readonly before: Changes;
  readonly after: Changes;
  /** What was changed ("strength"): the same thing again, soon after, belongs to this step. */
  readonly control: string;
}

export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

export const EMPTY_HISTORY: History = { past: [], future: [] };
/** Steps that can be undone. */
export const MAX_STEPS = 200;
/** What begins this soon after the last step of the same control is part of it: presses of an arrow key are one step. */
export const MERGE_MS = 600;

/** The history after a change. Redoing is over: a new change starts a new future. */
export function record(history: History, step: Step): History {
  if (step.after.size === 0) return history;
  const last = history.past.at(-1);
  if (last !== undefined && history.future.length === 0 && belongsTo(last, step)) {
    const merged = { ...last, after: step.after, ended: step.ended };
    return { past: [...history.past.slice(0, -1), merged], future: [] };
  }
  return { past: [...history.past, step].slice(-MAX_STEPS), future: [] };
}

function belongsTo(last: Step, step: Step): boolean {
  return (
    last.control === step.control &&
    step.began - last.ended <= MERGE_MS &&
    last.after.size === step.after.size &&
    [...step.after.keys()].every((slot) => last.after.has(slot))
  );
}

/** One step back: the history after it and what is to be set; undefined when there is none. */
export function stepBack(history: History): { readonly history: History; readonly changes: Changes } | undefined {
  const step = history.past.at(-1);
  if (step === undefined) return undefined;
  return {
    history: { past: history.past.slice(0, -1), future: [...history.future, step] },
    changes: step.before,
  };
}

/** One step forward again. */
export function stepForward(history: History): { readonly history: History; readonly changes: Changes } | undefined {
  const step = history.future.at(-1);
  if (step === undefined) return undefined;
  return {
    history: { past: [...history.past, step], future: history.future.slice(0, -1) },
    changes: step.after,
  };
}

/** A step from the values before and after, without the slots in which nothing has changed. */
export function makeStep(before: Changes, after: Changes, control: string, times: Times): Step {
  const changed = (slot: Slot): boolean => !sameSettings(before.get(slot) ?? null, after.get(slot) ?? null);
  const only = (values: Changes): Changes => new Map([...values].filter(([slot]) => changed(slot)));
  return { before: only(before), after: only(after), control, ...times };
}

/** Whether two photos would be denoised alike. */
export function sameSettings(a: DenoiseSettings | null, b: DenoiseSettings | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.model === b.model &&
    a.strength === b.strength &&
    a.luma === b.luma &&
    a.chroma === b.chroma &&
    a.detail === b.detail &&
    a.sigma === b.sigma &&
    a.fallback === b.fallback
  );
}
