import { describe, expect, it } from 'vitest';
import { clampSplit, splitAfterKey } from '../../../../../renderer/elements/split-view/split-position.js';

describe('splitAfterKey', () => {
  it('moves as sliders do', () => {
    expect(splitAfterKey(0.5, 'ArrowLeft', false)).toBeCloseTo(0.48);
    expect(splitAfterKey(0.5, 'ArrowRight', true)).toBeCloseTo(0.6);
    expect(splitAfterKey(0.5, 'Home', false)).toBe(0);
    expect(splitAfterKey(0.5, 'End', false)).toBe(1);
    expect(splitAfterKey(0.5, 'x', false)).toBeNull();
  });

  it('stays on the pane', () => {
    expect(splitAfterKey(0.99, 'PageUp', false)).toBe(1);
    expect(clampSplit(-3)).toBe(0);
  });
});
