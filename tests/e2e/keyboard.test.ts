import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { writePhoto } from '../support/odd-photos.js';
import { PATIENCE_MS, PhotoWindow } from '../support/photo-window.js';
import { sharedFolder } from '../support/temp-folder.js';
import { startWebApp, type WebApp } from '../support/web-app.js';

/** The window without a mouse, and for people whom movement disturbs. */

const folder = sharedFolder();
const photos = join(folder, 'photos');
/** More presses of Tab than there are stops in the window. */
const MANY_TABS = 90;

/** Presses Tab until what has the focus fits. */
async function tabTo(page: Page, fits: string): Promise<void> {
  for (let i = 0; i < MANY_TABS; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, fits)) return;
  }
  throw new Error(`Tab never comes to ${fits}`);
}

const focusName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });

describeInBrowser('the window without a mouse', (browser) => {
  let app: WebApp;

  beforeAll(async () => {
    mkdirSync(photos);
    for (const [seed, name] of ['a.png', 'b.png'].entries()) await writePhoto(join(photos, name), 320, 240, seed + 1);
    app = await startWebApp({ state: join(folder, 'state'), roots: [photos] });
  });
  afterAll(() => app.stop());

  it('goes from the start to a denoised photo', async () => {
    const own = await startWebApp({ state: join(folder, 'own') });
    let stop = (): Promise<unknown> => own.stop();
    try {
      const { page } = await PhotoWindow.open(browser(), own);
      stop = async () => {
        // First: a page reports its lost host.
        await page.context().close();
        await own.stop();
      };
      await tabTo(page, '.welcome-sample button');
      await page.keyboard.press('Enter');
      await page.locator('.compare[data-state="open"][data-preview="done"]').waitFor({ timeout: PATIENCE_MS });
      await tabTo(page, '.split-divider');
      await page.keyboard.press('ArrowLeft');
      await tabTo(page, '.adjust-sliders input[type="range"]');
      for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
      expect(await page.locator('.adjust').getByRole('textbox', { name: 'Strength', exact: true }).inputValue()).toBe(
        '90%',
      );
      await tabTo(page, '.denoise-buttons .button-primary');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Export settings' });
      await dialog.waitFor();
      await dialog.locator('.export-numbers').waitFor({ timeout: PATIENCE_MS });
      await tabTo(page, '.dialog-foot .button-primary');
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      if ((await page.locator('.queue').count()) === 0) await page.keyboard.press('q');
      await page.locator('.queue').getByText('1 denoised').waitFor({ timeout: PATIENCE_MS });
    } finally {
      await stop();
    }
  });

  it('comes to every control by Tab, and shows where it is', async () => {
    const window = await PhotoWindow.open(browser(), app);
    const { page } = window;
    if ((await page.locator('.welcome').count()) > 0) await window.addRoots(2);
    await window.openPhoto('a.png', 'split');
    await window.settled();
    await page.evaluate(() => {
      const seen = new WeakSet<Element>();
      Object.assign(globalThis, { seen });
    });
    const first = await page.evaluateHandle(() => document.activeElement);
    for (let i = 0; i < MANY_TABS; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement!;
        (globalThis as unknown as { seen: WeakSet<Element> }).seen.add(element);
        // A hidden input is drawn by what holds it.
        const shown = element.getBoundingClientRect().width > 4 ? element : element.parentElement!;
        const box = shown.getBoundingClientRect();
        return { body: element === document.body, x: box.x, y: box.y, width: box.width, height: box.height };
      });
      if (await first.evaluate((element) => element === document.activeElement)) break;
      if (stop.body) continue;
      const name = await focusName(page);
      const clip = {
        x: Math.max(0, stop.x - 8),
        y: Math.max(0, stop.y - 8),
        width: stop.width + 16,
        height: stop.height + 16,
      };
      const focused = await page.screenshot({ clip });
      const held = await page.evaluateHandle(() => document.activeElement as HTMLElement);
      await held.evaluate((element) => {
        element.blur();
      });
      const plain = await page.screenshot({ clip });
      await held.evaluate((element) => {
        element.focus();
      });
      expect(focused.equals(plain), `the focus on "${name}" cannot be seen`).toBe(false);
    }
    const missed = await page.evaluate(() => {
      const { seen } = globalThis as unknown as { seen: WeakSet<Element> };
      const all = 'button:not(:disabled), input:not(:disabled), [role="slider"], [role="listbox"], a[href]';
      return [...document.querySelectorAll(all)].flatMap((element) => {
        if (!element.checkVisibility() || seen.has(element)) return [];
        // Arrow keys go on within a group.
        const group = element.closest('[role="radiogroup"], [role="toolbar"], [role="tablist"], [role="listbox"]');
        if (group !== null && [...group.querySelectorAll('*'), group].some((part) => seen.has(part))) return [];
        // Steps of a number and marks of a slider repeat what the field itself does by keys.
        if (element.getAttribute('tabindex') === '-1') return [];
        return [element.outerHTML.slice(0, 160)];
      });
    });
    expect(missed).toEqual([]);
  });

  it('gives the focus back when what lay over the window goes', async () => {
    const window = await PhotoWindow.open(browser(), app);
    const { page } = window;
    if ((await page.locator('.welcome').count()) > 0) await window.addRoots(2);
    await window.toLibrary();
    await window.cell('a.png').click();
    const grid = 'Photos';
    for (const [keys, over] of [
      ['?', 'dialog'],
      ['Control+,', 'dialog'],
      ['Control+e', 'dialog'],
      ['Shift+F10', 'menu'],
    ] as const) {
      await page.locator('.photo-grid').focus();
      await page.keyboard.press(keys);
      const layer = page.getByRole(over);
      await layer.waitFor();
      expect(await layer.evaluate((element) => element.contains(document.activeElement)), keys).toBe(true);
      await page.keyboard.press('Escape');
      await layer.waitFor({ state: 'detached' });
      await expect.poll(() => focusName(page), { message: keys }).toBe(grid);
    }
    await tabTo(page, '.toolbar-end > button:last-child');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focusName(page)).toBe('Settings');
  });

  it('does not move for people who ask for less movement', async () => {
    const moving = async (reducedMotion: 'reduce' | 'no-preference'): Promise<string[]> => {
      const window = await PhotoWindow.open(browser(), app, { reducedMotion });
      const { page } = window;
      await page.keyboard.press('Control+,');
      await page.getByRole('dialog').getByRole('tab').nth(2).click();
      return page.evaluate(() =>
        [...document.querySelectorAll('*')].flatMap((element) => {
          const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
          const longest = (durations: string): number => Math.max(...durations.split(',').map(Number.parseFloat));
          const moves =
            longest(transitionDuration) > 0.02 || (animationName !== 'none' && longest(animationDuration) > 0.02);
          return moves ? [element.className] : [];
        }),
      );
    };
    expect((await moving('no-preference')).length).toBeGreaterThan(0);
    expect(await moving('reduce')).toEqual([]);
  });
});
