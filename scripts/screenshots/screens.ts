import type { Page } from 'playwright-core';
import type { CompareMode, PhotoEntry } from '../../preload/contract.js';
import { callHost } from '../support/window.js';
import { HERO } from './photos.js';

/** The screens of the window, and how to get to each with what a person has: keys, clicks, and photos on the server. */

export interface Look {
  readonly size: { readonly width: number; readonly height: number };
  readonly theme: 'dark' | 'light';
  readonly language: 'en' | 'ko';
}

export interface Screen {
  readonly name: string;
  readonly show: (page: Page) => Promise<void>;
  /** Chosen before the page is loaded. */
  readonly mode?: CompareMode;
}

/** Work of the engine on a busy machine. */
const PATIENCE_MS = 300_000;
const PHOTOS = 12;

/** Loads the page afresh, so that no screen depends on the one before. */
export async function start(page: Page, screen: Screen): Promise<void> {
  await callHost(page, 'preferences.set', { compareMode: screen.mode ?? 'split' });
  await page.reload();
  await page.locator('#root main').waitFor();
  await page.evaluate(() => document.fonts.ready);
}

const photosOf = async (page: Page): Promise<readonly PhotoEntry[]> =>
  (await callHost(page, 'library.list', {})).photos;

/** Has all photos in the library, their noise measured and their thumbnails in view. */
async function fill(page: Page): Promise<void> {
  const { folders } = await callHost(page, 'places.list', { place: null });
  if ((await photosOf(page)).length < PHOTOS) {
    await callHost(page, 'library.addPlaces', { places: folders.map(({ id }) => id) });
  }
  const place = folders[0]!.id;
  const clean = (await callHost(page, 'places.list', { place })).folders.find(({ name }) => name === 'Clean');
  const target = clean ?? (await callHost(page, 'places.create', { place, name: 'Clean' }));
  await callHost(page, 'preferences.set', {
    welcomed: true,
    export: {
      destination: { kind: 'place', place: target.id },
      encode: { format: 'keep', quality: null, bitDepth: 'keep', metadata: 'all' },
      template: '{name}-clean',
      keepFolders: true,
      existing: 'overwrite',
    },
  });
  await page.reload();
  await page.locator('.cell').first().waitFor();
  await page.waitForFunction(
    () => {
      const cells = [...document.querySelectorAll('.cell')].filter((cell) => !cell.querySelector('.cell-error'));
      const measured = (cell: Element): boolean => cell.querySelector('.noise-meter > span') !== null;
      const seen = (cell: Element): boolean => cell.querySelector<HTMLImageElement>('img.thumbnail')?.complete ?? false;
      return cells.length > 3 && cells.every((cell) => measured(cell) && seen(cell));
    },
    undefined,
    { timeout: PATIENCE_MS },
  );
}

const cell = (page: Page, name: string) => page.locator('.cell', { hasText: name }).first();

/** Looks at a photo closely, and waits until it is denoised as far as it is in view. */
async function compare(page: Page, name = HERO, zoom = '2'): Promise<void> {
  await fill(page);
  await cell(page, name).dblclick();
  await page.locator('.compare[data-state=open]').waitFor();
  await page.keyboard.press(zoom);
  await page
    .locator('.compare[data-drawn=all]:is([data-preview=done], [data-preview=none])')
    .waitFor({ timeout: PATIENCE_MS });
  // The pointer rests on nothing that would show a hint.
  await page.mouse.move(2, 200);
}

/** Everything is denoised, and the list of it is open. */
async function queue(page: Page): Promise<void> {
  await fill(page);
  const { status } = await callHost(page, 'queue.list', {});
  if (status.done === 0) {
    const photos = await photosOf(page);
    const { export: settings } = (await callHost(page, 'app.start', {})).preferences;
    await callHost(page, 'queue.start', { photos: photos.map(({ id }) => id), export: settings });
  }
  await page.keyboard.press('q');
  const settled = async (): Promise<boolean> => (await callHost(page, 'queue.list', {})).status.state === 'idle';
  for (const end = Date.now() + PATIENCE_MS; !(await settled()) && Date.now() < end;) await page.waitForTimeout(500);
  await page.locator('.queue').waitFor();
  await page.waitForTimeout(500);
}

async function exportDialog(page: Page): Promise<void> {
  await fill(page);
  await page.keyboard.press('Control+e');
  await page.getByRole('dialog').waitFor();
  // The plan is asked of the host.
  await page.waitForTimeout(1500);
}

/** A way of generating, its first pictures there. */
const generate =
  (mode: number, ready: string, prepare: (page: Page) => Promise<void> = () => Promise.resolve()) =>
  async (page: Page): Promise<void> => {
    await fill(page);
    await cell(page, 'Coffee').click();
    await cell(page, HERO).click({ modifiers: ['Control'] });
    await page.keyboard.press('v');
    await page.locator('.generate-head .segment').nth(mode).click();
    await prepare(page);
    await page.locator(ready).waitFor({ timeout: PATIENCE_MS });
    await page.mouse.move(2, 200);
    await page.waitForTimeout(500);
  };

const dialogBy = (key: string) => async (page: Page) => {
  await fill(page);
  await page.keyboard.press(key);
  await page.getByRole('dialog').waitFor();
  await page.waitForTimeout(400);
};

const settingsTab = (index: number) => async (page: Page) => {
  await dialogBy('Control+,')(page);
  await page.getByRole('tab').nth(index).click();
  await page.waitForTimeout(index === 2 ? 4000 : 400);
};

/** What learning needs; the cameras of the photos are asked of the host. */
async function train(page: Page): Promise<void> {
  await fill(page);
  await page.keyboard.press('t');
  await page.locator('.train-form').waitFor();
  await page.waitForTimeout(1500);
}

const modes = ['side', 'removed', 'noise', 'risk', 'result', 'original'] as const;

const LIBRARY: Screen = { name: 'library', show: fill };
const COMPARE: Screen = { name: 'compare-split', show: (page) => compare(page) };
const QUEUE: Screen = { name: 'queue', show: queue };
const EXPORT: Screen = { name: 'export', show: exportDialog };

/** Those of the README, in this order: once there are results, the export would say that it replaces them. */
export const README_SCREENS = [
  { screen: LIBRARY, file: 'library.jpg', theme: 'dark' },
  { screen: COMPARE, file: 'compare.jpg', theme: 'dark' },
  { screen: { ...COMPARE, mode: 'side' }, file: 'side-by-side-light.jpg', theme: 'light' },
  { screen: EXPORT, file: 'export.jpg', theme: 'dark' },
  { screen: QUEUE, file: 'queue.jpg', theme: 'dark' },
] as const satisfies readonly { screen: Screen; file: string; theme: Look['theme'] }[];

/** Without photos. */
export const EMPTY_SCREENS: readonly Screen[] = [
  { name: 'welcome', show: (page) => page.locator('.welcome').waitFor() },
  {
    name: 'places',
    show: async (page) => {
      await page.locator('.welcome-actions button').last().click();
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(500);
    },
  },
];

/** With photos. */
export const SCREENS: readonly Screen[] = [
  LIBRARY,
  {
    name: 'library-selected',
    show: async (page) => {
      await fill(page);
      await cell(page, 'Coffee').click();
      await cell(page, HERO).click({ modifiers: ['Control'] });
      await cell(page, HERO).click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'library-nothing',
    show: async (page) => {
      await fill(page);
      await page.keyboard.press('Control+f');
      await page.keyboard.type('zebra');
      await page.waitForTimeout(500);
    },
  },
  COMPARE,
  ...modes.map((mode): Screen => ({ name: `compare-${mode}`, mode, show: (page) => compare(page) })),
  { name: 'compare-fit', show: (page) => compare(page, 'Launch.jpg', '0') },
  {
    name: 'compare-manual',
    show: async (page) => {
      await compare(page);
      // A narrow window opens without them.
      if (await page.locator('.app-panel').isHidden()) await page.keyboard.press('a');
      await page.locator('.adjust .segmented').nth(1).locator('.segment').last().click();
      await page.locator('.compare[data-preview=done]').waitFor({ timeout: PATIENCE_MS });
    },
  },
  EXPORT,
  { name: 'train', show: train },
  {
    name: 'train-pictures',
    show: async (page) => {
      await train(page);
      await page.locator('.train-bar .segment').nth(1).click();
      await page.locator('.train-form').waitFor();
    },
  },
  {
    name: 'train-models',
    show: async (page) => {
      await train(page);
      await page.locator('.train-bar .segment').nth(2).click();
      await page.waitForTimeout(500);
    },
  },
  { name: 'settings-general', show: settingsTab(0) },
  { name: 'settings-engine', show: settingsTab(1) },
  { name: 'settings-diagnosis', show: settingsTab(2) },
  { name: 'settings-about', show: settingsTab(3) },
  { name: 'shortcuts', show: dialogBy('F1') },
  { name: 'variations', show: generate(0, '.sheet[data-ready]') },
  { name: 'between', show: generate(1, '.player[data-ready]') },
  {
    name: 'new-pictures',
    show: generate(2, '.samples[data-ready]', (page) => page.locator('.empty-state button').click()),
  },
  { name: 'map', show: generate(3, '.map-canvas[data-drawn="all"]') },
  QUEUE,
  {
    name: 'library-done',
    show: async (page) => {
      await queue(page);
      await page.keyboard.press('q');
    },
  },
];
