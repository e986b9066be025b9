import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { newPage } from '../support/browser.js';
import { startWebApp, type WebApp } from '../support/web-app.js';
import { callHost } from '../support/window.js';
import { gibibytes, median, timeFinding, type Finding } from './finding.js';
import { canMeasureMemory, watchMemory } from './memory.js';
import { writeLargePhoto } from './photos.js';
import { measureBareRate } from './rate.js';
import { doneAfter, drawnAfter, installProbe, press } from './ui-probe.js';

/** One photo on the screen: sliders, previews, and a very large one. */

const STAGE = { width: 1200, height: 800 };
const PHOTO_MEGAPIXELS = 24;
const HUGE_MEGAPIXELS = 100;
const MOVES = 10;
const CHANGES = 3;
/** What counts as at once: two frames of a screen. */
const SLIDER_BUDGET_MS = 100;
const PREVIEW_BUDGET_MS = 1500;
const MEMORY_BUDGET = 1.5 * 2 ** 30;
const BARE_TILE = 384;
const BARE_SECONDS = 4;
/** Into a running preview. */
const INTERRUPT_AFTER_MS = 400;

/** Moves sliders and changes what the net has to do. */
export async function benchPreview(browser: Browser, work: string): Promise<Finding[]> {
  const { app, page } = await openPhoto(browser, work, 'preview', 'photo.jpg', PHOTO_MEGAPIXELS);
  try {
    const bare = {
      fast: await measureBareRate('fast', BARE_TILE, BARE_SECONDS),
      quality: await measureBareRate('quality', BARE_TILE, BARE_SECONDS),
    };
    const stage = (STAGE.width * STAGE.height) / 1e6;
    console.log(
      `the bare nets alone on ${STAGE.width}x${STAGE.height}: ${((stage / bare.fast) * 1000).toFixed(0)} ms fast, ` +
        `${((stage / bare.quality) * 1000).toFixed(0)} ms quality`,
    );
    const findings = [await moveStrength(page)];
    await page.locator('.adjust .segmented').nth(1).locator('.segment').last().click();
    await doneAfter(page, 0);
    await page.locator('.compare[data-preview=done]').waitFor();
    findings.push(...(await changeLevel(page, 'quality')), ...(await interrupt(page)));
    await page.locator('.adjust .segmented').first().locator('.segment').last().click();
    await page.locator('.compare[data-preview=done]').waitFor();
    await page.waitForTimeout(2000);
    findings.push(...(await changeLevel(page, 'fast')));
    return findings;
  } finally {
    await page.context().close();
    await app.stop();
  }
}

/** Opens a photo of 100 megapixels, looks at all of it and closely. */
export async function benchHuge(browser: Browser, work: string): Promise<Finding[]> {
  const watches: ReturnType<typeof watchMemory>[] = [];
  const { app, page, opened } = await openPhoto(browser, work, 'huge', 'photo.tif', HUGE_MEGAPIXELS, (pid) => {
    if (canMeasureMemory()) watches.push(watchMemory(pid));
  });
  try {
    console.log(
      `a ${HUGE_MEGAPIXELS}-megapixel 16-bit TIFF: in view ${(opened / 1000).toFixed(1)} s after it was asked for`,
    );
    const [peak] = watches.map((watch) => watch.stop());
    if (peak === undefined) return [];
    return [
      {
        what: `peak memory of the server and its engines, ${HUGE_MEGAPIXELS} megapixels open and previewed`,
        figure: `${gibibytes(peak.pss)}, sum of high-water marks ${gibibytes(peak.highWater)}`,
        budget: `under ${gibibytes(MEMORY_BUDGET)}`,
        ok: peak.pss < MEMORY_BUDGET,
      },
    ];
  } finally {
    await page.context().close();
    await app.stop();
  }
}

interface OpenPhoto {
  readonly app: WebApp;
  readonly page: Page;
  /** Milliseconds from asking for the photo until all of it was drawn. */
  readonly opened: number;
}

/** A window of its own with one photo at 100 %, its preview finished. */
async function openPhoto(
  browser: Browser,
  work: string,
  name: string,
  file: string,
  megapixels: number,
  started?: (pid: number) => void,
): Promise<OpenPhoto> {
  const root = path.join(work, name);
  await mkdir(root, { recursive: true });
  await writeLargePhoto(path.join(root, file), megapixels, megapixels);
  const app = await startWebApp({ state: path.join(work, `${name}-state`), roots: [root] });
  started?.(app.pid);
  const page = await newPage(browser);
  await installProbe(page, ['.compare[data-drawn=all]']);
  await page.goto(app.url);
  await page.locator('.welcome').waitFor();
  const { folders } = await callHost(page, 'places.list', { place: null });
  await callHost(page, 'library.addPlaces', { places: folders.map(({ id }) => id) });
  await page.locator('.cell').waitFor();
  // Measuring comes first otherwise, and what is measured here is the window at rest.
  await page.locator('.cell .noise-meter > span').waitFor({ timeout: 300_000 });
  const asked = await press(page, 'e');
  const drawn = await page.waitForFunction(() => window.probe.firstSeen['.compare[data-drawn=all]'], undefined, {
    timeout: 300_000,
  });
  const opened = ((await drawn.jsonValue()) ?? Number.NaN) - asked;
  await fitStage(page);
  await page.keyboard.press('1');
  await page.locator('.compare[data-drawn=all][data-preview=done]').waitFor({ timeout: 300_000 });
  return { app, page, opened };
}

/** Gives the browser the size at which the photo's part of the window is as large as the budget says. */
async function fitStage(page: Page): Promise<void> {
  const box = await page.locator('.compare-stage').boundingBox();
  const view = page.viewportSize();
  if (box === null || view === null) throw new Error('the stage is not on the page');
  await page.setViewportSize({
    width: Math.round(view.width + STAGE.width - box.width),
    height: Math.round(view.height + STAGE.height - box.height),
  });
  await page.waitForTimeout(300);
}

async function moveStrength(page: Page): Promise<Finding> {
  const strength = page.locator('.adjust-sliders input[type=range]').first();
  const times: number[] = [];
  for (let move = 0; move < MOVES; move++) {
    await strength.focus();
    const moved = await press(page, 'ArrowLeft');
    times.push((await drawnAfter(page, moved)) - moved);
    await page.waitForTimeout(100);
  }
  return timeFinding(
    'Strength moved, until the photo is painted anew',
    median(times),
    SLIDER_BUDGET_MS,
    `, at most ${Math.max(...times).toFixed(0)} ms`,
  );
}

const levelSlider = (page: Page) => page.locator('.adjust-group input[type=range]').first();

/** Sets another noise level, for which the net has to run again. */
async function changeLevel(page: Page, model: string): Promise<Finding[]> {
  const first: number[] = [];
  const draft: number[] = [];
  const done: number[] = [];
  for (let change = 0; change < CHANGES; change++) {
    await levelSlider(page).focus();
    const changed = await press(page, 'ArrowRight');
    const finished = await doneAfter(page, changed);
    const { firstDrawn, draftDrawn } = await partTimes(page, changed);
    first.push(firstDrawn - changed);
    draft.push(draftDrawn - changed);
    done.push(finished - changed);
    await page.waitForTimeout(300);
  }
  const note = `; the first part ${median(first).toFixed(0)} ms`;
  if (model === 'fast') {
    return [
      timeFinding(
        'noise level changed, until the preview with `fast` is complete',
        median(done),
        PREVIEW_BUDGET_MS,
        note,
      ),
    ];
  }
  console.log(`the finished preview with \`${model}\`: ${median(done).toFixed(0)} ms after the change`);
  return [
    timeFinding('noise level changed, until a draft of all that is in view', median(draft), PREVIEW_BUDGET_MS, note),
  ];
}

/** When the first part and the last one of the draft were painted: once fetched, with the next picture. */
const partTimes = (page: Page, since: number): Promise<{ firstDrawn: number; draftDrawn: number }> =>
  page.evaluate((from) => {
    const { parts, draws } = window.probe;
    const fetched = new Map(
      performance.getEntriesByType('resource').map((entry) => {
        const { name, responseEnd } = entry as PerformanceResourceTiming;
        return [name.split('/').at(-1)!, responseEnd] as const;
      }),
    );
    const mine = parts.filter(({ at }) => at > from);
    const drafts = mine.filter(({ draft }) => draft);
    const painted = (part: (typeof parts)[number] | undefined): number => {
      const there = Math.max(...(part?.images ?? []).map((image) => fetched.get(image) ?? Number.NaN));
      return draws.find((at) => at > there) ?? Number.NaN;
    };
    return { firstDrawn: painted(mine[0]), draftDrawn: painted(drafts.at(-1) ?? mine.at(-1)) };
  }, since);

/** Changes the level while a preview is being made for the one before. */
async function interrupt(page: Page): Promise<Finding[]> {
  await levelSlider(page).focus();
  const waits: number[] = [];
  let late = 0;
  for (let change = 0; change < CHANGES; change++) {
    await press(page, 'ArrowRight');
    await page.waitForTimeout(INTERRUPT_AFTER_MS);
    const changed = await press(page, 'ArrowRight');
    await doneAfter(page, changed);
    const { first, lateParts } = await page.evaluate((from) => {
      const after = window.probe.parts.filter(({ at }) => at > from);
      const ticket = Math.max(...after.map((part) => part.ticket));
      const own = after.find((part) => part.ticket === ticket)?.at ?? Number.NaN;
      return { first: own - from, lateParts: after.filter((part) => part.ticket !== ticket && part.at > own).length };
    }, changed);
    waits.push(first);
    late += lateParts;
    await page.waitForTimeout(300);
  }
  return [
    timeFinding(
      'changed again while a preview runs, until the first part of the new one',
      median(waits),
      PREVIEW_BUDGET_MS,
    ),
    {
      what: 'parts of a preview that came after the first one of its successor',
      figure: String(late),
      budget: 'none',
      ok: late === 0,
    },
  ];
}
