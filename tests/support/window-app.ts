import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, onTestFinished } from 'vitest';
import type { HostKind } from '../../preload/contract.js';
import { findElectron } from '../../scripts/desktop.mjs';
import { describeInBrowser, openPage } from './browser.js';
import { startElectronApp } from './electron-app.js';
import { startWebApp } from './web-app.js';

/** The whole program with its window, in whichever host: what an end-to-end test of both drives. */

export interface WindowOptions {
  /** Where the library, the queue and everything else is kept; a test's own. */
  readonly state: string;
  /** Web: folders of the server that can be browsed. */
  readonly roots?: readonly string[];
}

export interface AppWindow {
  readonly host: HostKind;
  readonly page: Page;
  /** The process of the host. */
  readonly pid: number;
  /** The processes of its engines, the older first. */
  readonly engines: () => number[];
  /** Chooses a folder of the machine in the dialog that the window has opened, or is about to open. */
  readonly chooseFolder: (folder: string) => Promise<void>;
  /** Web: another window of the same server. */
  readonly another: () => Promise<Page>;
  /** Ends the program as a loss of power does. The page is closed first. */
  readonly kill: () => Promise<void>;
}

export interface WindowHost {
  readonly kind: HostKind;
  /** Starts the program; it is ended with the test, which fails if that does not end well. */
  open(options: WindowOptions): Promise<AppWindow>;
}

/**
 * The same tests in each host: in Chromium against the server, and on the desktop. A host that cannot be had here is
 * skipped, as a whole and counted; Electron's absence is said where it cannot be overlooked.
 */
export function describeInWindow(name: string, body: (host: WindowHost) => void): void {
  describeInBrowser(`${name} (browser)`, (browser) => {
    body({ kind: 'web', open: (options) => openWeb(browser, options) });
  });
  const isThere = findElectron() !== undefined;
  if (!isThere) console.warn(`\nSKIPPED on Electron, whose binary is not here (npx install-electron): ${name}\n`);
  describe.skipIf(!isThere)(`${name} (Electron)`, () => {
    body({ kind: 'desktop', open: openDesktop });
  });
}

async function openWeb(browser: () => Browser, { state, roots = [] }: WindowOptions): Promise<AppWindow> {
  const app = await startWebApp({ state, roots });
  let killed = false;
  onTestFinished(async () => {
    if (!killed) expect(await app.stop()).toBe(0);
  });
  const page = await openPage(browser(), app.url);
  await page.locator('.app').waitFor();
  return {
    host: 'web',
    page,
    pid: app.pid,
    engines: () => enginesOf(app.pid),
    chooseFolder: (folder) => browseTo(page, roots, folder),
    another: async () => {
      const other = await openPage(browser(), app.url);
      await other.locator('.app').waitFor();
      return other;
    },
    kill: async () => {
      killed = true;
      await page.close();
      await app.kill();
    },
  };
}

async function openDesktop({ state }: WindowOptions): Promise<AppWindow> {
  const running = await startElectronApp(state);
  const host = running.app.process();
  let killed = false;
  onTestFinished(async () => {
    if (!killed) await running.close();
  });
  await running.page.locator('.app').waitFor();
  return {
    host: 'desktop',
    page: running.page,
    pid: host.pid!,
    engines: () => enginesOf(host.pid!),
    chooseFolder: (folder) => running.answerDialogs([folder]),
    another: () => Promise.reject(new Error('the desktop program has one window')),
    kill: async () => {
      killed = true;
      const ended = new Promise((resolve) => host.once('exit', resolve));
      host.kill('SIGKILL');
      await ended;
    },
  };
}

/** Goes to a folder in the dialog of the server's folders, and chooses it. */
async function browseTo(page: Page, roots: readonly string[], folder: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Choose a destination' });
  const root = roots.find((each) => !path.relative(each, folder).startsWith('..'))!;
  for (const name of [path.basename(root), ...path.relative(root, folder).split(path.sep).filter(Boolean)]) {
    await dialog.getByRole('option', { name, exact: true }).dblclick();
  }
  await dialog.getByRole('button', { name: 'Choose this folder' }).click();
}

/** Processes that run the engine's entry, as the system lists them below a host. */
function enginesOf(host: number): number[] {
  const found = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
  return found.filter((pid) => isBelow(pid, host) && commandOf(pid).includes('engine')).sort((a, b) => a - b);
}

function isBelow(pid: number, ancestor: number): boolean {
  try {
    // "pid (name) state parent ...": the name may hold anything, brackets included.
    const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]);
    return parent === ancestor || (parent > 1 && isBelow(parent, ancestor));
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Whether a process is still there. */
export function isRunning(pid: number): boolean {
  return commandOf(pid) !== '';
}

/** Drops files and folders on the middle of the window, as a file manager does. */
export async function dropOn(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  const at = { x: Math.round(width / 2), y: Math.round(height / 2) };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
    if (type === 'dragOver') await page.getByText('Drop to add').waitFor();
  }
  await session.detach();
}
