import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BackgroundTrials } from '../../../../main/app/accelerators/background-trials.js';
import { Duty } from '../../../../main/app/duty.js';
import { later, untilAborted, type Later } from '../../../support/fake-engine.js';

const QUIET = { everyMs: 100, times: 3 };

let trials: { readonly signal: AbortSignal; readonly end: Later<undefined>; readonly asked: boolean }[];
let busy: boolean;
let reports: string[];
let duty: Duty;
let background: BackgroundTrials;

beforeEach(() => {
  vi.useFakeTimers();
  trials = [];
  reports = [];
  busy = false;
  duty = new Duty();
  background = new BackgroundTrials({
    accelerators: {
      models: () => Promise.resolve(['fast']),
      testAll: (signal, _, { asked }) => {
        const end = later();
        trials.push({ signal, end, asked });
        return Promise.race([end.promise, untilAborted(signal)]);
      },
    },
    duty,
    isBusy: () => busy,
    quiet: QUIET,
    report: (text) => reports.push(text),
  });
});
afterEach(async () => {
  await background.close();
  vi.useRealTimers();
});

describe('trials in the background', () => {
  it('do not begin before they are allowed to', async () => {
    await vi.advanceTimersByTimeAsync(10_000);
    expect(trials).toHaveLength(0);
  });

  it('begin once nothing has been going on for a while, and try only what is not known', async () => {
    background.start();
    await vi.advanceTimersByTimeAsync(250);
    expect(trials).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(100);
    expect(trials).toMatchObject([{ asked: false }]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(trials).toHaveLength(1);
  });

  it('wait for the queue and for what else runs, and stop at once for it', async () => {
    background.start();
    const release = duty.begin();
    await vi.advanceTimersByTimeAsync(1000);
    expect(trials).toHaveLength(0);
    release();
    busy = true;
    await vi.advanceTimersByTimeAsync(1000);
    expect(trials).toHaveLength(0);
    busy = false;
    await vi.advanceTimersByTimeAsync(300);
    expect(trials).toHaveLength(1);
    duty.begin()();
    expect(trials[0]!.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(250);
    expect(trials).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(trials).toHaveLength(2);
    busy = true;
    await vi.advanceTimersByTimeAsync(100);
    expect(trials[1]!.signal.aborted).toBe(true);
  });

  it('are given up after a fault, which is written down', async () => {
    background.start();
    await vi.advanceTimersByTimeAsync(300);
    trials[0]!.end.reject(new Error('the folder is read-only'));
    await vi.advanceTimersByTimeAsync(5000);
    expect(trials).toHaveLength(1);
    expect(reports).toMatchObject([expect.stringContaining('read-only')]);
  });

  it('end with the program', async () => {
    background.start();
    await vi.advanceTimersByTimeAsync(300);
    await background.close();
    expect(trials[0]!.signal.aborted).toBe(true);
    background.start();
    await vi.advanceTimersByTimeAsync(5000);
    expect(trials).toHaveLength(1);
  });
});
