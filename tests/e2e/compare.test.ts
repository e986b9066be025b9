import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_DENOISE, type CompareMode } from '../../preload/contract.js';
import { describeInBrowser } from '../support/browser.js';
import { runCli } from '../support/cli.js';
import { PATIENCE_MS, PhotoWindow } from '../support/photo-window.js';
import { writeNoisyPng } from '../support/photos.js';
import { colourAt, crop, enlarge, meanDifference, readPicture, shareWithin, type Picture } from '../support/pixels.js';
import { sharedFolder } from '../support/temp-folder.js';
import { startWebApp, type WebApp } from '../support/web-app.js';

/** The compare view against the engine's own results, pixel by pixel. */

const WIDTH = 440;
const HEIGHT = 320;
const folder = sharedFolder();
const photos = join(folder, 'photos');

/** Where a photo in the middle of the canvas begins. */
const cornerOn = (canvas: Picture, zoom = 1) => ({
  left: Math.round(canvas.width / 2 - (WIDTH * zoom) / 2),
  top: Math.round(canvas.height / 2 - (HEIGHT * zoom) / 2),
});
/** The part of the canvas that shows the photo at 100 %. */
const photoOn = (canvas: Picture): Picture => crop(canvas, cornerOn(canvas), WIDTH, HEIGHT);
/** What of an enlarged photo is in view when its middle is moved by so many pixels of the screen. */
const enlarged = (photo: Picture, canvas: Picture, zoom: number, dx = 0, dy = 0): Picture => {
  const { left, top } = cornerOn(canvas, zoom);
  return crop(enlarge(photo, zoom), { left: -left - dx, top: -top - dy }, canvas.width, canvas.height);
};

const original = (name = 'first.png'): Promise<Picture> => readPicture(join(photos, name));

const results = new Map<string, Promise<Picture>>();

/** What the command makes of the first photo: once for the same settings. */
function denoised(...settings: string[]): Promise<Picture> {
  const key = settings.join(' ');
  const result = results.get(key) ?? denoise(settings);
  results.set(key, result);
  return result;
}

async function denoise(settings: readonly string[]): Promise<Picture> {
  const out = join(folder, `out${settings.join('')}`);
  const args = ['denoise', join(photos, 'first.png'), '--out', out, ...settings];
  const run = await runCli(args, { state: join(folder, 'cli') });
  expect(run.code, run.stderr).toBe(0);
  return readPicture(join(out, 'first.png'));
}

describeInBrowser('the compare view', (browser) => {
  let app: WebApp;
  let window: PhotoWindow;

  beforeAll(async () => {
    mkdirSync(photos);
    await writeNoisyPng(join(photos, 'first.png'), 'coffee', WIDTH, HEIGHT);
    await writeNoisyPng(join(photos, 'second.png'), 'astronaut', WIDTH, HEIGHT);
    app = await startWebApp({ state: join(folder, 'state'), roots: [photos] });
  });
  afterAll(() => app.stop());

  /** Opens a window on the first photo with settings as at first, but for the model, at 100 %. */
  const open = async (mode: CompareMode, model = DEFAULT_DENOISE.model): Promise<void> => {
    window = await PhotoWindow.open(browser(), app);
    if ((await window.page.locator('.welcome').count()) > 0) await window.addRoots(2);
    await window.call('preferences.set', { adjustments: { ...DEFAULT_DENOISE, model } });
    await window.openPhoto('first.png', 'original');
    await window.press('Control+Shift+R');
    await window.press('1');
    await window.settled('none');
    await window.setMode(mode);
  };
  /** Waits until the photo on the canvas is that one, within a few levels nearly everywhere. */
  const shows = async (wanted: Picture, levels = 2): Promise<void> => {
    await expect
      .poll(async () => shareWithin(photoOn(await window.pixels()), wanted, levels), { timeout: PATIENCE_MS })
      .toBeGreaterThan(levels === 0 ? 0.9999999 : 0.995);
  };
  const previews = () => window.sent('photo.preview') as { sigma: number | null; model: string; secondPass: boolean }[];

  it('shows the original as it is, and the result as the engine makes it', async () => {
    await open('original');
    await shows(await original(), 0);
    await window.setMode('result');
    await window.settled();
    const result = await denoised();
    expect(meanDifference(result, await original())).toBeGreaterThan(4);
    await shows(result);
  });

  it('follows the sliders without the engine, up to the original itself', async () => {
    await open('result');
    await window.settled();
    const asked = previews().length;
    await window.type('Strength', '50');
    await shows(await denoised('--strength', '0.5'));
    await window.type('Luma', '30');
    await window.type('Colour', '180');
    await window.type('Detail', '60');
    await shows(await denoised('--strength', '0.5', '--luma', '0.3', '--chroma', '1.8', '--detail', '0.6'), 3);
    await window.type('Strength', '0');
    await shows(await original(), 0);
    await window.settled('none');
    expect(previews().length).toBe(asked);
  });

  it('asks the engine for a second pass, another model and a noise level; the last of several changes wins', async () => {
    await open('result');
    await window.settled();
    let asked = previews().length;
    await window.type('Strength', '160');
    await shows(await denoised('--strength', '1.6'), 3);
    expect(previews().length).toBeGreaterThan(asked);
    expect(previews().at(-1)).toMatchObject({ secondPass: true, model: 'quality' });
    await window.type('Strength', '100');
    await window.page.locator('.adjust').getByText('Fast', { exact: true }).click();
    await shows(await denoised('--model', 'fast'), 3);
    expect(previews().at(-1)).toMatchObject({ model: 'fast' });
    await window.page.locator('.adjust').getByText('Manual', { exact: true }).click();
    asked = previews().length;
    for (const level of ['5', '60', '8', '70', '33']) await window.type('Level set by hand', level);
    await shows(await denoised('--model', 'fast', '--sigma', '33'), 3);
    expect(previews().at(-1)).toMatchObject({ sigma: 33 });
    expect(previews().length).toBeGreaterThan(asked);
  });

  it('splits the photo where the divider is, moved by mouse and by keyboard', async () => {
    await open('split', 'fast');
    await window.settled();
    const [before, after] = [await original(), await denoised('--model', 'fast')];
    const divider = window.page.getByRole('slider', { name: 'Divider between before and after' });
    const isSplitAt = async (share: number): Promise<void> => {
      const canvas = await window.pixels();
      const at = Math.round(canvas.width * share) - cornerOn(canvas).left;
      const half = (picture: Picture, left: number, width: number) => crop(picture, { left, top: 0 }, width, HEIGHT);
      const photo = photoOn(canvas);
      expect(shareWithin(half(photo, 0, at), half(before, 0, at), 0)).toBe(1);
      const rest = WIDTH - at;
      expect(shareWithin(half(photo, at, rest), half(after, at, rest), 2)).toBeGreaterThan(0.995);
    };
    await isSplitAt(0.5);
    const stage = (await window.stage().boundingBox())!;
    const y = stage.y + stage.height / 2;
    await window.page.mouse.move(stage.x + stage.width / 2, y);
    await window.page.mouse.down();
    await window.page.mouse.move(stage.x + stage.width * 0.55, y, { steps: 4 });
    await window.page.mouse.move(stage.x + stage.width * 0.6, y);
    await window.page.mouse.up();
    const dragged = Number(await divider.getAttribute('aria-valuenow'));
    expect(dragged).toBe(60);
    await isSplitAt(0.6);
    await divider.focus();
    await window.page.keyboard.press('Shift+ArrowLeft');
    await window.page.keyboard.press('ArrowLeft');
    const moved = Number(await divider.getAttribute('aria-valuenow'));
    expect(moved).toBeLessThan(55);
    expect(moved).toBeGreaterThan(40);
    await isSplitAt(Number.parseFloat(await divider.evaluate((element) => element.style.left)) / 100);
  });

  it('moves and zooms both sides as one', async () => {
    await open('side', 'fast');
    await window.settled();
    await window.type('Strength', '0');
    await window.settled('none');
    const sides = async () => {
      const canvas = await window.pixels();
      const width = Math.floor((canvas.width - 2) / 2);
      const side = (left: number) => crop(canvas, { left, top: 0 }, width, canvas.height);
      return [side(0), side(canvas.width - width)] as const;
    };
    const [left, right] = await sides();
    expect(shareWithin(left, right, 0)).toBe(1);
    await window.press('4');
    const stage = (await window.stage().boundingBox())!;
    // Over the second side, which must do the same to the first.
    await window.page.mouse.move(stage.x + stage.width * 0.8, stage.y + stage.height * 0.4);
    await window.page.mouse.wheel(0, -200);
    await window.page.mouse.down();
    await window.page.mouse.move(stage.x + stage.width * 0.7, stage.y + stage.height * 0.5, { steps: 5 });
    await window.page.mouse.up();
    await window.settled('none');
    const [movedLeft, movedRight] = await sides();
    expect(shareWithin(movedLeft, movedRight, 0)).toBe(1);
    expect(meanDifference(movedLeft, left)).toBeGreaterThan(4);
    // The second side shows the result: with a strength, they differ.
    await window.type('Strength', '100');
    await window.settled();
    const [before, after] = await sides();
    expect(shareWithin(before, movedLeft, 0)).toBe(1);
    expect(meanDifference(before, after)).toBeGreaterThan(3);
  });

  it('shows the original for as long as a key, the button or the pointer is held', async () => {
    await open('result', 'fast');
    await window.settled();
    const [before, after] = [await original(), photoOn(await window.pixels())];
    await window.stage().focus();
    await window.page.keyboard.down(' ');
    await shows(before, 0);
    await window.page.keyboard.up(' ');
    await shows(after, 0);
    await window.page.getByRole('button', { name: 'Hold to see the original' }).hover();
    await window.page.mouse.down();
    await shows(before, 0);
    await window.page.mouse.up();
    await shows(after, 0);
    await window.stage().hover();
    await window.page.mouse.down();
    await shows(before, 0);
    await window.page.mouse.up();
    await shows(after, 0);
  });

  it('shows what is removed, how much noise there is and what is at risk, each with its legend', async () => {
    await open('removed', 'fast');
    const pictures: Picture[] = [await original()];
    for (const [mode, legend] of [
      ['removed', 'Grey: nothing is removed there.'],
      ['noise', 'Noise level, of 255'],
      ['risk', 'Detail at risk'],
    ] as const) {
      await window.setMode(mode);
      await window.settled();
      await window.page.locator('.compare-legend', { hasText: legend }).waitFor();
      const picture = photoOn(await window.pixels());
      for (const other of pictures) expect(meanDifference(picture, other), mode).toBeGreaterThan(5);
      pictures.push(picture);
    }
    // Removed noise lies around grey, and is none at a strength of 0.
    await window.setMode('removed');
    const middle = pictures[1]!.data.reduce((sum, value) => sum + value, 0) / pictures[1]!.data.length;
    expect(Math.abs(middle - 128)).toBeLessThan(6);
    await window.type('Strength', '0');
    await window.page.getByText('Nothing is removed: the strength is 0.').waitFor();
    const nothing = photoOn(await window.pixels());
    expect(new Set(nothing.data).size).toBe(1);
  });

  it('zooms about the pointer into sharp pixels, and keeps the place from photo to photo', async () => {
    await open('original');
    const photo = await original();
    await window.press('4');
    await window.settled('none');
    const canvas = await window.pixels();
    expect(shareWithin(canvas, enlarged(photo, canvas, 4), 0)).toBe(1);
    const stage = (await window.stage().boundingBox())!;
    const [x, y] = [Math.round(canvas.width * 0.4) + 1, Math.round(canvas.height * 0.55) + 1];
    await window.page.mouse.move(stage.x + x, stage.y + y);
    await window.page.mouse.wheel(0, -200);
    await window.page.getByRole('button', { name: 'Zoom: 800 %' }).waitFor();
    const closer = await window.pixels();
    expect(colourAt(closer, x, y)).toEqual(colourAt(canvas, x, y));
    expect(meanDifference(closer, canvas)).toBeGreaterThan(3);
    await window.page.mouse.wheel(0, 200);
    await window.page.getByRole('button', { name: 'Zoom: 400 %' }).waitFor();
    expect(shareWithin(await window.pixels(), canvas, 0)).toBe(1);
    // A drag moves it by what the pointer moves.
    await window.page.mouse.down();
    await window.page.mouse.move(stage.x + x - 60, stage.y + y + 40, { steps: 4 });
    await window.page.mouse.up();
    await expect.poll(async () => shareWithin(await window.pixels(), enlarged(photo, canvas, 4, -60, 40), 0)).toBe(1);
    const second = await original('second.png');
    await window.press(']');
    await window.page.locator('.compare-name', { hasText: 'second.png' }).waitFor();
    await window.settled('none');
    expect(shareWithin(await window.pixels(), enlarged(second, canvas, 4, -60, 40), 0)).toBe(1);
    await window.press('[');
    await window.settled('none');
    await window.press('2');
    await window.page.getByRole('button', { name: 'Zoom: 200 %' }).waitFor();
    await window.press('0');
    await shows(photo, 0);
    await window.press('+');
    await window.page.getByRole('button', { name: 'Zoom: 200 %' }).waitFor();
    await window.press('-');
    await shows(photo, 0);
  });
});
