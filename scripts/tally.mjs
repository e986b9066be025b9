// Counts what a test run did; Node's own modules only, like everything that starts before the build.

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 *
 * @typedef {object} VitestFile
 * @property {string} status
 * @property {{ status: string }[]} assertionResults
 *
 * @typedef {object} VitestReport
 * @property {boolean} success
 * @property {VitestFile[]} testResults
 */

/**
 * Counts the tests in vitest's JSON report. A file that failed without a failing test (it did not load, or a hook
 * threw) counts as one failure, and so does a run that failed outside of any file.
 *
 * @param {VitestReport} report
 * @param {boolean} exitedWell whether vitest's exit code was 0
 * @returns {Tally}
 */
export function tally(report, exitedWell) {
  const results = report.testResults.flatMap((file) => file.assertionResults.map((result) => result.status));
  const passed = results.filter((status) => status === 'passed').length;
  const failedTests = results.filter((status) => status === 'failed').length;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  ).length;
  const failed = failedTests + brokenFiles;
  return {
    passed,
    failed: failed === 0 && !(exitedWell && report.success) ? 1 : failed,
    skipped: results.length - passed - failedTests,
  };
}

/**
 * The last line of `npm test`: "12 passed, 0 failed", with ", 3 skipped" when there are any.
 *
 * @param {Tally} counts
 * @returns {string}
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
