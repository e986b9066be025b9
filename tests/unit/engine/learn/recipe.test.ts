import { expect, it } from 'vitest';
import { mostSteps } from '../../../../main/engine/learn/recipe.js';

it('takes more steps the more there is to learn from, and a few where there is little', () => {
  // A part of 256 x 256 pixels is 0.89 steps of 8 crops of 96 x 96.
  expect(mostSteps('noise', 3)).toBe(300);
  expect(mostSteps('noise', 24)).toBe(300);
  expect(mostSteps('noise', 72)).toBe(Math.ceil((10 * 72 * 256 * 256) / (8 * 96 * 96)));
  expect(mostSteps('pairs', 24)).toBe(100);
  expect(mostSteps('pairs', 72)).toBeLessThan(mostSteps('noise', 72));
});
