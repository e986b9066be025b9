import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { findElectron } from '../../scripts/desktop.mjs';

/** The desktop program as a person starts it, where Electron's binary is there. */

export interface ElectronApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Answers the next dialogs for files and folders: a test cannot click in the system's own. */
  answerDialogs(paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const ROOT = path.resolve(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 120_000;

/** Starts the built program with a state folder of its own. */
export async function startElectronApp(state: string, files: readonly string[] = []): Promise<ElectronApp> {
  const executablePath = findElectron();
  if (executablePath === undefined) throw new Error('there is no Electron: npx install-electron gets it');
  const app = await _electron.launch({
    executablePath,
    // Chromium's sandbox cannot be had by root, as in a container.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ROOT, ...files],
    env: { ...(process.env as Record<string, string>), STILLGRAIN_STATE_DIR: state },
    timeout: START_TIMEOUT_MS,
  });
  const page = await app.firstWindow({ timeout: START_TIMEOUT_MS });
  return {
    app,
    page,
    answerDialogs: (paths) =>
      app.evaluate(
        ({ dialog }, filePaths) => {
          dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths });
        },
        [...paths],
      ),
    close: () => app.close(),
  };
}

/**
 * A group of tests against the desktop program. Where there is no binary it is skipped, as a whole and counted, and says
 * so where it cannot be overlooked.
 */
export function describeInElectron(name: string, body: (app: () => ElectronApp) => void, state: () => string): void {
  const isThere = findElectron() !== undefined;
  if (!isThere) console.warn(`\nSKIPPED on Electron, whose binary is not here (npx install-electron): ${name}\n`);
  describe.skipIf(!isThere)(`${name} (Electron)`, () => {
    let running: ElectronApp | undefined;
    beforeAll(async () => {
      running = await startElectronApp(state());
    });
    afterAll(() => running?.close());
    body(() => running!);
  });
}
