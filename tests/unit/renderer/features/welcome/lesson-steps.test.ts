import { describe, expect, it } from 'vitest';
import { isDone, nextStep } from '../../../../../renderer/features/welcome/lesson-steps.js';

const nothing = { dragged: false, adjusted: false, denoised: false };

describe('the first lesson', () => {
  it('teaches one step after the other', () => {
    expect(nextStep(nothing)).toBe('drag');
    expect(nextStep({ ...nothing, dragged: true })).toBe('strength');
    expect(nextStep({ ...nothing, dragged: true, adjusted: true })).toBe('denoise');
    expect(nextStep({ dragged: true, adjusted: true, denoised: true })).toBeNull();
  });

  it('ticks off a step that was taken before its turn', () => {
    const progress = { ...nothing, adjusted: true };
    expect(isDone('strength', progress)).toBe(true);
    expect(nextStep(progress)).toBe('drag');
  });
});
