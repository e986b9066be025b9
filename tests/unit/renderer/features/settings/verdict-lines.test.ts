import { describe, expect, it } from 'vitest';
import type { Accelerator, Verdict } from '../../../../../preload/contract.js';
import { verdictLines } from '../../../../../renderer/features/settings/verdict-lines.js';

const entry = (model: string, verdict: Verdict, chosen = false): Accelerator => ({
  provider: 'webgpu',
  precision: 'float',
  model,
  verdict,
  chosen,
});
const passed = (speed: number): Verdict => ({ state: 'passed', speed, tile: 512, maxDifference: 1 });
const NOW = 1_000_000;
const FAILED: Verdict = { state: 'failed', reason: 'there is no adapter' };

describe('what an accelerator is worth, in lines', () => {
  it('is one line where all models fare alike', () => {
    expect(verdictLines([entry('quality', FAILED), entry('fast', FAILED)], NOW)).toEqual([
      { inEightBits: false, models: null, kind: 'failed', speed: null, reason: 'there is no adapter' },
    ]);
    expect(verdictLines([], NOW)).toEqual([]);
  });

  it('is a line for each where they do not, or were measured', () => {
    const lines = verdictLines([entry('quality', passed(8), true), entry('fast', FAILED)], NOW);
    expect(lines.map(({ models, kind, speed }) => [models, kind, speed])).toEqual([
      [['quality'], 'used', 8],
      [['fast'], 'failed', null],
    ]);
    expect(verdictLines([entry('quality', passed(2)), entry('fast', passed(2))], NOW)).toHaveLength(2);
  });

  it('tells what is slow from what is faster and not used all the same', () => {
    const kinds = verdictLines([entry('a', passed(3), true), entry('b', passed(1.1)), entry('c', passed(0.02))], NOW);
    expect(kinds.map(({ kind }) => kind)).toEqual(['used', 'unused', 'slow']);
  });

  it('says that one rests after a failure at work, and no longer when the rest is over', () => {
    const rest = { reason: 'no memory', until: NOW + 1, failures: 1 };
    const lines = (now: number) => verdictLines([entry('a', { ...passed(3), rest } as Verdict, now > NOW)], now);
    expect(lines(NOW)).toEqual([
      { inEightBits: false, models: null, kind: 'resting', speed: null, reason: 'no memory' },
    ]);
    expect(lines(NOW + 1)).toMatchObject([{ kind: 'used', speed: 3, reason: null }]);
  });
});
