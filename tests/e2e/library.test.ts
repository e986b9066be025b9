import { linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { noisyPhoto, writeRoll } from '../support/mixed-folder.js';
import { tempFolder } from '../support/temp-folder.js';
import { describeInWindow, dropOn, type WindowHost } from '../support/window-app.js';
import {
  addFromServer,
  cell,
  cells,
  choose,
  chooseFrom,
  eventually,
  PATIENCE_MS,
  seeThumbnails,
  typeNumber,
} from '../support/window-steps.js';

const MANY = 2000;

/** Names of the selected photos. */
const selected = (page: Page): Promise<string[]> =>
  page.locator('.cell[aria-selected="true"] .cell-name').allTextContents();

const shown = (page: Page): Promise<string[]> => page.locator('.cell-name').allTextContents();

const grid = (page: Page) => page.getByRole('listbox', { name: 'Photos' });

async function openRoll(host: WindowHost, count: number) {
  const folder = join(tempFolder(), 'Roll');
  await writeRoll(folder, count, 96, 64);
  const window = await host.open({ state: tempFolder() });
  await dropOn(window.page, [folder]);
  await seeThumbnails(window.page, count);
  return window;
}

describeInWindow('the library', (host) => {
  it('selects with the mouse and the keyboard', async () => {
    const { page } = await openRoll(host, 8);
    await cell(page, '02.jpg').click();
    await cell(page, '05.jpg').click({ modifiers: ['ControlOrMeta'] });
    expect(await selected(page)).toEqual(['02.jpg', '05.jpg']);
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Denoise 2 photos' }).waitFor();
    await cell(page, '07.jpg').click({ modifiers: ['Shift'] });
    expect(await selected(page)).toEqual(['05.jpg', '06.jpg', '07.jpg']);
    await cell(page, '06.jpg').click({ modifiers: ['ControlOrMeta'] });
    expect(await selected(page)).toEqual(['05.jpg', '07.jpg']);
    await grid(page).press('Home');
    await grid(page).press('ArrowRight');
    expect(await selected(page)).toEqual(['02.jpg']);
    await grid(page).press('Shift+ArrowRight');
    await grid(page).press('Shift+ArrowRight');
    expect(await selected(page)).toEqual(['02.jpg', '03.jpg', '04.jpg']);
    await grid(page).press('ControlOrMeta+a');
    expect(await selected(page)).toHaveLength(8);
    await grid(page).press('Escape');
    expect(await selected(page)).toEqual([]);
    await grid(page).press('End');
    await grid(page).press('Enter');
    await page.locator('.compare[data-state="open"]').waitFor();
    await page.getByText('8 of 8').waitFor();
  });

  it('sorts, filters, removes and takes it back', async () => {
    const { page } = await openRoll(host, 6);
    await page.getByRole('button', { name: 'Ascending: press for descending' }).click();
    await eventually(() => shown(page)).toEqual(['06.jpg', '05.jpg', '04.jpg', '03.jpg', '02.jpg', '01.jpg']);
    await page.getByRole('button', { name: 'Descending: press for ascending' }).click();
    const search = page.getByRole('textbox', { name: 'Search' });
    await search.fill('roll 04');
    await eventually(() => shown(page)).toEqual(['04.jpg']);
    await page.getByRole('button', { name: 'Denoise 1 photo' }).waitFor();
    await search.fill('nothing like it');
    await page.getByText('No photo fits').waitFor();
    await page.getByRole('button', { name: 'Show all photos' }).click();
    await cell(page, '03.jpg').click();
    await typeNumber(page, 'Strength', '50');
    await chooseFrom(page, page.getByRole('toolbar'), 'Show', 'Edited');
    await eventually(() => shown(page)).toEqual(['03.jpg']);
    await chooseFrom(page, page.getByRole('toolbar'), 'Show', 'All photos');

    await cell(page, '02.jpg').click();
    await grid(page).press('Delete');
    await eventually(() => shown(page)).toEqual(['01.jpg', '03.jpg', '04.jpg', '05.jpg', '06.jpg']);
    // The one behind it takes its place.
    expect(await selected(page)).toEqual(['03.jpg']);
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
    await eventually(() => shown(page)).toHaveLength(6);
    expect(await selected(page)).toEqual(['02.jpg']);

    await cell(page, '05.jpg').click({ button: 'right' });
    const menu = page.getByRole('menu', { name: 'Photo' });
    await menu.getByRole('menuitem', { name: 'Remove from the list' }).click();
    await eventually(() => shown(page)).toHaveLength(5);
    await page.reload();
    await eventually(() => shown(page)).toEqual(['01.jpg', '02.jpg', '03.jpg', '04.jpg', '06.jpg']);
    expect(await cell(page, '03.jpg').getAttribute('aria-label')).toContain('Has its own settings');
  });

  it('remembers how it was set', async () => {
    const { page } = await openRoll(host, 3);
    await grid(page).press('Escape');
    await typeNumber(page, 'Detail', '30');
    await choose(page, 'Model', 'Fast');
    const size = page.getByRole('slider', { name: 'Thumbnail size' });
    const width = async (): Promise<number> => (await cell(page, '01.jpg').boundingBox())!.width;
    const narrow = await width();
    await size.focus();
    await size.press('End');
    await eventually(async () => (await width()) > 1.5 * narrow).toBe(true);
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await choose(settings, 'Appearance', 'Light');
    await settings.getByRole('button', { name: /Language$/ }).click();
    await page.getByRole('option', { name: '한국어', exact: true }).click();
    await page.getByRole('dialog', { name: '설정' }).waitFor();
    await page.reload();
    await page.getByRole('radio', { name: '라이브러리' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    expect(await width()).toBeGreaterThan(1.5 * narrow);
    expect(await page.getByRole('textbox', { name: '디테일', exact: true }).inputValue()).toBe('30%');
  });

  it('holds thousands of photos with a few on the page', async () => {
    const root = tempFolder();
    const folder = join(root, 'Many');
    mkdirSync(folder);
    const original = join(tempFolder(), 'original.jpg');
    await (await noisyPhoto('coffee', 96, 64)).jpeg().toFile(original);
    for (let index = 1; index <= MANY; index++) linkSync(original, join(folder, `${index}.jpg`));
    const { page } = await host.open({ state: tempFolder(), roots: [root] });
    // Sending so many would take its time: they are where the server is.
    if (host.kind === 'web') await addFromServer(page, 'Many');
    else await dropOn(page, [folder]);
    await page.getByRole('contentinfo', { name: 'Status' }).getByText('2,000 photos').waitFor({ timeout: PATIENCE_MS });
    expect(await cells(page).count()).toBeLessThan(100);
    await grid(page).press('End');
    const last = cell(page, `${MANY}.jpg`);
    await last.waitFor();
    expect(await last.getAttribute('aria-posinset')).toBe(String(MANY));
    await page.waitForFunction(
      (name) =>
        Array.from(document.querySelectorAll('.cell')).some((each) => {
          const picture = each.querySelector<HTMLImageElement>('img.thumbnail');
          return each.querySelector('.cell-name')?.textContent === name && (picture?.naturalWidth ?? 0) > 0;
        }),
      `${MANY}.jpg`,
      { timeout: PATIENCE_MS },
    );
    expect(await cells(page).count()).toBeLessThan(100);
    await grid(page).press('Home');
    await cell(page, '1.jpg').waitFor();
  });

  it.skipIf(host.kind === 'desktop')('keeps two windows in step', async () => {
    const { page, another } = await openRoll(host, 4);
    const other = await another();
    await eventually(() => shown(other)).toHaveLength(4);
    await grid(page).press('Escape');
    await typeNumber(page, 'Strength', '70');
    await eventually(() => other.getByRole('textbox', { name: 'Strength', exact: true }).inputValue()).toBe('70%');
    await cell(other, '03.jpg').click();
    await typeNumber(other, 'Luma', '20');
    await eventually(() => cell(page, '03.jpg').getAttribute('aria-label')).toContain('Has its own settings');
    await cell(other, '01.jpg').click();
    await grid(other).press('Delete');
    await eventually(() => shown(page)).toEqual(['02.jpg', '03.jpg', '04.jpg']);
  });
});
