import { expect, it } from 'vitest';
import { learningRate } from '../../../../main/core/training/schedule.js';

const schedule = { peak: 0.1, floor: 0.01, warmupSteps: 10, steps: 110 };

it('rises in a line to its peak', () => {
  expect(learningRate(1, schedule)).toBeCloseTo(0.01);
  expect(learningRate(5, schedule)).toBeCloseTo(0.05);
  expect(learningRate(10, schedule)).toBeCloseTo(0.1);
});

it('falls as a cosine to its floor, and stays there', () => {
  expect(learningRate(60, schedule)).toBeCloseTo(0.1 * (0.01 + 0.99 * 0.5));
  expect(learningRate(110, schedule)).toBeCloseTo(0.001);
  expect(learningRate(500, schedule)).toBeCloseTo(0.001);
  for (let step = 11; step < 110; step++) {
    expect(learningRate(step + 1, schedule)).toBeLessThan(learningRate(step, schedule));
  }
});

it('does without warming up', () => {
  expect(learningRate(1, { ...schedule, warmupSteps: 0 })).toBeCloseTo(0.1, 4);
});
