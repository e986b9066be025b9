import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { callHost } from '../../scripts/support/window.js';
import { axeFindings, layoutFaults } from '../support/axe.js';
import { describeInBrowser, openPage } from '../support/browser.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';
import { modelsWithTinyRecipes } from '../support/tiny-vae.js';
import { writeManyPhotos } from '../support/training-photos.js';
import { startWebApp, type WebApp } from '../support/web-app.js';
import { eventually, PATIENCE_MS } from '../support/window-steps.js';

/** Picture models in the window: real photos, the real engine, nets so small that a step takes milliseconds. */

const photos = join(sharedFolder(), 'Album');
mkdirSync(photos);
await writeManyPhotos(photos, 9);
const models = modelsWithTinyRecipes(sharedFolder());

const run = (page: Page) => callHost(page, 'train.state', {}).then((state) => state.run);
const vaes = (page: Page) => callHost(page, 'vaes.list', {}).then(({ versions }) => versions);
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const radio = (page: Page, name: string) => page.getByRole('radio', { name, exact: true });
const card = (page: Page, title: string) => page.locator('.train-card').filter({ hasText: title });

/** The window with the photos in it, where picture models are trained. */
async function openPictures(page: Page): Promise<void> {
  await page.locator('#root main').waitFor();
  if ((await callHost(page, 'library.list', {})).photos.length === 0) {
    const { folders } = await callHost(page, 'places.list', { place: null });
    await callHost(page, 'library.addPlaces', { places: folders.map(({ id }) => id) });
  }
  await page.locator('.cell').nth(8).waitFor();
  await radio(page, 'Train').click();
  await radio(page, 'Picture model').click();
}

async function lookWell(page: Page, state: string): Promise<void> {
  await page.mouse.move(0, 0);
  expect((await axeFindings(page)).join('\n'), state).toBe('');
  expect((await layoutFaults(page)).join('\n'), state).toBe('');
}

async function begin(page: Page, name: string, minutes: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Minutes' }).fill(minutes);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await button(page, 'Start training').click();
}

const sheetIsThere = (page: Page) =>
  page.waitForFunction(() => (document.querySelector<HTMLImageElement>('.vae-sheet img')?.naturalWidth ?? 0) > 200);

/** What a picture of the host holds. */
async function bytesOf(page: Page, app: WebApp, image: string): Promise<Buffer> {
  const response = await page.request.get(`${app.origin}/image/${image}`);
  expect(response.ok()).toBe(true);
  return response.body();
}

describeInBrowser('picture models in the Train view', (browser) => {
  it('are trained, stopped, gone on with and sharpened; they draw new pictures', { timeout: 400_000 }, async () => {
    const app = await startWebApp({ state: tempFolder(), roots: [photos], models });
    onTestFinished(async () => {
      expect(await app.stop()).toBe(0);
    });
    const page = await openPage(browser(), app.url, { reducedMotion: 'reduce' });
    await openPictures(page);
    await lookWell(page, 'what a picture model needs');
    // There is nothing to sharpen yet.
    await card(page, 'Sharper pictures').click();
    await page.getByText('Choose a picture model to go on from.').waitFor();
    expect(await button(page, 'Start training').isDisabled()).toBe(true);
    await card(page, 'Needs eight photos').click();
    await begin(page, 'album', '0.1');

    await sheetIsThere(page);
    await eventually(async () => (await run(page))!.vae!.curves.length).toBeGreaterThan(1);
    await page.getByRole('img', { name: /^Reconstruction .* at first, .*; KL .* nats at step/ }).waitFor();
    await page
      .locator('.vae-balance[data-balance]')
      .getByText(/nats in \d of 6 numbers/)
      .waitFor();
    expect(await page.locator('.plot-key').allTextContents()).toHaveLength(2);
    await button(page, 'Pause').click();
    await page.getByText('Paused', { exact: true }).waitFor();
    await lookWell(page, 'the run of a picture model');
    // One training at a time.
    await radio(page, 'Learn').click();
    await button(page, 'Show it').click();
    await button(page, 'Stop').click();
    await page.getByText('Stopped: it can go on where it was').waitFor();
    const stopped = (await run(page))!;
    expect(stopped).toMatchObject({ method: 'vae', state: 'stopped', error: null, parent: null });
    await button(page, 'Go on').click();
    await page.getByText('Done: “album” is among your models').waitFor({ timeout: PATIENCE_MS });
    const ended = (await run(page))!;
    expect(ended.step).toBeGreaterThan(stopped.step);
    expect(ended.vae!.scores).toMatchObject({ psnr: expect.any(Number) as number, kl: expect.any(Number) as number });
    await lookWell(page, 'a picture model that is done');

    // Its card; no denoiser is called so.
    await button(page, 'Show the model').click();
    await page.getByRole('heading', { name: 'album' }).waitFor();
    await sheetIsThere(page);
    await page.getByText('32 × 32 pixels, 6 numbers each').waitFor();
    await lookWell(page, 'the card of a picture model');
    expect((await callHost(page, 'models.list', {})).versions).toEqual([]);
    const arrived = page.waitForEvent('download');
    await button(page, 'Export…').click();
    const zip = await arrived;
    expect(zip.suggestedFilename()).toBe('album.zip');
    const names = (await readFile(await zip.path())).toString('latin1').match(/album-(en|de)coder\.onnx/g);
    expect(new Set(names)).toEqual(new Set(['album-encoder.onnx', 'album-decoder.onnx']));

    // Against a discriminator.
    await radio(page, 'Picture model').click();
    await button(page, 'New training').click();
    await card(page, 'Sharper pictures').click();
    await begin(page, 'sharper', '0.05');
    await page.getByRole('img', { name: /Generator .*; Discriminator / }).waitFor({ timeout: PATIENCE_MS });
    await page
      .locator('.vae-balance')
      .getByText(/discriminator/)
      .waitFor();
    expect(await page.locator('.plot-key').allTextContents()).toHaveLength(4);
    await page.getByText('Done: “sharper” is among your models').waitFor({ timeout: PATIENCE_MS });
    const [album, sharper] = await vaes(page);
    expect(sharper!.card).toMatchObject({ method: 'vae-gan', parent: { name: 'album', id: album!.id } });
    expect(
      sharper!.card.curves.some(({ generator, discriminator }) => generator !== null && discriminator !== null),
    ).toBe(true);
    await lookWell(page, 'a sharper picture model');

    // New pictures with it, which are others than those of the model that ships.
    await button(page, 'Make new pictures').click();
    await button(page, 'sharper Picture model').waitFor();
    await page.locator('.empty-state button').click();
    await page.locator('.samples[data-ready]').waitFor({ timeout: PATIENCE_MS });
    await page.getByText(/32 × 32 pixels, enlarged/).waitFor();
    await lookWell(page, 'new pictures by a model of one’s own');
    const sample = async (vae: string | null) => {
      const made = await callHost(page, 'generate.samples', { ticket: 900, vae, photos: [], seed: 3, count: 1 });
      return bytesOf(page, app, made.pictures[0]!.image);
    };
    const own = await sample(sharper!.id);
    expect(await sample(sharper!.id)).toEqual(own);
    expect(await sample(null)).not.toEqual(own);
    expect(await sample(album!.id)).not.toEqual(own);
  });

  it('go on after the server was killed, where their last checkpoint is', { timeout: 200_000 }, async () => {
    const state = tempFolder();
    const first = await startWebApp({ state, roots: [photos], models });
    const page = await openPage(browser(), first.url, { reducedMotion: 'reduce' });
    await openPictures(page);
    await begin(page, 'album', '2');
    await sheetIsThere(page);
    await eventually(async () => (await run(page))!.vae!.curves.length).toBeGreaterThan(1);
    // What is known of a run is written down a moment later.
    await page.waitForTimeout(1500);
    await page.close();
    await first.kill();

    const second = await startWebApp({ state, roots: [photos], models });
    onTestFinished(async () => {
      expect(await second.stop()).toBe(0);
    });
    const again = await openPage(browser(), second.url, { reducedMotion: 'reduce' });
    await openPictures(again);
    await again.getByText('Stopped: it can go on where it was').waitFor();
    await sheetIsThere(again);
    const left = (await run(again))!;
    expect(left.vae!.curves.length).toBeGreaterThan(1);
    await button(again, 'Go on').click();
    await eventually(async () => (await run(again))!.step).toBeGreaterThan(left.step);
    expect((await run(again))!.error).toBeNull();
    await button(again, 'Stop').click();
    await eventually(async () => (await run(again))!.state).toBe('stopped');
    await button(again, 'Discard').click();
    await again.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
    await button(again, 'Start training').waitFor();
    expect(await run(again)).toBeNull();
    expect(await vaes(again)).toEqual([]);
  });
});
