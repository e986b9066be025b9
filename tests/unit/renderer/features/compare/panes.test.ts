import { describe, expect, it } from 'vitest';
import { COMPARE_MODES } from '../../../../../preload/contract.js';
import { panesOf, paneSize } from '../../../../../renderer/features/compare/panes.js';

const size = { width: 1001, height: 600 };

describe('panesOf', () => {
  it('divides one picture at the divider', () => {
    const [before, after] = panesOf('split', size, 0.25, false, 1);
    expect(before).toMatchObject({ kind: 'original', clip: { left: 0, width: 250 } });
    expect(after).toMatchObject({ kind: 'result', clip: { left: 250, width: 751 } });
    expect(before!.frame).toEqual(after!.frame);
  });

  it('gives both sides the same size, so that they move as one', () => {
    const [before, after] = panesOf('side', size, 0.5, false, 2);
    expect(after!.frame.width).toBe(before!.frame.width);
    expect(after!.frame.left + after!.frame.width).toBe(size.width);
    expect(paneSize('side', size, 2)).toEqual({ width: before!.frame.width, height: 600 });
  });

  it('shows the original everywhere while it is held', () => {
    for (const mode of COMPARE_MODES) {
      expect(panesOf(mode, size, 0.5, true, 1).every((pane) => pane.kind === 'original')).toBe(true);
    }
    expect(panesOf('risk', size, 0.5, false, 1)).toMatchObject([{ kind: 'risk' }]);
  });
});
