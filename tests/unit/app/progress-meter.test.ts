import { describe, expect, it } from 'vitest';
import { barText } from '../../../main/cli/progress-bar.js';
import { ProgressMeter } from '../../../main/app/progress-meter.js';

describe('the progress meter', () => {
  it('tells nothing before it can, then speed and remaining time', () => {
    const meter = new ProgressMeter();
    expect(meter.read(0, 0, 1000, 0)).toEqual({ fraction: 0, etaMs: null, megapixelsPerSecond: null });
    expect(meter.read(1_000, 100, 1000, 2e6).etaMs).toBeNull();
    expect(meter.read(4_000, 400, 1000, 8e6)).toEqual({ fraction: 0.4, etaMs: 6_000, megapixelsPerSecond: 2 });
  });

  it('follows a change of speed', () => {
    const meter = new ProgressMeter();
    for (let second = 0; second <= 60; second++) meter.read(second * 1000, second * 10, 10_000, second * 1e6);
    let last = meter.read(61_000, 610, 10_000, 61e6);
    for (let second = 62; second <= 90; second++)
      last = meter.read(second * 1000, 610 + (second - 61) * 20, 10_000, 61e6);
    expect(last.etaMs).toBeCloseTo(((10_000 - 1190) / 20) * 1000, -2);
  });

  it('gives no estimate while nothing moves, and is done when there is no work', () => {
    const meter = new ProgressMeter();
    meter.read(0, 5, 10, 0);
    expect(meter.read(5_000, 5, 10, 0).etaMs).toBeNull();
    expect(meter.read(6_000, 0, 0, 0).fraction).toBe(1);
  });

  it('is shown as a bar', () => {
    const reading = { fraction: 0.5, etaMs: 83_000, megapixelsPerSecond: 1.234, counted: '3 of 7 photos' };
    expect(barText(0.5, reading)).toBe(
      '██████████████░░░░░░░░░░░░░░ 50 % · 3 of 7 photos · 1 min 23 s left · 1.23 MP/s',
    );
    expect(barText(1, { ...reading, etaMs: null, megapixelsPerSecond: null })).toMatch(/^█{28} 100 % · 3 of 7 photos$/);
  });
});
