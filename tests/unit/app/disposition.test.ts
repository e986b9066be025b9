import { describe, expect, it } from 'vitest';
import { decide, type Situation } from '../../../main/app/disposition.js';
import type { ItemRecord } from '../../../main/app/queue-records.js';

const ours = { size: 10, mtimeMs: 1000.5, ino: 7 };
const foreign = { size: 11, mtimeMs: 2000, ino: 8 };
const EXISTS = { action: 'skip', reason: 'exists' };
const ALREADY = { action: 'skip', reason: 'already-done' };
const ELSEWHERE = { action: 'skip', reason: 'done-elsewhere' };
const RUN = { action: 'run', overwrite: false };
const REPLACE = { action: 'run', overwrite: true };
const RECOVER = { action: 'recover' };

function record(changes: Partial<ItemRecord>): ItemRecord {
  const base = { id: 'i', createdAt: 0, job: 'j', input: '/a', output: '/b', key: 'k' };
  return { ...base, attempt: null, result: null, setback: null, ...changes };
}
const done = (changes: Partial<NonNullable<ItemRecord['result']>> = {}): ItemRecord =>
  record({ result: { key: 'k', batch: 'b', at: 50, written: ours, report: null, ...changes } });
const begun = (before: typeof ours | null, changes: { key?: string; batch?: string } = {}): ItemRecord =>
  record({ attempt: { key: 'k', batch: 'b', at: 50, before, ...changes } });

const situation = (changes: Partial<Situation>): Situation => ({
  policy: 'skip',
  key: 'k',
  batch: 'b',
  record: undefined,
  current: ours,
  openedAt: 100,
  settledAt: 0,
  ...changes,
});

describe('what is done about an item', () => {
  it.each<[string, Partial<Situation>, object]>([
    ['nothing is there', { current: null }, RUN],
    ['its result was removed', { current: null, record: done() }, RUN],
    ['a file of unknown origin is there', {}, EXISTS],
    ['its result is there', { record: done() }, ALREADY],
    ['its result was changed by somebody', { record: done(), current: foreign }, EXISTS],
    ['the photo or the settings have changed', { record: done({ key: 'old' }) }, REPLACE],
    ['...and so has the result', { record: done({ key: 'old' }), current: foreign }, EXISTS],
    ['another process wrote it meanwhile', { record: done({ at: 150 }) }, ELSEWHERE],
    ['...with other settings', { record: done({ at: 150, key: 'other' }) }, ELSEWHERE],
    ['a kill came right after the result', { record: begun(null) }, RECOVER],
    ['a kill came before the result, over an older file', { record: begun(ours) }, EXISTS],
    ['a kill came with other settings', { record: begun(null, { key: 'old' }) }, EXISTS],
  ])('skip, and %s', (_, changes, expected) => {
    expect(decide(situation(changes))).toEqual(expected);
  });

  it.each<[string, Partial<Situation>, object]>([
    ['a file is there', {}, REPLACE],
    ['its result is there, of a finished run', { record: done(), settledAt: 60 }, REPLACE],
    ['its result is there, of the run that is resumed', { record: done() }, ALREADY],
    ['its result is there, of another command', { record: done({ batch: 'c' }) }, REPLACE],
    ['a kill came right after the result', { record: begun(foreign) }, RECOVER],
    ['a kill came before the result', { record: begun(ours) }, REPLACE],
    ['another process of the same command wrote it meanwhile', { record: done({ at: 150 }), settledAt: 60 }, ELSEWHERE],
  ])('overwrite, and %s', (_, changes, expected) => {
    expect(decide(situation({ ...changes, policy: 'overwrite' }))).toEqual(expected);
  });

  it.each<[string, Partial<Situation>, object]>([
    ['the new name is free', { current: null, record: done(), settledAt: 60 }, RUN],
    ['the name was taken meanwhile', {}, EXISTS],
    ['its result is there, of the run that is resumed', { record: done() }, ALREADY],
  ])('rename, and %s', (_, changes, expected) => {
    expect(decide(situation({ ...changes, policy: 'rename' }))).toEqual(expected);
  });
});
