import { describe, expect, it } from 'vitest';
import {
  chooseAccelerator,
  isResting,
  mayBegin,
  nextVerdict,
  UNTESTED,
  worthIt,
  type Way,
  type VerdictEvent,
} from '../../../../main/app/accelerators/verdict.js';
import type { Verdict } from '../../../../preload/contract.js';

const passed = (speed: number, tile = 512): Verdict => ({ state: 'passed', speed, tile, maxDifference: 1 });
const TESTING: Verdict = { state: 'testing' };

/** One of each kind. */
const VERDICTS: Record<Verdict['state'], Verdict> = {
  untested: UNTESTED,
  testing: TESTING,
  passed: passed(4),
  wrong: { state: 'wrong', reason: 'garbage' },
  failed: { state: 'failed', reason: 'no adapter' },
  'timed-out': { state: 'timed-out', seconds: 120 },
  crashed: { state: 'crashed', reason: 'SIGSEGV' },
};
const ALL = Object.values(VERDICTS);

const measured = (...tiles: readonly (readonly [tile: number, rate: number, right: boolean])[]): VerdictEvent => ({
  type: 'measured',
  report: {
    cpuPixelsPerSecond: 100,
    tiles: tiles.map(([tile, pixelsPerSecond, right]) => ({
      tile,
      pixelsPerSecond,
      right,
      maxDifference: right ? 1 : 200,
    })),
  },
});

const on = (provider: Way['provider']): Way => ({ provider, precision: 'float' });
const IN_EIGHT_BITS: Way = { provider: 'cpu', precision: 'int8' };

const WEEK = 7 * 24 * 3_600_000;
const wrongAtWork: VerdictEvent = { type: 'misbehaved', kind: 'wrong', reason: 'lost' };
const failedAt = (at: number): VerdictEvent => ({ type: 'misbehaved', kind: 'failed', reason: 'lost', at });

describe('a verdict on an accelerator', () => {
  it.each<[string, VerdictEvent, Verdict]>([
    ['passes', measured([256, 300, true]), passed(3, 256)],
    ['passes with the fastest tile', measured([256, 300, true], [512, 400, true], [1024, 390, true]), passed(4, 512)],
    ['passes with the fastest that is right', measured([256, 300, true], [512, 900, false]), passed(3, 256)],
    ['passes however slow it is', measured([64, 1, true]), passed(0.01, 64)],
    [
      'is wrong',
      measured([256, 300, false], [512, 400, false]),
      { state: 'wrong', reason: "its numbers are not the processor's: off by up to 200.0 of 255" },
    ],
    ['fails', { type: 'threw', reason: 'no adapter' }, VERDICTS.failed],
    ['times out', { type: 'timed-out', seconds: 120 }, VERDICTS['timed-out']],
    ['crashes', { type: 'died', reason: 'SIGSEGV' }, VERDICTS.crashed],
    ['is what it was when it is interrupted', { type: 'interrupted', before: passed(2) }, passed(2)],
  ])('under test %s', (_, event, expected) => {
    expect(nextVerdict(TESTING, event)).toEqual(expected);
  });

  it('is a crash when a trial is found that nobody wrote the end of', () => {
    expect(nextVerdict(TESTING, { type: 'found-unfinished' })).toMatchObject({ state: 'crashed' });
  });

  it.each(ALL)('of $state is under test once a trial begins', (verdict) => {
    expect(nextVerdict(verdict, { type: 'begun' })).toEqual(TESTING);
  });

  it.each(ALL)('of $state is taken back when it is wrong at work, or takes the engine down', (verdict) => {
    expect(nextVerdict(verdict, wrongAtWork)).toEqual({ state: 'wrong', reason: 'lost' });
    expect(nextVerdict(verdict, { type: 'died', reason: 'SIGSEGV' })).toEqual(VERDICTS.crashed);
  });

  it.each(ALL.filter(({ state }) => state !== 'passed'))('of $state is a failure when it fails at work', (verdict) => {
    expect(nextVerdict(verdict, failedAt(0))).toEqual({ state: 'failed', reason: 'lost' });
  });

  it('that has passed rests when it fails at work, ever longer, and the fifth time in a row for good', () => {
    const minutes: number[] = [];
    let verdict = passed(4);
    let now = 0;
    for (let failure = 1; failure <= 4; failure++) {
      verdict = nextVerdict(verdict, failedAt(now));
      expect(verdict).toMatchObject({ ...passed(4), rest: { reason: 'lost', failures: failure } });
      const until = verdict.state === 'passed' ? verdict.rest!.until : NaN;
      minutes.push((until - now) / 60_000);
      expect([isResting(verdict, until - 1), isResting(verdict, until)]).toEqual([true, false]);
      // Several engines may tell of one failure.
      expect(nextVerdict(verdict, failedAt(now + 1))).toBe(verdict);
      now = until + WEEK - 1;
    }
    expect(minutes).toEqual([10, 60, 360, 2160]);
    expect(nextVerdict(verdict, failedAt(now))).toEqual({ state: 'failed', reason: 'lost' });
    // A week without one makes it the first again.
    expect(nextVerdict(verdict, failedAt(now + 1))).toMatchObject({ state: 'passed', rest: { failures: 1 } });
  });

  it('that rests is tried again when asked, which forgets its failures; wrong numbers and a crash end its rest', () => {
    const resting = nextVerdict(passed(4), failedAt(0));
    expect([mayBegin(resting, false), mayBegin(resting, true)]).toEqual([false, true]);
    expect(nextVerdict(nextVerdict(resting, { type: 'begun' }), measured([256, 300, true]))).toEqual(passed(3, 256));
    expect(nextVerdict(TESTING, { type: 'interrupted', before: resting })).toEqual(resting);
    expect(nextVerdict(resting, wrongAtWork)).toEqual({ state: 'wrong', reason: 'lost' });
    expect(nextVerdict(resting, { type: 'died', reason: 'SIGSEGV' })).toEqual(VERDICTS.crashed);
  });

  it.each(ALL.filter(({ state }) => state !== 'testing'))('of $state heeds no news of a trial', (verdict) => {
    const events: VerdictEvent[] = [
      measured([256, 300, true]),
      { type: 'threw', reason: 'late' },
      { type: 'timed-out', seconds: 1 },
      { type: 'interrupted', before: passed(9) },
      { type: 'found-unfinished' },
    ];
    for (const event of events) expect(nextVerdict(verdict, event)).toEqual(verdict);
  });

  it('lets a trial begin by itself only where nothing is known, and always when asked, but never two', () => {
    const states = (asked: boolean) => ALL.filter((verdict) => mayBegin(verdict, asked)).map(({ state }) => state);
    expect(states(false)).toEqual(['untested']);
    expect(states(true)).toEqual(['untested', 'passed', 'wrong', 'failed', 'timed-out', 'crashed']);
  });
});

describe('the accelerator that is used by itself', () => {
  it('is the fastest that has passed', () => {
    const candidates = [
      { ...on('cuda'), verdict: VERDICTS.failed },
      { ...on('dml'), verdict: passed(2, 256) },
      { ...on('webgpu'), verdict: passed(5, 1024) },
    ] as const;
    expect(chooseAccelerator(candidates, 0)).toEqual({ ...on('webgpu'), tile: 1024 });
  });

  it('is the earlier of two that are equal', () => {
    const candidates = [
      { ...on('cuda'), verdict: passed(3) },
      { ...on('webgpu'), verdict: passed(3) },
    ] as const;
    expect(chooseAccelerator(candidates, 0)?.provider).toBe('cuda');
  });

  it.each(ALL.filter(({ state }) => state !== 'passed'))('is none that is $state', (verdict) => {
    expect(chooseAccelerator([{ ...on('webgpu'), verdict }], 0)).toBeNull();
  });

  it('is none that rests', () => {
    const verdict = nextVerdict(passed(4), failedAt(0));
    const at = (now: number) => chooseAccelerator([{ ...on('webgpu'), verdict }], now)?.provider ?? null;
    expect([at(10 * 60_000 - 1), at(10 * 60_000)]).toEqual([null, 'webgpu']);
  });

  it('is none that is hardly faster than the processor', () => {
    const at = (speed: number) => chooseAccelerator([{ ...on('webgpu'), verdict: passed(speed) }], 0);
    const least = worthIt(on('webgpu'));
    expect([at(0.02), at(least - 0.01)]).toEqual([null, null]);
    expect(at(least)).not.toBeNull();
  });

  it('is the processor in 8 bits where that is half as fast again as in float, and faster than all else', () => {
    const among = (int8: number, gpu: number) =>
      chooseAccelerator(
        [
          { ...on('webgpu'), verdict: passed(gpu, 1024) },
          { ...IN_EIGHT_BITS, verdict: passed(int8, 384) },
        ],
        0,
      );
    expect(among(1.49, 1.1)).toBeNull();
    expect(among(1.5, 1.1)).toEqual({ ...IN_EIGHT_BITS, tile: null });
    expect(among(2.1, 2)).toEqual({ ...IN_EIGHT_BITS, tile: null });
    expect(among(2.1, 9)).toEqual({ ...on('webgpu'), tile: 1024 });
  });
});
