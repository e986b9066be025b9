import { describe, expect, it } from 'vitest';
import { WheelReader, type WheelInput } from '../../../../../renderer/elements/pan-zoom/wheel.js';

const wheel = (input: Partial<WheelInput>): WheelInput => ({
  deltaX: 0,
  deltaY: 0,
  deltaMode: 0,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  timeStamp: 0,
  ...input,
});

describe('WheelReader', () => {
  it('zooms with the notches of a mouse, in for up', () => {
    const up = new WheelReader().read(wheel({ deltaY: -100 }));
    const down = new WheelReader().read(wheel({ deltaY: 100 }));
    expect(up).toMatchObject({ kind: 'zoom' });
    if (up.kind !== 'zoom' || down.kind !== 'zoom') throw new Error('a mouse wheel zooms');
    expect(up.factor).toBeGreaterThan(1);
    expect(up.factor * down.factor).toBeCloseTo(1);
  });

  it('zooms with lines as a mouse reports them', () => {
    expect(new WheelReader().read(wheel({ deltaY: 3, deltaMode: 1 })).kind).toBe('zoom');
  });

  it('pans with two fingers on a trackpad, for the whole gesture', () => {
    const reader = new WheelReader();
    expect(reader.read(wheel({ deltaY: 4, timeStamp: 0 }))).toEqual({ kind: 'pan', dx: -0, dy: -4 });
    expect(reader.read(wheel({ deltaY: 120, timeStamp: 100 })).kind).toBe('pan');
    expect(reader.read(wheel({ deltaY: 120, timeStamp: 1000 })).kind).toBe('zoom');
  });

  it('zooms with a pinch, which comes as the wheel with Ctrl, and with Ctrl itself', () => {
    const pinch = new WheelReader().read(wheel({ deltaY: -3, ctrlKey: true }));
    const held = new WheelReader().read(wheel({ deltaY: -100, ctrlKey: true }));
    for (const action of [pinch, held]) {
      expect(action.kind === 'zoom' && action.factor > 1 && action.factor < 2.01).toBe(true);
    }
  });

  it('moves sideways with Shift', () => {
    expect(new WheelReader().read(wheel({ deltaY: 100, shiftKey: true }))).toEqual({ kind: 'pan', dx: -100, dy: 0 });
  });
});
