import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../preload/contract.js';
import { describeInBrowser } from '../support/browser.js';
import { describeFile, writeSmallSamples } from '../support/generated-files.js';
import { PATIENCE_MS, PhotoWindow } from '../support/photo-window.js';
import { sharedFolder } from '../support/temp-folder.js';
import { startWebApp, type WebApp } from '../support/web-app.js';
import { choose, chooseFrom, typeNumber } from '../support/window-steps.js';

/** The Generate view against the real engine, on photos that are small enough to be quick. */

const folder = sharedFolder();
const photos = join(folder, 'photos');
const out = join(folder, 'out');
const WIDTH = 280;
const HEIGHT = 200;
const SYNTHETIC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/** Hashes of the pixels that some elements show now: files of the same pixels may have other recipes in them. */
function picturesOf(elements: Locator): Promise<string[]> {
  return elements.evaluateAll((images) =>
    Promise.all(
      images.map(async (image) => {
        const blob = await (await fetch((image as HTMLImageElement).src)).blob();
        const bitmap = await createImageBitmap(blob);
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
        return Array.from(hash.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
      }),
    ),
  );
}

describeInBrowser('the Generate view', (browser) => {
  let app: WebApp;
  let window: PhotoWindow;

  beforeAll(async () => {
    for (const made of [photos, out]) mkdirSync(made);
    await writeSmallSamples(photos, WIDTH, HEIGHT);
    app = await startWebApp({ state: join(folder, 'state'), roots: [photos, out] });
  });
  afterAll(() => app.stop());

  /** Opens the view with some photos selected, in a mode. */
  const open = async (mode: string, ...names: string[]): Promise<Page> => {
    window = await PhotoWindow.open(browser(), app);
    const { folders } = (await window.call('places.list', { place: null })) as {
      folders: { id: string; name: string }[];
    };
    const idOf = (name: string): string => folders.find((place) => place.name === name)!.id;
    if ((await window.page.locator('.welcome').count()) > 0) {
      await window.call('library.addPlaces', { places: [idOf('photos')] });
    }
    await window.page.getByText('8 photos', { exact: true }).waitFor({ timeout: PATIENCE_MS });
    await window.call('preferences.set', {
      adjustments: { ...DEFAULT_PREFERENCES.adjustments, model: 'fast' },
      export: { ...DEFAULT_PREFERENCES.export, destination: { kind: 'place', place: idOf('out') } },
    });
    for (const [index, name] of names.entries()) {
      await window.cell(name).click(index === 0 ? {} : { modifiers: ['Control'] });
    }
    await window.page.keyboard.press('v');
    await choose(window.page, 'What to generate', mode);
    return window.page;
  };
  const ready = (page: Page, part: string): Promise<void> =>
    page.locator(`${part}[data-ready]`).waitFor({ timeout: PATIENCE_MS });
  const sheetOf = async (page: Page): Promise<string[]> => {
    await page.locator('.sheet[data-busy]').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await ready(page, '.sheet');
    return picturesOf(page.locator('.sheet-grid .variation-picture img'));
  };
  const exportNow = async (page: Page): Promise<void> => {
    await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();
    await page.locator('.generate-outcome').waitFor({ timeout: PATIENCE_MS });
  };

  it('varies a photo: by strength and seed, further and back, and writes what is pinned in full size', async () => {
    const page = await open('Variations', 'chelsea.jpg');
    const first = await sheetOf(page);
    expect(new Set(first).size).toBe(9);
    await typeNumber(page, 'Strength', '0');
    expect(new Set(await sheetOf(page))).toEqual(new Set(await picturesOf(page.locator('.variation-own img'))));
    await typeNumber(page, 'Strength', '180');
    const strong = await sheetOf(page);
    expect(strong.filter((picture) => first.includes(picture))).toEqual([]);
    await page.getByRole('button', { name: 'Roll another seed' }).click();
    const rolled = await sheetOf(page);
    expect(rolled.filter((picture) => strong.includes(picture))).toEqual([]);
    await typeNumber(page, 'Seed', '1');
    expect(await sheetOf(page)).toEqual(strong);

    await page.getByRole('button', { name: 'Pin Variation 3' }).click();
    await page.getByText('chelsea.jpg → seed 1, number 3, strength 1.8').waitFor();
    await page.getByRole('button', { name: 'Vary Variation 3 further' }).click();
    const further = await sheetOf(page);
    expect(further.filter((picture) => strong.includes(picture))).toEqual([]);
    await page.getByRole('button', { name: 'Pin Variation 1' }).click();
    await page.getByText('chelsea.jpg → seed 1, number 3, strength 1.8 → seed 1, number 1, strength 1.8').waitFor();
    const crumbs = page.getByRole('navigation', { name: 'Where this sheet comes from' });
    await crumbs.getByRole('button', { name: 'chelsea.jpg' }).click();
    expect(await sheetOf(page)).toEqual(strong);
    await crumbs.getByRole('button', { name: 'Variation 3' }).click();
    expect(await sheetOf(page)).toEqual(further);

    await page.getByRole('button', { name: 'Look at Variation 2 closely' }).click();
    await ready(page, '.look-picture');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Export 2 pictures…' }).click();
    await exportNow(page);
    await page.getByText('2 files were written into “out”.').waitFor();
    expect(readdirSync(out).sort()).toEqual(['chelsea-1.3-1.1.jpg', 'chelsea-1.3.jpg']);
    for (const name of readdirSync(out)) {
      const { xmp, ...file } = await describeFile(join(out, name));
      expect(file).toEqual({ width: WIDTH, height: HEIGHT, format: 'jpeg', pages: 1 });
      expect(xmp).toContain(`${SYNTHETIC}compositeWithTrainedAlgorithmicMedia`);
      expect(xmp).toContain('chelsea.jpg');
      expect(xmp).not.toContain(folder);
    }
  });

  it('names directions by what they do, and shows the original for as long as it is held', async () => {
    const page = await open('Variations', 'coffee.jpg');
    await choose(page, 'Kind', 'Directions');
    const sheet = await sheetOf(page);
    const names = await page.locator('.sheet-grid .variation-name').allTextContents();
    expect(names).toHaveLength(sheet.length);
    expect(
      names.filter((name) => /^(Warmer|Cooler|Brighter|Darker|More|Less|Greener|Light)/.test(name)).length,
    ).toBeGreaterThan(3);
    const [original] = await picturesOf(page.locator('.variation-own img'));
    await page.keyboard.down('o');
    expect(new Set(await picturesOf(page.locator('.sheet-grid .variation-picture img')))).toEqual(new Set([original]));
    await page.keyboard.up('o');
    expect(await picturesOf(page.locator('.sheet-grid .variation-picture img'))).toEqual(sheet);
  });

  it('leads from photo to photo, in an order that is changed, and writes an animation', async () => {
    const page = await open('Between photos', 'coffee.jpg', 'rocket.jpg', 'chelsea.jpg');
    const frames = page.locator('.player-frame img');
    await ready(page, '.player');
    const before = await picturesOf(frames);
    expect(before.length).toBe(16);
    await page.getByRole('button', { name: 'Move chelsea.jpg later' }).click();
    await page.locator('.player[data-busy]').waitFor({ state: 'detached' });
    await expect.poll(() => picturesOf(frames), { timeout: PATIENCE_MS }).not.toEqual(before);
    await page.getByRole('slider', { name: 'Frame', exact: true }).press('End');
    await page.locator('.player-place', { hasText: 'Frame 16 of 16' }).waitFor();
    await page.getByRole('button', { name: 'Export the way…' }).click();
    await chooseFrom(page, page.getByRole('dialog'), 'Longest side', '480 pixels');
    await exportNow(page);
    const [name] = readdirSync(out).filter((file) => file.endsWith('.webp'));
    expect(name).toBe('coffee-to-rocket.webp');
    const { pages, xmp } = await describeFile(join(out, name!));
    expect(pages).toBe(16);
    expect(xmp).toContain(`${SYNTHETIC}trainedAlgorithmicMedia`);
  });

  it('makes new pictures, the same for the same seed, and sends the chosen ones as a zip', async () => {
    const page = await open('New pictures', 'coffee.jpg');
    await page.getByRole('button', { name: 'Make new pictures' }).click();
    await ready(page, '.samples');
    const first = await picturesOf(page.locator('.sample img'));
    expect(new Set(first).size).toBe(12);
    const made = async (seed: string): Promise<string[]> => {
      const old = await page.locator('.sample img').first().getAttribute('src');
      await typeNumber(page, 'Seed', seed);
      await expect
        .poll(() => page.locator('.sample img').first().getAttribute('src'), { timeout: PATIENCE_MS })
        .not.toBe(old);
      return picturesOf(page.locator('.sample img'));
    };
    expect((await made('2')).filter((picture) => first.includes(picture))).toEqual([]);
    expect(await made('1')).toEqual(first);
    await page.getByRole('button', { name: 'New picture 4' }).click();
    await page.getByRole('button', { name: 'Export 1 picture…' }).click();
    await choose(page.getByRole('dialog'), 'Destination', 'Download');
    const download = page.waitForEvent('download');
    await exportNow(page);
    expect((await download).suggestedFilename()).toMatch(/^stillgrain-.*\.zip$/);
    expect((await (await download).path()).length).toBeGreaterThan(0);
  });

  it('maps the library: what lies at a point, along a path, and what a lasso holds', async () => {
    const page = await open('Map', 'coffee.jpg');
    await page.locator('.map-canvas[data-drawn="all"]').waitFor({ timeout: PATIENCE_MS });
    const room = page.getByRole('application', { name: /^Map of 8 photos/ });
    const box = (await room.boundingBox())!;
    const at = (x: number, y: number) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
    await page.mouse.click(at(0.5, 0.5).x, at(0.5, 0.5).y);
    await ready(page, '.map-found');
    const [middle] = await picturesOf(page.locator('.map-found img'));
    // The keyboard's cursor starts in the middle.
    await room.focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await expect.poll(() => picturesOf(page.locator('.map-found img')), { timeout: PATIENCE_MS }).not.toEqual([middle]);

    await choose(page, 'What dragging does', 'Walk');
    const draw = async (...line: (readonly [number, number])[]): Promise<void> => {
      for (const [index, [x, y]] of line.entries()) {
        await page.mouse.move(at(x, y).x, at(x, y).y, { steps: 6 });
        if (index === 0) await page.mouse.down();
      }
      await page.mouse.up();
    };
    await draw([0.2, 0.3], [0.5, 0.6], [0.8, 0.3]);
    await expect.poll(() => page.locator('.map-step img').count(), { timeout: PATIENCE_MS }).toBe(8);
    expect(new Set(await picturesOf(page.locator('.map-step img'))).size).toBe(8);

    await choose(page, 'What dragging does', 'Lasso');
    await draw([0.02, 0.15], [0.98, 0.15], [0.98, 0.97], [0.02, 0.97], [0.02, 0.16]);
    const selection = page.locator('.map-selection');
    await selection.getByText(/photos selected$/).waitFor();
    const count = Number.parseInt((await selection.locator('.map-selection-count').textContent())!);
    expect(count).toBeGreaterThan(2);
    await selection.getByRole('button', { name: 'Show in the library' }).click();
    await expect.poll(() => page.locator('.cell[aria-selected="true"]').count()).toBe(count);
  });

  it('says what is missing, and stops when it is told to', async () => {
    const page = await open('Between photos', 'coffee.jpg');
    await page.getByText('Choose two to eight photos').waitFor();
    await choose(page, 'What to generate', 'Variations');
    await sheetOf(page);
    await typeNumber(page, 'Seed', '77');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.locator('.sheet[data-busy]').waitFor({ state: 'detached' });
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
