import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { newPage } from '../support/browser.js';
import { startWebApp } from '../support/web-app.js';
import { median, timeFinding, type Finding } from './finding.js';
import { installProbe, press, seen } from './ui-probe.js';

/** From nothing to a window that answers. */

const RUNS = 5;
const BUDGET_MS = 1500;
const DIALOG = '[role=dialog]';
/** A key that has not been answered by then was pressed in the few milliseconds before the window listens to keys. */
const LOST_AFTER_MS = 1000;

/** Starts the server and opens the window, a few times; the first is left out, for then files are read from the disk. */
export async function benchStart(browser: Browser, work: string): Promise<Finding[]> {
  const empty = await serveEmptyPage();
  const times = { node: [] as number[], blank: [] as number[], url: [] as number[], window: [] as number[] };
  const key: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    times.node.push(timeOf(() => spawnSync(process.execPath, ['--eval', '0'])));
    const started = performance.now();
    const app = await startWebApp({ state: path.join(work, `start-${run}`) });
    times.url.push(performance.now() - started);
    times.blank.push(await loadEmptyPage(browser, `http://127.0.0.1:${(empty.address() as AddressInfo).port}/`));
    const { interactive, answer } = await openWindow(browser, app.url);
    times.window.push(interactive);
    key.push(answer);
    await app.stop();
  }
  empty.close();
  const [node, blank, url, window] = [times.node, times.blank, times.url, times.window].map((all) =>
    median(all.slice(1)),
  ) as [number, number, number, number];
  console.log(
    `an empty Node process: ${node.toFixed(0)} ms; \`stillgrain serve\` from its start to its address: ` +
      `${url.toFixed(0)} ms; an empty page in the same browser: ${blank.toFixed(0)} ms`,
  );
  const note = `, of which ${median(key.slice(1)).toFixed(0)} ms from a key to its dialog; with the server's start ${(window + url).toFixed(0)} ms`;
  return [timeFinding('window, from navigation until it has answered a key', window, BUDGET_MS, note)];
}

async function openWindow(browser: Browser, url: string): Promise<{ interactive: number; answer: number }> {
  const page = await newPage(browser);
  await installProbe(page, ['.welcome', DIALOG]);
  await page.goto(url, { waitUntil: 'commit' });
  const there = await seen(page, '.welcome');
  let pressed = await press(page, 'F1');
  let answered = await seen(page, DIALOG, LOST_AFTER_MS).catch(() => null);
  const wasLost = answered === null;
  while (answered === null) {
    pressed = await press(page, 'F1');
    answered = await seen(page, DIALOG, LOST_AFTER_MS).catch(() => null);
  }
  await page.context().close();
  const answer = answered - pressed;
  // What the driver took to notice and to press does not count, unless it pressed before anybody listened.
  return { interactive: wasLost ? answered : there + answer, answer };
}

async function loadEmptyPage(browser: Browser, url: string): Promise<number> {
  const page = await newPage(browser);
  await page.goto(url);
  const ms = await page.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).loadEventEnd,
  );
  await page.context().close();
  return ms;
}

async function serveEmptyPage(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Empty</title><p>Empty');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
