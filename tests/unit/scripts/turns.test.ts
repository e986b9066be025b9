import { describe, expect, it } from 'vitest';
import { byTurns, type Contestant } from '../../../scripts/bench/turns.js';

/** Notes what is done; a run keeps the processor busy for a while. */
function contestant(name: string, busyMs: number, log: string[]): Contestant {
  return {
    name,
    run: () => {
      log.push(name);
      const end = performance.now() + busyMs;
      while (performance.now() < end);
      return Promise.resolve();
    },
    close: () => {
      log.push(`${name} closed`);
      return Promise.resolve();
    },
  };
}

describe('timing by turns', () => {
  it('runs each once to get ready and then so many times, one after the other, and closes all', async () => {
    const log: string[] = [];
    const times = await byTurns([contestant('a', 1, log), contestant('b', 20, log)], 2);
    expect(log).toEqual(['a', 'b', 'a', 'b', 'a', 'b', 'a closed', 'b closed']);
    expect(times[1]!.wall).toBeGreaterThanOrEqual(20);
    expect(times[0]!.wall).toBeGreaterThanOrEqual(1);
    // What is looked at is finite: a contestant that was never timed would have Infinity.
    expect(times.every(({ cpu }) => Number.isFinite(cpu))).toBe(true);
  });

  it('does not count the first run, in which there is more to do', async () => {
    let runs = 0;
    const slowAtFirst = {
      ...contestant('a', 0, []),
      run: () => new Promise<void>((done) => setTimeout(done, runs++ === 0 ? 0 : 30)),
    };
    const [times] = await byTurns([slowAtFirst], 2);
    expect(times!.wall).toBeGreaterThanOrEqual(25);
  });

  it('closes all where one fails', async () => {
    const log: string[] = [];
    const failing = { ...contestant('b', 0, log), run: () => Promise.reject(new Error('no memory')) };
    await expect(byTurns([contestant('a', 0, log), failing], 2)).rejects.toThrow('no memory');
    expect(log).toEqual(['a', 'a closed', 'b closed']);
  });
});
