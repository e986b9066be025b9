import { expect, it } from 'vitest';
import { RunClock } from '../../../../main/app/training/eta.js';
import { NO_PROGRESS, type Progress } from '../../../../main/app/training/progress.js';

const at = (changes: Partial<Progress>): Progress => ({ ...NO_PROGRESS, rounds: 2, ...changes });

it('tells how long a run still takes: training, measuring again and judging, without its pauses', () => {
  let now = 0;
  const clock = new RunClock(() => now);
  clock.run();
  const measuring = at({ phase: 'measuring' });
  clock.follow(measuring);
  expect(clock.remaining(measuring, 10)).toBeNull();
  now = 20_000;
  // An hour of pause is no measuring.
  clock.halt();
  now += 3_600_000;
  clock.run();
  now += 10_000;
  const training = at({ phase: 'training', fraction: 0 });
  clock.follow(training);
  const all = clock.remaining(training, 10)!;
  // Ten minutes with some room, and 30 s of measuring twice more.
  expect(all).toBeGreaterThan(600_000 + 60_000);
  expect(all).toBeLessThan(800_000);
  const later = at({ phase: 'training', round: 2, fraction: 0.75 });
  clock.follow(later);
  expect(clock.remaining(later, 10)!).toBeLessThan(all / 2);
  expect(clock.remaining(at({ phase: 'judging', round: 2, fraction: 1 }), 10)).toBeNull();
});

it('goes by the pace where a run needs less than its time, and counts from where one goes on', () => {
  let now = 0;
  const clock = new RunClock(() => now);
  clock.run();
  const training = (fraction: number): Progress => at({ phase: 'training', rounds: 1, fraction });
  clock.follow(training(0.5));
  const asked = clock.remaining(training(0.5), 10)!;
  expect(asked).toBeGreaterThan(300_000);
  // A tenth of the run in 6 s: the other four tenths take 24.
  now = 6000;
  clock.follow(training(0.6));
  expect(clock.remaining(training(0.6), 10)).toBeCloseTo(24_000, -2);
});
