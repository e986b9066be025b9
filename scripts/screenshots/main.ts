import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, newPage } from '../support/browser.js';
import { ROOT } from '../support/cli.js';
import { startWebApp } from '../support/web-app.js';
import { callHost } from '../support/window.js';
import { writePhotos } from './photos.js';
import { EMPTY_SCREENS, README_SCREENS, SCREENS, start, type Look, type Screen } from './screens.js';

/**
 * `npm run screenshots`: the README's pictures of the window, made by driving the real page in a real browser.
 * `--all DIR` takes every screen in every size, theme and language into a folder, to be looked at; `--only
 * library,queue` and `--looks 900-light-ko` some of them.
 */

const IMAGES = path.join(ROOT, 'docs/images');
const SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];
/** What a page can load at a glance. */
const MAX_BYTES = 300_000;

const { values: options } = parseArgs({
  options: { all: { type: 'string' }, only: { type: 'string' }, looks: { type: 'string' } },
});

const isWanted = ({ name }: Screen): boolean => options.only?.split(',').includes(name) ?? true;

/** Goes through screens in one page, in one look. */
async function shoot(
  browser: Browser,
  url: string,
  look: Look,
  screens: readonly Screen[],
  save: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const page = await newPage(browser, {
    viewport: look.size,
    colorScheme: look.theme,
    reducedMotion: 'reduce',
  });
  try {
    await page.goto(url);
    await page.locator('#root main').waitFor();
    await callHost(page, 'preferences.set', { language: look.language, theme: look.theme });
    for (const screen of screens.filter(isWanted)) {
      await start(page, screen);
      await screen.show(page);
      await save(page, screen.name);
    }
  } finally {
    await page.context().close();
  }
}

/** Writes a picture as JPEG, as good as fits. */
async function saveSmall(page: Page, file: string): Promise<void> {
  for (let quality = 92; quality >= 60; quality -= 4) {
    const picture = await page.screenshot({ type: 'jpeg', quality });
    if (picture.length > MAX_BYTES) continue;
    await writeFile(file, picture);
    console.log(`${path.relative(ROOT, file)}: ${Math.round(picture.length / 1000)} kB`);
    return;
  }
  throw new Error(`${file} does not fit into ${MAX_BYTES} bytes`);
}

async function shootForReadme(browser: Browser, url: string): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  for (const { screen, file, theme } of README_SCREENS) {
    const look: Look = { size: SIZES[0]!, theme, language: 'en' };
    await shoot(browser, url, look, [screen], (page) => saveSmall(page, path.join(IMAGES, file)));
  }
}

async function shootAll(browser: Browser, url: string, screens: readonly Screen[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const size of SIZES) {
    for (const theme of ['dark', 'light'] as const) {
      for (const language of ['en', 'ko'] as const) {
        const name = `${size.width}-${theme}-${language}`;
        if (options.looks?.split(',').includes(name) === false) continue;
        await shoot(browser, url, { size, theme, language }, screens, async (page, screen) => {
          await page.screenshot({ path: path.join(folder, `${screen}-${name}.png`) });
        });
        console.log(name);
      }
    }
  }
}

const work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-screenshots-'));
const browser = await launchBrowser();
try {
  const pictures = path.join(work, 'Pictures');
  await writePhotos(pictures);
  if (options.all !== undefined) {
    await writeFile(path.join(pictures, 'Café/Half a photo.jpg'), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
    const empty = await startWebApp({ state: path.join(work, 'empty'), roots: [pictures] });
    await shootAll(browser, empty.url, EMPTY_SCREENS, path.resolve(options.all));
    await empty.stop();
  }
  const app = await startWebApp({ state: path.join(work, 'state'), roots: [pictures] });
  try {
    if (options.all === undefined) await shootForReadme(browser, app.url);
    else await shootAll(browser, app.url, SCREENS, path.resolve(options.all));
  } finally {
    await app.stop();
  }
} finally {
  await browser.close();
  await rm(work, { recursive: true, force: true });
}
