import { expect, it } from 'vitest';
import { learningRate, timedLearningRate } from '../../../../main/core/training/schedule.js';

const schedule = { peak: 0.1, floor: 0.01, warmupSteps: 10 };
const rate = (step: number): number => learningRate(step, 110, schedule);

it('rises in a line to its peak', () => {
  expect(rate(1)).toBeCloseTo(0.01);
  expect(rate(5)).toBeCloseTo(0.05);
  expect(rate(10)).toBeCloseTo(0.1);
});

it('falls as a cosine to its floor, and stays there', () => {
  expect(rate(60)).toBeCloseTo(0.1 * (0.01 + 0.99 * 0.5));
  expect(rate(110)).toBeCloseTo(0.001);
  expect(rate(500)).toBeCloseTo(0.001);
  for (let step = 11; step < 110; step++) {
    expect(rate(step + 1)).toBeLessThan(rate(step));
  }
});

it('does without warming up', () => {
  expect(learningRate(1, 110, { ...schedule, warmupSteps: 0 })).toBeCloseTo(0.1, 4);
});

it('warms up for a tenth of a short run at most', () => {
  expect(learningRate(2, 20, schedule)).toBeCloseTo(0.1);
  expect(learningRate(1, 20, schedule)).toBeCloseTo(0.05);
  expect(learningRate(1, 1, schedule)).toBeCloseTo(0.1);
});

it('follows the clock where that ends the run', () => {
  expect(timedLearningRate(5, 0, schedule)).toBeCloseTo(0.05);
  expect(timedLearningRate(500, 0.5, schedule)).toBeCloseTo(0.1 * (0.01 + 0.99 * 0.5));
  expect(timedLearningRate(500, 1, schedule)).toBeCloseTo(0.001);
  // So slow a machine that warming up by steps would take the whole run.
  expect(timedLearningRate(2, 0.05, { ...schedule, warmupSteps: 1000 })).toBeCloseTo(0.05, 2);
  expect(timedLearningRate(20, 0.5, { ...schedule, warmupSteps: 1000 })).toBeCloseTo(0.0505);
  expect(timedLearningRate(1, 0, { ...schedule, warmupSteps: 0 })).toBeCloseTo(0.1);
});
