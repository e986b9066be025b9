import { describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE } from '../../../../preload/contract.js';
import {
  EMPTY_HISTORY,
  makeStep,
  MAX_STEPS,
  MERGE_MS,
  record,
  stepBack,
  stepForward,
  type Step,
} from '../../../../renderer/state/adjust-history.js';
import { photoId } from './photos.js';

const a = photoId(1);
const b = photoId(2);
const strength = (value: number) => ({ ...DEFAULT_DENOISE, strength: value });

function step(from: number, to: number, began: number, control = 'strength', id = a): Step {
  return makeStep(new Map([[id, strength(from)]]), new Map([[id, strength(to)]]), control, { began, ended: began });
}

describe('the history of the sliders', () => {
  it('joins presses of an arrow key into one step, and keeps later ones apart', () => {
    let history = record(EMPTY_HISTORY, step(1, 1.1, 0));
    history = record(history, step(1.1, 1.2, MERGE_MS));
    expect(history.past).toHaveLength(1);
    expect(stepBack(history)!.changes.get(a)).toEqual(strength(1));
    expect(history.past[0]!.after.get(a)).toEqual(strength(1.2));
    history = record(history, step(1.2, 1.3, 2 * MERGE_MS + 1));
    expect(history.past).toHaveLength(2);
  });

  it('keeps apart what is done to other controls or other photos', () => {
    let history = record(EMPTY_HISTORY, step(1, 1.1, 0));
    history = record(history, step(1, 0.5, 1, 'luma'));
    history = record(history, step(1, 0.5, 2, 'luma', b));
    expect(history.past).toHaveLength(3);
  });

  it('does not join a change to a step that redoing could follow', () => {
    const undone = stepBack(record(record(EMPTY_HISTORY, step(1, 1.1, 0)), step(1.1, 1.5, 1, 'luma')))!.history;
    const history = record(undone, step(1.1, 1.2, 2));
    expect(history.past).toHaveLength(2);
    expect(history.future).toHaveLength(0);
  });

  it('forgets the oldest steps', () => {
    let history = EMPTY_HISTORY;
    for (let index = 0; index < MAX_STEPS + 5; index++) {
      history = record(history, step(index / 1000, (index + 1) / 1000, index * 10 * MERGE_MS));
    }
    expect(history.past).toHaveLength(MAX_STEPS);
    expect(history.past[0]!.before.get(a)).toEqual(strength(0.005));
  });

  it('leaves out photos in which nothing has changed, and steps without any', () => {
    const before = new Map([
      [a, strength(1)],
      [b, null],
    ]);
    const after = new Map([
      [a, strength(1)],
      [b, strength(1)],
    ]);
    expect([...makeStep(before, after, 'apply', { began: 0, ended: 0 }).after.keys()]).toEqual([b]);
    expect(record(EMPTY_HISTORY, step(1, 1, 0))).toBe(EMPTY_HISTORY);
  });

  it('goes forward to where it was', () => {
    const history = record(EMPTY_HISTORY, step(1, 1.5, 0));
    const back = stepBack(history)!;
    const forward = stepForward(back.history)!;
    expect(forward.history).toEqual(history);
    expect(forward.changes.get(a)).toEqual(strength(1.5));
    expect(stepForward(history)).toBeUndefined();
    expect(stepBack(EMPTY_HISTORY)).toBeUndefined();
  });
});
