import { describe, expect, it } from 'vitest';
import { closingLine, tally } from '../../../scripts/tally.mjs';

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((result) => ({ status: result })),
});

describe('tally', () => {
  it('counts tests over all files', () => {
    const report = {
      success: false,
      testResults: [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'passed', 'failed', 'todo')],
    };
    expect(tally(report, false)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it('counts a file that did not load as a failure', () => {
    expect(tally({ success: false, testResults: [file('failed'), file('passed', 'passed')] }, false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts a failure outside of any file', () => {
    expect(tally({ success: true, testResults: [file('passed', 'passed')] }, false).failed).toBe(1);
    expect(tally({ success: false, testResults: [] }, true).failed).toBe(1);
  });
});

describe('closingLine', () => {
  it('names skipped tests only where there are any', () => {
    expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(closingLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });
});
