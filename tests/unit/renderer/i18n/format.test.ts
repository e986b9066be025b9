import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatRemaining,
  formatShare,
  formatTenths,
} from '../../../../renderer/i18n/format.js';

describe('numbers in the window', () => {
  it('writes bytes in steps of 1000, with three digits at most', () => {
    expect(
      [0, 999, 1000, 1_540_000, 999_499_999, 999_500_000, 2.5e13].map((value) => formatBytes(value, 'en')),
    ).toEqual(['0 bytes', '999 bytes', '1 kB', '1.5 MB', '999 MB', '1 GB', '25 TB']);
    expect(formatBytes(1_540_000, 'ko')).toBe('1.5MB');
  });

  it('writes durations in two units', () => {
    expect([400, 59_400, 60_000, 200_000, 3_600_000, 7_830_000].map((ms) => formatDuration(ms, 'en'))).toEqual([
      '0 sec',
      '59 sec',
      '1 min',
      '3 min 20 sec',
      '1 hr',
      '2 hr 10 min',
    ]);
    expect(formatDuration(7_830_000, 'ko')).toBe('2시간 10분');
    expect(formatDuration(200_000, 'ko')).toBe('3분 20초');
  });

  it('writes the time to go no more exactly than it is known, and never as nothing', () => {
    expect([0, 3200, 41_000, 61_000, 190_000, 3_700_000].map((ms) => formatRemaining(ms, 'en'))).toEqual([
      '5 sec',
      '5 sec',
      '45 sec',
      '2 min',
      '4 min',
      '1 hr 5 min',
    ]);
    expect(formatRemaining(190_000, 'ko')).toBe('4분');
  });

  it('says 100 % only when all is done', () => {
    expect([0, 0.999, 1, 1.2].map((share) => formatShare(share, 'en'))).toEqual(['0%', '99%', '100%', '100%']);
  });

  it('writes a noise level with one digit after the point', () => {
    expect(formatTenths(12.04, 'en')).toBe('12');
    expect(formatTenths(12.37, 'ko')).toBe('12.4');
  });
});
