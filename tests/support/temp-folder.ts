import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** A folder for one test, its links resolved, removed when the test has ended. */
export function tempFolder(): string {
  const folder = makeFolder();
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A folder for all tests of a file or group, removed after the last; asked for outside of any test or hook. */
export function sharedFolder(): string {
  const folder = makeFolder();
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

const makeFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'stillgrain-test-')));
