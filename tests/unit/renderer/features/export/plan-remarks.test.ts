import { describe, expect, it } from 'vitest';
import type { ExportPlan } from '../../../../../preload/contract.js';
import { canStart, planRemarks } from '../../../../../renderer/features/export/plan-remarks.js';

const plan = (more: Partial<ExportPlan> = {}): ExportPlan => ({
  photos: 120,
  bytes: 1e9,
  existing: 0,
  example: 'a.jpg',
  destination: null,
  freeBytes: 1e12,
  error: null,
  ...more,
});

describe('remarks on an export', () => {
  it('are none when nothing stands in the way', () => {
    expect(planRemarks(plan(), 'skip', 1e9)).toEqual([]);
    expect(canStart(plan())).toBe(true);
  });

  it('tell what happens to files that are there, and warn only of losing them', () => {
    const of = (policy: 'skip' | 'overwrite' | 'rename') => planRemarks(plan({ existing: 4 }), policy, 1e9);
    expect(of('skip')).toEqual([{ level: 'info', kind: 'existing', policy: 'skip' }]);
    expect(of('rename')).toEqual([{ level: 'info', kind: 'existing', policy: 'rename' }]);
    expect(of('overwrite')).toEqual([{ level: 'warning', kind: 'existing', policy: 'overwrite' }]);
  });

  it('warn when the disk gets nearly full, and more when it does not suffice', () => {
    const levels = (freeBytes: number) => planRemarks(plan({ freeBytes }), 'skip', 1e9).map(({ level }) => level);
    expect(levels(1.2e9)).toEqual([]);
    expect(levels(1.05e9)).toEqual(['warning']);
    expect(levels(0.9e9)).toEqual(['error']);
    expect(canStart(plan({ freeBytes: 0 }))).toBe(true);
  });

  it('do not count what will be skipped', () => {
    const half = plan({ existing: 60, freeBytes: 0.7e9 });
    expect(planRemarks(half, 'skip', 1e9).map(({ kind }) => kind)).toEqual(['existing']);
    expect(planRemarks(half, 'rename', 1e9).map(({ kind }) => kind)).toEqual(['space', 'existing']);
  });

  it('say nothing of space where the system does not', () => {
    expect(planRemarks(plan({ freeBytes: null }), 'skip', 1e15)).toEqual([]);
  });

  it('put what makes it impossible first', () => {
    const error = { code: 'usage/invalid', message: '--name must not be empty' };
    const broken = plan({ error, existing: 1 });
    expect(planRemarks(broken, 'overwrite', 1)[0]).toEqual({ level: 'error', kind: 'error', error });
    expect(canStart(broken)).toBe(false);
    expect(canStart(plan({ photos: 0 }))).toBe(false);
    expect(planRemarks(plan({ photos: 0 }), 'skip', 0)).toEqual([{ level: 'warning', kind: 'nothing' }]);
    expect(canStart(null)).toBe(false);
  });
});
