import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, onTestFinished } from 'vitest';
import { findHeadless } from '../../scripts/browsers.mjs';
import { launchBrowser, newPage } from '../../scripts/support/browser.js';

/** Real Chromium for end-to-end tests. */

/**
 * A group of tests that share a browser and have a context each. Skipped, as a whole and counted, where there is no
 * browser. The body gets a function that gives the browser.
 */
export function describeInBrowser(name: string, body: (browser: () => Browser) => void): void {
  describe.skipIf(findHeadless() === undefined)(name, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      if (shared?.isConnected() !== true) shared = await launchBrowser(findHeadless());
      browser = shared;
    });
    body(() => browser!);
  });
}

/** One for all files that a process of tests runs, and gone with that. */
let shared: Browser | undefined;

/**
 * Opens an address in a context of its own, for one test. When the test ends, the context is closed; an error in the
 * page's console and any request that leaves the page's own origin make the test fail. `prepare` may listen to the page
 * before it loads anything.
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepare: (page: Page) => void = () => undefined,
): Promise<Page> {
  const page = await newPage(browser, { reducedMotion: 'reduce', ...options });
  const faults = watchPage(page, new URL(url).origin);
  onTestFinished(async () => {
    await page.context().close();
    expect(faults, 'errors of the page and requests that left it').toEqual([]);
  });
  prepare(page);
  await page.goto(url);
  return page;
}

/** Collects what a page must not do: errors in its console, and requests to anyone but its own host. */
export function watchPage(page: Page, origin: string): string[] {
  const faults: string[] = [];
  const own = [origin, origin.replace(/^http/, 'ws')];
  const check = (url: string): void => {
    if (!url.startsWith('blob:') && !own.includes(new URL(url).origin)) faults.push(`request to ${url}`);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    check(request.url());
  });
  page.on('websocket', (socket) => {
    check(socket.url());
  });
  return faults;
}
