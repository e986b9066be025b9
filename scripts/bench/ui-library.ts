import { link, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { newPage } from '../support/browser.js';
import { startWebApp } from '../support/web-app.js';
import { callHost } from '../support/window.js';
import { timeFinding, type Finding } from './finding.js';
import { writeLargePhoto } from './photos.js';
import { installProbe, longestTask, now, seen } from './ui-probe.js';

/** Ten thousand photos: listed, and scrolled through. */

const PHOTOS = 10_000;
const FOLDERS = 50;
const LIST_BUDGET_MS = 2000;
const TASK_BUDGET_MS = 50;
/** Of the few files that all the others are links to. */
const ORIGINALS = 5;
const ORIGINAL_MEGAPIXELS = 0.05;
const WHEEL_TURNS = 200;
const WHEEL_PX = 400;
const WHEEL_EVERY_MS = 20;
const EDGE_KEYS = ['End', 'Home', 'End', 'PageUp', 'PageUp', 'Home', 'PageDown', 'PageDown', 'End'];
const KEY_EVERY_MS = 250;
const ALL_LISTED = `.cell[aria-setsize="${PHOTOS}"]`;

/** Adds a tree of photos to an empty window, then scrolls by wheel and by keys while thumbnails are made. */
export async function benchLibrary(browser: Browser, work: string): Promise<Finding[]> {
  const root = path.join(work, 'Ten thousand');
  await writeTree(root);
  const before = await walk(root);
  const app = await startWebApp({ state: path.join(work, 'library-state'), roots: [root] });
  const page = await newPage(browser);
  await installProbe(page, ['.welcome', ALL_LISTED]);
  await page.goto(app.url);
  await seen(page, '.welcome');
  // The engines start when the window is there: what they need for it is not part of listing.
  await callHost(page, 'engine.models', {});
  const { folders } = await callHost(page, 'places.list', { place: null });
  const asked = await now(page);
  await callHost(page, 'library.addPlaces', { places: folders.map(({ id }) => id) });
  const listed = (await seen(page, ALL_LISTED)) - asked;
  const listing = await longestTask(page, asked);
  const after = await walk(root);
  console.log(
    `readdir and stat of the same ${PHOTOS} files: ${before.toFixed(0)} ms before, ${after.toFixed(0)} after; ` +
      `longest task of the page while they came in: ${listing.toFixed(0)} ms`,
  );
  const findings = [
    timeFinding(`${PHOTOS} photos, from asking for them until all are in the grid`, listed, LIST_BUDGET_MS),
  ];

  const bare = await scrollBare(browser);
  const grid = page.locator('.photo-grid');
  const from = await now(page);
  await turnWheel(page, '.photo-grid');
  await grid.focus();
  await page.keyboard.press('Home');
  for (const key of EDGE_KEYS) {
    await page.keyboard.press(key);
    await page.waitForTimeout(KEY_EVERY_MS);
  }
  const rested = await now(page);
  const longest = await longestTask(page, from);
  console.log(`the longest task of a bare page of as many boxes, scrolled the same way: ${bare.toFixed(0)} ms`);
  findings.push({
    what: 'scrolling by wheel and by keys, longest task',
    figure: longest === 0 ? `none over ${TASK_BUDGET_MS} ms` : `${longest.toFixed(0)} ms`,
    budget: `none over ${TASK_BUDGET_MS} ms`,
    ok: longest === 0,
  });
  await page.waitForFunction(allSeen, undefined, { timeout: 120_000 });
  const waited = (await now(page)) - rested;
  const count = await page.locator('.photo-grid img.thumbnail').count();
  console.log(`all ${count} thumbnails of the place that it stopped at: ${waited.toFixed(0)} ms after it stopped`);
  await page.context().close();
  await app.stop();
  return findings;
}

/** In the page: whether every cell in view has its picture. */
function allSeen(): boolean {
  const cells = [...document.querySelectorAll('.photo-grid .cell')];
  return cells.length > 0 && cells.every((cell) => cell.querySelector<HTMLImageElement>('img.thumbnail')?.complete);
}

async function turnWheel(page: Page, selector: string): Promise<void> {
  await page.locator(selector).hover({ position: { x: 200, y: 200 } });
  for (let turn = 0; turn < WHEEL_TURNS; turn++) {
    // Down, then up again through what is known by then.
    await page.mouse.wheel(0, turn < WHEEL_TURNS * 0.7 ? WHEEL_PX : -WHEEL_PX);
    await page.waitForTimeout(WHEEL_EVERY_MS);
  }
}

/** The yardstick: a page with nothing but boxes. */
async function scrollBare(browser: Browser): Promise<number> {
  const page = await newPage(browser);
  await installProbe(page, []);
  await page.goto('data:text/html,<!doctype html><div id=list style="height:700px;overflow:auto"></div>');
  await page.evaluate((count) => {
    document.querySelector('#list')!.innerHTML = '<div style="height:50px">box</div>'.repeat(count);
  }, PHOTOS);
  await page.waitForTimeout(500);
  const from = await now(page);
  await turnWheel(page, '#list');
  const longest = await longestTask(page, from);
  await page.context().close();
  return longest;
}

async function writeTree(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const originals = Array.from({ length: ORIGINALS }, (_, i) => path.join(root, `original-${i}.jpg`));
  for (const [seed, file] of originals.entries()) await writeLargePhoto(file, ORIGINAL_MEGAPIXELS, seed);
  const each = PHOTOS / FOLDERS;
  for (let folder = 0; folder < FOLDERS; folder++) {
    const name = path.join(root, `Day ${folder + 1}`);
    await mkdir(name);
    // The originals count as well.
    const count = folder === 0 ? each - ORIGINALS : each;
    await Promise.all(
      Array.from({ length: count }, (_, i) =>
        link(originals[i % ORIGINALS]!, path.join(name, `IMG_${folder * each + i}.jpg`)),
      ),
    );
  }
}

/** The least that listing can take: reads every folder and asks for every file. */
async function walk(root: string): Promise<number> {
  const start = performance.now();
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    await Promise.all(
      entries.map((entry) => {
        const full = path.join(folder, entry.name);
        return entry.isDirectory() ? visit(full) : stat(full);
      }),
    );
  };
  await visit(root);
  return performance.now() - start;
}
