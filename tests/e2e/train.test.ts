import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import type { CallName, CallParams, CallResult } from '../../preload/contract.js';
import { callHost } from '../../scripts/support/window.js';
import { axeFindings, layoutFaults } from '../support/axe.js';
import { describeInBrowser, openPage } from '../support/browser.js';
import { sharp } from '../support/codec-photos.js';
import { withKnownNoise } from '../support/flat-noise.js';
import { samplePath, type Sample } from '../support/photos.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';
import { startWebApp, type WebApp } from '../support/web-app.js';
import { eventually, PATIENCE_MS } from '../support/window-steps.js';

/** Learning in the window: real photos with noise on them, the real engine, the shortest of runs. */

/** Some tens of steps in two rounds. */
const MINUTES = '0.05';

const photos = join(sharedFolder(), 'Night');
mkdirSync(photos);

/** Writes a photo with noise that neighbours share, of a camera. */
async function writeNoisy(name: string, sample: Sample): Promise<void> {
  const [width, height] = [520, 300];
  const input = sharp(samplePath(sample)).removeAlpha().resize(width, height, { fit: 'cover' });
  const { data } = await input.raw().toBuffer({ resolveWithObject: true });
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) planes[c * plane + i] = data[3 * i + c]! / 255;
  const noisy = withKnownNoise({ width, height, data: planes }, name.length).data;
  const pixels = new Uint8ClampedArray(3 * plane);
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) pixels[3 * i + c] = 255 * noisy[c * plane + i]!;
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .withExif({ IFD0: { Make: 'Canon', Model: 'Canon EOS 80D' }, IFD2: { ISOSpeedRatings: '6400' } })
    .png()
    .toFile(join(photos, name));
}

await Promise.all([writeNoisy('a.png', 'chelsea'), writeNoisy('bb.png', 'coffee'), writeNoisy('ccc.png', 'astronaut')]);

const run = (page: Page) => callHost(page, 'train.state', {}).then((state) => state.run);
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** The window with the photos in it, in the Train view. */
async function openTraining(page: Page, app: WebApp): Promise<void> {
  const ask = <N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> =>
    callHost(page, name, params);
  await page.locator('#root main').waitFor();
  if ((await ask('library.list', {})).photos.length === 0) {
    const { folders } = await ask('places.list', { place: null });
    await ask('library.addPlaces', { places: folders.map(({ id }) => id) });
  }
  await page.locator('.cell').first().waitFor();
  await page.getByRole('radio', { name: 'Train' }).click();
  expect(app.pid).toBeGreaterThan(0);
}

async function lookWell(page: Page, state: string): Promise<void> {
  await page.mouse.move(0, 0);
  expect((await axeFindings(page)).join('\n'), state).toBe('');
  expect((await layoutFaults(page)).join('\n'), state).toBe('');
}

async function begin(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Minutes' }).fill(MINUTES);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('night');
  await button(page, 'Start training').click();
}

describeInBrowser('the Train view', (browser) => {
  it(
    'learns, shows how it goes, lets denoising go first, and keeps, promotes and rolls back',
    { timeout: 400_000 },
    async () => {
      const app = await startWebApp({ state: tempFolder(), roots: [photos] });
      onTestFinished(async () => {
        expect(await app.stop()).toBe(0);
      });
      const page = await openPage(browser(), app.url, { reducedMotion: 'reduce' });
      await openTraining(page, app);
      await page.getByText('Canon EOS 80D, ISO 6400 (3)').waitFor({ timeout: PATIENCE_MS });
      await lookWell(page, 'what a run needs');
      await begin(page);

      // Pictures of held-out parts, and both curves.
      await page.locator('.train-sample img').first().waitFor({ timeout: PATIENCE_MS });
      await button(page, 'Pause').click();
      await page.getByText('Paused', { exact: true }).waitFor();
      const paused = (await run(page))!;
      expect(paused.cameras).toMatchObject([{ model: 'Canon EOS 80D', iso: 6400, photos: 3 }]);
      expect(await page.locator('.train-sample').count()).toBe(paused.samples.length);
      await page.waitForFunction(() =>
        [...document.querySelectorAll<HTMLImageElement>('.train-sample img')].every(
          (image) => image.naturalWidth === 256,
        ),
      );
      await lookWell(page, 'a run');

      await button(page, 'Go on').click();

      // A photo is denoised meanwhile; training waits for it and goes on.
      const [photo] = (await callHost(page, 'library.list', {})).photos;
      const { export: settings } = (await callHost(page, 'app.start', {})).preferences;
      const destination = { kind: 'beside', folder: 'Denoised' } as const;
      await callHost(page, 'queue.start', { photos: [photo!.id], export: { ...settings, destination } });
      await eventually(async () => (await callHost(page, 'queue.list', {})).status.done).toBe(1);
      expect((await run(page))!.error).toBeNull();

      await eventually(async () => (await run(page))!.curves.loss.length).toBeGreaterThan(1);
      await page.getByRole('img', { name: /^Training loss: .* at step \d+$/ }).waitFor();
      await page.getByRole('region', { name: 'Verdict' }).waitFor({ timeout: PATIENCE_MS });
      const ended = (await run(page))!;
      expect(ended).toMatchObject({ state: 'ended', name: 'night', error: null });
      expect(ended.result!.verdict!.measures).toHaveLength(5);
      expect(await page.locator('.train-measures tbody tr').count()).toBe(5);
      await page.getByRole('img', { name: /^PSNR on held-out parts: .* at step \d+$/ }).waitFor();
      await page
        .getByRole('img', { name: /^Noise between/ })
        .first()
        .waitFor();
      await lookWell(page, 'a verdict');

      // Its card; what the gate said is the person's to overrule, and to take back.
      await button(page, 'Show the model').click();
      await page.getByRole('heading', { name: 'night' }).waitFor();
      const inUse = async (): Promise<boolean> => (await callHost(page, 'models.list', {})).versions[0]!.promoted;
      expect(await inUse()).toBe(ended.result!.promoted);
      if (!(await inUse())) await button(page, 'Use this version').click();
      await eventually(inUse).toBe(true);
      await lookWell(page, 'a card');

      // A photo of its camera gets it, and says so.
      await callHost(page, 'library.adjust', {
        changes: [
          {
            photos: [photo!.id],
            adjustments: { ...(await callHost(page, 'app.start', {})).preferences.adjustments, model: 'auto' },
          },
        ],
      });
      await page.getByRole('radio', { name: 'Library' }).click();
      await page.locator('.cell').first().click();
      await page.getByText('Chosen for this photo: night, for Canon EOS 80D at ISO 6400.').waitFor();
      await page.getByRole('radio', { name: 'Train' }).click();

      // The same part of a photo by both models.
      await button(page, 'Compare on a photo').click();
      await page.locator('.pair-panes[data-waits=none]').waitFor({ timeout: PATIENCE_MS });
      const painted = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLCanvasElement>('.pair-canvas canvas')].map((canvas) => {
          const { data } = canvas.getContext('2d')!.getImageData(canvas.width / 2 - 32, canvas.height / 2 - 32, 64, 64);
          return data.reduce((sum, value) => sum + value, 0) / data.length;
        }),
      );
      // All of the same brightness, and none empty.
      expect(Math.min(...painted)).toBeGreaterThan(70);
      expect(Math.max(...painted) - Math.min(...painted)).toBeLessThan(6);
      await lookWell(page, 'two models');

      await page.getByRole('radio', { name: 'My models' }).click();
      await button(page, 'Roll back').click();
      await eventually(inUse).toBe(false);

      // Out of the window as a file, and in again.
      const arrived = page.waitForEvent('download');
      await button(page, 'Export…').click();
      const file = await (await arrived).path();
      const chooser = page.waitForEvent('filechooser');
      await button(page, 'Import…').click();
      await (await chooser).setFiles(file);
      await page.getByText('This model was there already, as “night”.').waitFor();
    },
  );

  it('goes on with a run that a killed server left, when it is told to', async () => {
    const state = tempFolder();
    const first = await startWebApp({ state, roots: [photos] });
    const page = await openPage(browser(), first.url, { reducedMotion: 'reduce' });
    await openTraining(page, first);
    await begin(page);
    // What was measured is written down by the time that there are pictures.
    await eventually(async () => (await run(page))!.samples.length).toBeGreaterThan(0);
    await page.close();
    await first.kill();

    const second = await startWebApp({ state, roots: [photos] });
    onTestFinished(async () => {
      expect(await second.stop()).toBe(0);
    });
    const again = await openPage(browser(), second.url, { reducedMotion: 'reduce' });
    await openTraining(again, second);
    await again.getByText('Stopped: it can go on where it was').waitFor();
    expect(await run(again)).toMatchObject({ name: 'night', state: 'stopped', cameras: [{ model: 'Canon EOS 80D' }] });
    await lookWell(again, 'a run that was stopped');
    await button(again, 'Go on').click();
    await eventually(async () => (await run(again))!.samples.length).toBeGreaterThan(0);
    await button(again, 'Stop').click();
    await eventually(async () => (await run(again))!.state).toBe('stopped');
    await button(again, 'Discard').click();
    const dialog = again.getByRole('alertdialog');
    if (await dialog.isVisible()) await dialog.getByRole('button', { name: 'Discard' }).click();
    await button(again, 'Start training').waitFor();
    expect(await run(again)).toBeNull();
  });
});
