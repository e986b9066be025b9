import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DenoiseSettings, LibrarySnapshot } from '../../preload/contract.js';
import { axeFindings, layoutFaults } from '../support/axe.js';
import { describeInBrowser } from '../support/browser.js';
import { writePhoto } from '../support/odd-photos.js';
import { PATIENCE_MS, PhotoWindow } from '../support/photo-window.js';
import { sharedFolder } from '../support/temp-folder.js';
import { startWebApp, type WebApp } from '../support/web-app.js';

/** Sliders, presets, models, the export's choices, the queue's buttons and the settings, as a person uses them. */

const folder = sharedFolder();
const photos = join(folder, 'photos');
const NAMES = ['a.png', 'b.png', 'c.png'] as const;

describeInBrowser('the controls', (browser) => {
  let app: WebApp;
  let window: PhotoWindow;

  beforeAll(async () => {
    mkdirSync(photos);
    for (const [seed, name] of NAMES.entries()) await writePhoto(join(photos, name), 560, 420, seed + 1);
    app = await startWebApp({ state: join(folder, 'state'), roots: [photos] });
  });
  afterAll(() => app.stop());

  beforeEach(async () => {
    window = await PhotoWindow.open(browser(), app);
    if ((await window.page.locator('.welcome').count()) > 0) await window.addRoots(NAMES.length);
    const { photos: listed } = (await window.call('library.list', {})) as LibrarySnapshot;
    await window.call('library.adjust', { changes: [{ photos: listed.map(({ id }) => id), adjustments: null }] });
    await expect.poll(() => window.page.locator('[title="Has its own settings"]').count()).toBe(0);
  });

  const select = async (name: string, modifier?: 'Shift' | 'Control'): Promise<void> => {
    await window.cell(name).click(modifier === undefined ? {} : { modifiers: [modifier] });
  };
  const value = (label: string): Promise<string> => window.number(label).inputValue();
  const shows = async (label: string, text: string): Promise<void> => {
    await expect.poll(() => value(label), { timeout: PATIENCE_MS }).toBe(text);
  };
  /** What the host holds of a photo. */
  const held = async (name: string): Promise<DenoiseSettings | null> => {
    const { photos: listed } = (await window.call('library.list', {})) as LibrarySnapshot;
    return listed.find((photo) => photo.name === name)!.adjustments;
  };
  const reload = async (): Promise<void> => {
    await window.page.reload();
    await window.page.locator('.photo-grid').waitFor();
  };

  it('takes numbers from the keyboard and puts bad ones right', async () => {
    await select('a.png');
    await window.slider('Strength').focus();
    for (let i = 0; i < 3; i++) await window.page.keyboard.press('ArrowLeft');
    await shows('Strength', '97%');
    await window.page.keyboard.press('Home');
    await shows('Strength', '0%');
    await window.page.keyboard.press('End');
    await shows('Strength', '200%');
    for (const [typed, wanted] of [
      ['64', '64%'],
      ['999', '200%'],
      // There is nothing below zero: the sign is not taken.
      ['-20', '20%'],
      ['12.4', '12%'],
      ['nonsense', '12%'],
      ['', '12%'],
      ['35%', '35%'],
    ] as const) {
      await window.type('Strength', typed);
      await shows('Strength', wanted);
    }
    await expect.poll(async () => (await held('a.png'))?.strength).toBe(0.35);
    await window.page.getByRole('button', { name: 'Reset Strength' }).click();
    await shows('Strength', '100%');
    await window.type('Luma', '20');
    await window.type('Detail', '80');
    await window.page.keyboard.press('Control+Shift+R');
    await shows('Luma', '100%');
    await shows('Detail', '0%');
    await expect.poll(() => held('a.png')).toBeNull();
  });

  it('takes steps back and forward across photos', async () => {
    await select('a.png');
    await window.type('Strength', '50');
    await select('b.png');
    await window.type('Strength', '30');
    await window.cell('b.png').click();
    await window.page.keyboard.press('Control+z');
    await shows('Strength', '100%');
    await window.page.keyboard.press('Control+z');
    await select('a.png');
    await shows('Strength', '100%');
    await window.page.keyboard.press('Control+Shift+z');
    await shows('Strength', '50%');
    await window.page.getByRole('button', { name: 'Redo' }).click();
    await select('b.png');
    await shows('Strength', '30%');
    await expect
      .poll(async () => [(await held('a.png'))?.strength, (await held('b.png'))?.strength])
      .toEqual([0.5, 0.3]);
  });

  it('copies settings to a selection, and says where photos differ', async () => {
    await select('a.png');
    await window.type('Colour', '40');
    await window.cell('a.png').click();
    await window.page.keyboard.press('Control+Shift+c');
    await select('b.png');
    await select('c.png', 'Shift');
    await window.page.keyboard.press('Control+Shift+v');
    await shows('Colour', '40%');
    await expect.poll(async () => [(await held('b.png'))?.chroma, (await held('c.png'))?.chroma]).toEqual([0.4, 0.4]);
    await select('c.png');
    await window.type('Luma', '70');
    await window.cell('c.png').click();
    await window.page.keyboard.press('Control+a');
    await window.page.locator('.adjust-target', { hasText: '3 photos' }).waitFor();
    await shows('Luma', '');
    expect(await window.number('Luma').getAttribute('placeholder')).toBe('Mixed');
    await window.type('Luma', '90');
    await expect
      .poll(async () => [(await held('a.png'))?.luma, (await held('b.png'))?.luma, (await held('c.png'))?.luma])
      .toEqual([0.9, 0.9, 0.9]);
    expect((await held('a.png'))?.chroma).toBe(0.4);
  });

  it('keeps presets: saves, applies after a reload, renames and deletes', async () => {
    const { page } = window;
    const menu = page.locator('.adjust').getByRole('button', { name: /^Presets:/ });
    await select('a.png');
    await menu.click();
    await page.getByRole('menuitem', { name: /^Strong/ }).click();
    const strong = await value('Strength');
    expect(strong).not.toBe('100%');
    await window.type('Detail', '25');
    await menu.click();
    await page.getByRole('menuitem', { name: 'Save as preset…' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Night walk');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Presets: Night walk' }).waitFor();
    await reload();
    await select('b.png');
    await shows('Detail', '0%');
    await menu.click();
    await page.getByRole('menuitem', { name: 'Night walk' }).click();
    await shows('Strength', strong);
    await shows('Detail', '25%');
    await menu.click();
    await page.getByRole('menuitem', { name: 'Manage presets…' }).click();
    await page.getByRole('textbox', { name: 'Name of the preset Night walk' }).fill('Harbour');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Delete Harbour' }).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Presets: Harbour' }).waitFor();
    await reload();
    await select('b.png');
    await page.getByRole('button', { name: 'Presets: Harbour' }).click();
    await page.getByRole('menuitem', { name: 'Manage presets…' }).click();
    await page.getByRole('button', { name: 'Delete Harbour' }).click();
    await page.getByText('No presets of your own yet.').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Presets: Own mix' }).waitFor();
    // The photo keeps what it was given.
    await shows('Detail', '25%');
  });

  it('remembers the model of a photo', async () => {
    await select('c.png');
    await window.page.locator('.adjust').getByRole('radio', { name: 'Fast' }).click();
    await expect.poll(async () => (await held('c.png'))?.model).toBe('fast');
    await reload();
    await select('c.png');
    expect(await window.page.locator('.adjust').getByRole('radio', { name: 'Fast' }).isChecked()).toBe(true);
    await select('a.png');
    expect(await window.page.locator('.adjust').getByRole('radio', { name: 'Quality' }).isChecked()).toBe(true);
  });

  it('plans an export: the name with an example, a template that is wrong, files that are there, what it keeps', async () => {
    const { page } = window;
    await page.keyboard.press('Control+e');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Beside originals' }).click();
    const template = dialog.getByRole('textbox', { name: 'Name of each result' });
    const example = dialog.locator('.export-example output');
    await template.fill('{name}-{strength}');
    await expect.poll(() => example.textContent(), { timeout: PATIENCE_MS }).toMatch(/a-(1|100)\.png$/);
    await template.fill('{name}-{nonsense}');
    await dialog.locator('.field-error').waitFor();
    expect(await template.getAttribute('aria-invalid')).toBe('true');
    expect(await dialog.locator('.field-error').textContent()).toContain('not valid');
    expect(await dialog.getByRole('button', { name: 'Denoise 3 photos' }).isDisabled()).toBe(true);
    await template.fill('{name}');
    await dialog.locator('.field-error').waitFor({ state: 'detached' });
    // A result that is there already is counted, and what becomes of it is said.
    mkdirSync(join(photos, 'Denoised'));
    writeFileSync(join(photos, 'Denoised', 'b.png'), 'something of the person');
    await template.fill('{name} ');
    await template.fill('{name}');
    await dialog.getByText('1 of 3 exist already and will be skipped.').waitFor();
    await dialog.getByRole('radio', { name: 'Add number' }).click();
    await dialog.getByText('1 of 3 exist already; the new ones get a number.').waitFor();
    await dialog.getByRole('button', { name: /Metadata/ }).click();
    await page.getByRole('option', { name: 'All without location' }).click();
    await dialog.getByRole('button', { name: 'Save settings' }).click();
    await dialog.waitFor({ state: 'detached' });
    await reload();
    await page.keyboard.press('Control+e');
    await dialog.getByText('1 of 3 exist already; the new ones get a number.').waitFor();
    await dialog.getByRole('button', { name: /All without location/ }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('pauses and resumes the queue from its panel', async () => {
    const { page } = window;
    await page.keyboard.press('Control+e');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Download' }).click();
    await dialog.getByRole('button', { name: 'Denoise 3 photos' }).click();
    await dialog.waitFor({ state: 'detached' });
    if (!(await page.locator('.queue').isVisible()))
      await page.getByRole('button', { name: /^Show the queue/ }).click();
    const queue = page.locator('.queue');
    await queue.getByRole('button', { name: 'Pause' }).click();
    await queue.getByText(/^Paused at \d of 3$/).waitFor({ timeout: PATIENCE_MS });
    await expect.poll(() => queue.locator('.queue-item[data-state="running"]').count()).toBe(0);
    const waiting = await queue.locator('.queue-item[data-state="waiting"]').count();
    expect(waiting).toBeGreaterThan(0);
    await queue.getByRole('button', { name: 'Resume' }).click();
    await queue
      .getByText(/^Finished/)
      .first()
      .waitFor({ timeout: PATIENCE_MS });
    await queue.getByText('3 denoised').waitFor();
    expect(await queue.locator('.queue-item[data-state="done"]').count()).toBe(3);
  });

  it('has settings that hold at once and after a reload, and a diagnosis', async () => {
    const { page } = window;
    await page.keyboard.press('Control+,');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('tab', { name: 'Diagnosis' }).click();
    const cpu = dialog.locator('.settings-providers li', { hasText: 'Processor (CPU)' });
    await cpu.getByText('Works').waitFor({ timeout: PATIENCE_MS });
    await dialog.getByText(/onnxruntime-node \d/).waitFor();
    await dialog.getByRole('tab', { name: 'Performance' }).click();
    await dialog.getByRole('textbox', { name: 'Threads' }).fill('1');
    await page.keyboard.press('Tab');
    await dialog.getByRole('tab', { name: 'General' }).click();
    await dialog.getByRole('radio', { name: 'Light' }).click();
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await dialog.getByRole('button', { name: /Language/ }).click();
    await page.getByRole('option', { name: '한국어' }).click();
    await dialog.getByText('설정', { exact: true }).waitFor();
    await reload();
    expect(await ground()).toBe(light);
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    await window.call('preferences.set', { language: 'en', theme: 'dark' });
    await page.getByText('Library', { exact: true }).first().waitFor();
    expect(await ground()).not.toBe(light);
    const { preferences } = (await window.call('app.start', {})) as { preferences: { runtime: { threads: number } } };
    expect(preferences.runtime.threads).toBe(1);
    await window.call('preferences.set', { runtime: { provider: 'auto', threads: null, tile: null } });
  });

  it('shows what each device is worth, and tests it again from the keyboard', async () => {
    const { page } = window;
    await page.keyboard.press('Control+,');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('tab', { name: 'Performance' }).click();
    const devices = dialog.getByRole('region', { name: 'Processor and graphics card' });
    await devices.getByText('Works on every machine.').waitFor();
    const gpu = devices.locator('.settings-device', { hasText: '(WebGPU)' });
    await gpu.waitFor({ timeout: PATIENCE_MS });
    await devices.getByRole('button', { name: 'Test again' }).focus();
    await page.keyboard.press('Enter');
    await devices.getByRole('button', { name: 'Stop the test' }).waitFor();
    // The browser's machine has no graphics card, as a rule; where it has one, it is measured.
    await devices.getByRole('button', { name: 'Test again' }).waitFor({ timeout: PATIENCE_MS });
    await gpu
      .getByText(/Does not work on this machine|as fast as|works, but/)
      .first()
      .waitFor();
    await devices.getByText(/^Quality in 8 bits: /).waitFor();
    const runtime = async (): Promise<unknown> =>
      ((await window.call('app.start', {})) as { preferences: { runtime: unknown } }).preferences.runtime;
    for (const precision of ['auto', 'float']) {
      await dialog.getByText('Compute in 8 bits where that is much faster').click();
      await expect.poll(runtime).toMatchObject({ precision });
    }
    expect(await axeFindings(page)).toEqual([]);
    expect(await layoutFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: /Runs on/ }).click();
    const list = page.getByRole('listbox').filter({ has: page.getByRole('option', { name: 'Processor (CPU)' }) });
    await list.waitFor();
    const offered = await list.getByRole('option').allTextContents();
    expect(offered.slice(0, 3)).toEqual(['Auto', 'Processor (CPU)', 'Graphics card (WebGPU)']);
    expect(offered).not.toContain('Graphics card (DirectML)');
    await page.getByRole('option', { name: 'Processor (CPU)' }).click();
    expect(await runtime()).toMatchObject({ provider: 'cpu' });
    await window.call('preferences.set', { runtime: { provider: 'auto', threads: null, tile: null } });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});
