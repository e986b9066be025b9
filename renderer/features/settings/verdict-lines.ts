import type { Accelerator, Verdict } from '../../../preload/contract.js';

/** What an accelerator's verdicts come to, in few lines. */
export interface VerdictLine {
  /** Whether it is about the processor in 8 bits. */
  readonly inEightBits: boolean;
  /** The models that it is about; null: all. */
  readonly models: readonly string[] | null;
  readonly kind: 'used' | 'unused' | 'slow' | 'resting' | Exclude<Verdict['state'], 'passed'>;
  /** Multiple of the processor's speed, where it was measured. */
  readonly speed: number | null;
  /** The host's own words, in English. */
  readonly reason: string | null;
}

/** Slower than this in the processor's speed is said to be slow. */
const FASTER = 1;

/** A line a model, or one for all where there is nothing to tell them apart; at a time in milliseconds since 1970. */
export function verdictLines(entries: readonly Accelerator[], now: number): VerdictLine[] {
  const lines = entries.map((entry) => lineOf(entry, now));
  const [first] = lines;
  if (first === undefined) return [];
  const same = lines.every(
    ({ kind, reason, speed }) => kind === first.kind && reason === first.reason && speed === null,
  );
  return same ? [{ ...first, models: null }] : lines;
}

function lineOf({ precision, model, verdict, chosen }: Accelerator, now: number): VerdictLine {
  const about = { inEightBits: precision === 'int8', models: [model] };
  if (verdict.state !== 'passed') {
    return { ...about, kind: verdict.state, speed: null, reason: 'reason' in verdict ? verdict.reason : null };
  }
  const { speed, rest } = verdict;
  if (rest !== undefined && now < rest.until) return { ...about, kind: 'resting', speed: null, reason: rest.reason };
  return { ...about, kind: chosen ? 'used' : speed > FASTER ? 'unused' : 'slow', speed, reason: null };
}
