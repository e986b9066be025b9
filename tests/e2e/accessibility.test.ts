import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMPARE_MODES, DEFAULT_DENOISE, type Preferences } from '../../preload/contract.js';
import { axeFindings, layoutFaults, wordsOn } from '../support/axe.js';
import { describeInBrowser } from '../support/browser.js';
import { ODD_PHOTOS, writePhoto } from '../support/odd-photos.js';
import { PATIENCE_MS, PhotoWindow } from '../support/photo-window.js';
import { sharedFolder } from '../support/temp-folder.js';
import { startWebApp, type WebApp } from '../support/web-app.js';

/** Every state of the window: for axe, in both languages and themes, and in a small window. */

const folder = sharedFolder();

/** Latin words that belong in a Korean window: names, formats, units, and what files are called. */
const NAMES =
  /[\d.]+ ?(MP|kB|MB|GB|TB)|\b(Stillgrain|JPEG|PNG|TIFF|WebP|AVIF|ISO|MIT|CPU|GPU|CUDA|WebGPU|DirectML|NVIDIA|Apple|Neural Engine|Core ML|English|GiB|MiB|KiB|GB|MB|KB|kB|MP|bit|ZIP|zip|Ctrl|Shift|PageUp|PageDown|Enter|Delete|F1|NAFNet|node|onnxruntime|onnxruntime-node|sharp|libvips|stillgrain|photos|Denoised|jpeg|png|tiff|webp|avif)\b|\S+\.(png|jpg)|\{\w+\}/g;

// Each language, theme and size once: what differs shows in one of them, and every other pair takes a minute more.
const SURFACES = [
  { language: 'en', theme: 'dark', width: 1280, height: 800 },
  { language: 'ko', theme: 'light', width: 900, height: 600 },
] as const;

describeInBrowser('every state of the window', (browser) => {
  describe.each(SURFACES)('$language, $theme, $width x $height', ({ language, theme, width, height }) => {
    let app: WebApp;
    let window: PhotoWindow;

    beforeAll(async () => {
      // Results are written beside the originals, so that each has photos of its own.
      const photos = join(folder, `${language}-${theme}`, 'photos');
      mkdirSync(photos, { recursive: true });
      for (const [seed, name] of ['a.png', 'b.jpg'].entries()) await writePhoto(join(photos, name), 320, 240, seed + 1);
      ODD_PHOTOS.text(join(photos, 'notes.png'));
      // A link that leads nowhere.
      symlinkSync('nowhere.jpg', join(photos, 'lost.jpg'));
      app = await startWebApp({ state: join(folder, `state-${language}-${theme}`), roots: [photos] });
    });
    afterAll(() => app.stop());

    beforeEach(async () => {
      window = await PhotoWindow.open(browser(), app, { viewport: { width, height } });
      // What it looks like does not depend on the model, how long it takes does.
      const adjustments = { ...DEFAULT_DENOISE, model: 'fast' };
      const patch: Partial<Preferences> = { language, theme, adjustments };
      await window.call('preferences.set', patch);
      await window.page.locator(`html[lang="${language}"]`).waitFor();
    });

    /** Looks at what is shown now. */
    const look = async (state: string): Promise<void> => {
      const { page } = window;
      // Nothing under the pointer, no tooltip.
      await page.mouse.move(0, 0);
      expect((await axeFindings(page)).join('\n'), state).toBe('');
      expect((await layoutFaults(page)).join('\n'), state).toBe('');
      if (process.env['STILLGRAIN_SHOTS'] !== undefined) {
        const name = `${state}-${language}-${theme}-${width}.png`.replaceAll(' ', '-');
        await page.screenshot({ path: join(process.env['STILLGRAIN_SHOTS'], name) });
      }
      if (language !== 'ko') return;
      const left = (await wordsOn(page)).filter((text) => /[A-Za-z]{2,}/.test(text.replace(NAMES, '')));
      expect(left.join('\n'), `${state}: words that are not Korean`).toBe('');
    };

    const addPhotos = async (): Promise<void> => {
      const { folders } = (await window.call('places.list', { place: null })) as { folders: { id: string }[] };
      await window.call('library.addPlaces', { places: folders.map(({ id }) => id) });
      await expect.poll(() => window.page.locator('[data-photo]').count(), { timeout: PATIENCE_MS }).toBe(3);
    };

    it('the welcome, folders of the server, the library and what lies over it', async () => {
      const { page } = window;
      await page.locator('.welcome').waitFor();
      await look('welcome');
      await page.locator('.welcome-actions button').nth(2).click();
      await page.getByRole('dialog').waitFor();
      await page.getByRole('dialog').locator('[role="option"], [role="row"]').first().waitFor();
      await look('places');
      await page.keyboard.press('Escape');
      await addPhotos();
      await expect
        .poll(() => page.locator('.cell-noise .noise-meter > span').count(), { timeout: PATIENCE_MS })
        .toBe(2);
      await look('library');
      await window.cell('a.png').click();
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menu').waitFor();
      await look('context menu');
      await page.keyboard.press('Escape');
      await page.locator('.status-bar button', { has: page.locator('.status-warning') }).click();
      await page.getByRole('dialog').waitFor();
      await look('problems');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await look('shortcuts');
    });

    it('the compare view in every mode', async () => {
      await addPhotos();
      await window.openPhoto('a.png', 'split');
      for (const mode of COMPARE_MODES) {
        await window.setMode(mode);
        await window.settled(mode === 'original' ? 'none' : 'done');
        await look(`compare ${mode}`);
      }
    });

    it('the ways of generating', async () => {
      const { page } = window;
      await addPhotos();
      const modes = page.locator('.generate-head').getByRole('radio');
      await window.cell('a.png').click();
      await page.keyboard.press('v');
      await modes.first().waitFor();
      await page.locator('.sheet[data-ready]').waitFor({ timeout: PATIENCE_MS });
      await page.locator('.variation-picture').nth(3).click();
      await look('variations');
      await page.locator('.variation-bar button').nth(0).click();
      await page.locator('.look-picture[data-ready]').waitFor({ timeout: PATIENCE_MS });
      await look('variation');
      await page.keyboard.press('Escape');
      await page.locator('.pins .button-primary').click();
      await page.getByRole('dialog').waitFor();
      await look('export of variations');
      await page.keyboard.press('Escape');
      await modes.nth(1).click();
      await look('between, nothing chosen');
      await page.keyboard.press('g');
      await window.cell('a.png').click();
      await window.cell('b.jpg').click({ modifiers: ['Control'] });
      await page.keyboard.press('v');
      await page.locator('.player[data-ready]').waitFor({ timeout: PATIENCE_MS });
      await look('between');
      await modes.nth(2).click();
      await look('new pictures, none yet');
      await page.locator('.empty-state button').click();
      await page.locator('.samples[data-ready]').waitFor({ timeout: PATIENCE_MS });
      await look('new pictures');
      await modes.nth(3).click();
      await page.locator('.map-canvas[data-drawn="all"]').waitFor({ timeout: PATIENCE_MS });
      await page.locator('.map-room').focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Enter');
      await page.locator('.map-found[data-ready]').waitFor({ timeout: PATIENCE_MS });
      await look('map');
    });

    it('the panel, the export, the queue and the settings', async () => {
      const { page } = window;
      await addPhotos();
      await window.cell('a.png').click();
      if (!(await page.locator('.adjust').isVisible())) await page.keyboard.press('a');
      await page.locator('.adjust').waitFor();
      await page.keyboard.press('Control+Shift+c');
      await look('panel');
      await page
        .locator('.adjust')
        .getByRole('button', { name: /^(Presets|프리셋|사전)/ })
        .click();
      await page.getByRole('menu').waitFor();
      await look('presets');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+e');
      await page.getByRole('dialog').waitFor();
      await page.locator('.export').getByRole('radio').nth(1).click();
      await page.locator('.export-plan[aria-busy="false"] .export-numbers').waitFor();
      await look('export');
      await page.getByRole('dialog').getByRole('button').last().click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      if (!(await page.locator('.queue').isVisible())) await page.keyboard.press('q');
      await page
        .locator('.queue-item[data-state="done"], .queue-item[data-state="skipped"]')
        .first()
        .waitFor({ timeout: PATIENCE_MS });
      await look('queue');
      await page.keyboard.press('Control+,');
      const tabs = page.getByRole('dialog').getByRole('tab');
      await tabs.first().waitFor();
      for (let i = 0; i < 4; i++) {
        await tabs.nth(i).click();
        if (i === 2) await page.locator('.settings-providers').waitFor({ timeout: PATIENCE_MS });
        await look(`settings ${i + 1}`);
      }
    });
  });
});
