/** What is timed beside others. */
export interface Contestant {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Milliseconds of a run. */
export interface Times {
  readonly wall: number;
  /** The processor's, of all threads. */
  readonly cpu: number;
}

/**
 * Times all by turns, so that a machine that others use too is as slow for each: the least of each, after a run that does
 * not count. They are closed in the end.
 */
export async function byTurns(all: readonly Contestant[], rounds: number): Promise<Times[]> {
  const best = all.map(() => ({ wall: Infinity, cpu: Infinity }));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [index, { run }] of all.entries()) {
        const [start, before] = [performance.now(), process.cpuUsage()];
        await run();
        const { user, system } = process.cpuUsage(before);
        if (round === 0) continue;
        const least = best[index]!;
        least.wall = Math.min(least.wall, performance.now() - start);
        least.cpu = Math.min(least.cpu, (user + system) / 1000);
      }
    }
  } finally {
    for (const { close } of all) await close();
  }
  return best;
}
