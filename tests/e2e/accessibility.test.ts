import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMPARE_MODES, type Preferences } from '../../preload/contract.js';
import { axeFindings, layoutFaults, wordsOn } from '../support/axe.js';
import { describeInBrowser } from '../support/browser.js';
import { ODD_PHOTOS, writePhoto } from '../support/odd-photos.js';
import { PhotoWindow } from '../support/photo-window.js';
import { sharedFolder } from '../support/temp-folder.js';
import { startWebApp, type WebApp } from '../support/web-app.js';

/** Every state of the window: for axe, in both languages and themes, and in a small window. */

const folder = sharedFolder();
const photos = join(folder, 'photos');

/** Latin words that belong in a Korean window: names, formats, units, and what files are called. */
const NAMES =
  /[\d.]+ ?(MP|kB|MB|GB|TB)|\b(Stillgrain|JPEG|PNG|TIFF|WebP|AVIF|ISO|MIT|CPU|GPU|CUDA|WebGPU|DirectML|NVIDIA|Apple|Neural Engine|Core ML|English|GiB|MiB|KiB|GB|MB|KB|kB|MP|bit|ZIP|zip|Ctrl|Shift|PageUp|PageDown|Enter|Delete|F1|NAFNet|node|onnxruntime|onnxruntime-node|sharp|libvips|stillgrain|photos|Denoised|jpeg|png|tiff|webp|avif)\b|\S+\.(png|jpg)|\{\w+\}/g;

const SURFACES = [
  { language: 'en', theme: 'dark', width: 1280, height: 800 },
  { language: 'ko', theme: 'light', width: 1280, height: 800 },
  { language: 'en', theme: 'light', width: 900, height: 600 },
  { language: 'ko', theme: 'dark', width: 900, height: 600 },
] as const;

describeInBrowser('every state of the window', (browser) => {
  describe.each(SURFACES)('$language, $theme, $width x $height', ({ language, theme, width, height }) => {
    let app: WebApp;
    let window: PhotoWindow;

    beforeAll(async () => {
      mkdirSync(photos, { recursive: true });
      for (const [seed, name] of ['a.png', 'b.jpg'].entries()) await writePhoto(join(photos, name), 320, 240, seed + 1);
      ODD_PHOTOS.text(join(photos, 'notes.png'));
      // A link that leads nowhere.
      rmSync(join(photos, 'lost.jpg'), { force: true });
      symlinkSync('nowhere.jpg', join(photos, 'lost.jpg'));
      app = await startWebApp({ state: join(folder, `${language}-${theme}`), roots: [photos] });
    });
    afterAll(() => app.stop());

    beforeEach(async () => {
      window = await PhotoWindow.open(browser(), app, { viewport: { width, height } });
      const patch: Partial<Preferences> = { language, theme };
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

    it('the compare view in every mode', async () => {
      await window.openPhoto('a.png', 'split');
      for (const mode of COMPARE_MODES) {
        await window.setMode(mode);
        await window.settled(mode === 'original' ? 'none' : 'done');
        await look(`compare ${mode}`);
      }
    });
  });
});
