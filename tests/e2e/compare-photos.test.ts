import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { sharp } from '../support/codec-photos.js';
import { exifBlock, insertExif } from '../support/exif-block.js';
import { adobeRgbProfile } from '../support/icc-profile.js';
import { ODD_PHOTOS } from '../support/odd-photos.js';
import { PATIENCE_MS, PhotoWindow } from '../support/photo-window.js';
import { samplePath } from '../support/photos.js';
import { colourAt, crop, meanDifference, readPicture, shareWithin, type Picture } from '../support/pixels.js';
import { sharedFolder } from '../support/temp-folder.js';
import { startWebApp, type WebApp } from '../support/web-app.js';

/** Photos of every kind in the compare view: wide colours, turned, see-through, huge, damaged and gone. */

const WIDTH = 360;
const HEIGHT = 240;
const HUGE = { width: 12_000, height: 8_400 } as const;
/** The most that a process may hold while it shows a photo of 100 megapixels, whose pixels alone take 0.4 GB. */
const MEMORY_LIMIT_BYTES = 1024 ** 3;

const folder = sharedFolder();
const photos = join(folder, 'photos');
const state = join(folder, 'state');
const file = (name: string): string => join(photos, name);
const vivid = () =>
  sharp(samplePath('astronaut')).removeAlpha().resize(WIDTH, HEIGHT, { fit: 'cover' }).modulate({ saturation: 1.6 });

async function makePhotos(): Promise<void> {
  mkdirSync(photos);
  await vivid().withIccProfile('p3').png().toFile(file('p3.png'));
  const profile = join(folder, 'adobe.icc');
  await writeFile(profile, adobeRgbProfile());
  await vivid().withIccProfile(profile).png().toFile(file('adobe.png'));
  const jpeg = await vivid().jpeg({ quality: 95 }).toBuffer();
  await writeFile(file('turned.jpg'), insertExif(jpeg, exifBlock({ orientation: 6 })));
  const alpha = Buffer.alloc(WIDTH * HEIGHT, 255);
  for (let i = 0; i < alpha.length; i++) if (i % WIDTH < WIDTH / 2) alpha[i] = 0;
  const raw = { width: WIDTH, height: HEIGHT, channels: 1 } as const;
  const opaque = await vivid().raw().toBuffer();
  await sharp(opaque, { raw: { ...raw, channels: 3 } })
    .joinChannel(alpha, { raw })
    .png()
    .toFile(file('alpha.png'));
  await ODD_PHOTOS.truncated(file('damaged.png'));
  await vivid().png().toFile(file('gone.png'));
  await sharp(samplePath('coffee'))
    .resize(HUGE.width / 100, HUGE.height / 100, { fit: 'fill' })
    .resize(HUGE.width, HUGE.height, { kernel: 'nearest' })
    .jpeg({ quality: 70 })
    .toFile(file('huge.jpg'));
}

/** A photo of that size in the middle of the canvas. */
const middleOf = (canvas: Picture, width = WIDTH, height = HEIGHT): Picture =>
  crop(
    canvas,
    { left: Math.round(canvas.width / 2 - width / 2), top: Math.round(canvas.height / 2 - height / 2) },
    width,
    height,
  );

/** The most memory that each process of the program has held, in bytes; they are known by their state folder. */
function memoryPeaks(): number[] {
  return readdirSync('/proc').flatMap((id) => {
    try {
      if (!/^\d+$/.test(id) || !readFileSync(`/proc/${id}/environ`, 'utf8').includes(`STATE_DIR=${state}`)) return [];
      return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      // Processes end while they are looked at.
      return [];
    }
  });
}

describeInBrowser('photos of every kind', (browser) => {
  let app: WebApp;
  let window: PhotoWindow;

  beforeAll(async () => {
    await makePhotos();
    app = await startWebApp({ state, roots: [photos] });
  });
  afterAll(() => app.stop());

  const open = async (name: string): Promise<void> => {
    window = await PhotoWindow.open(browser(), app);
    if ((await window.page.locator('.welcome').count()) > 0) await window.addRoots(7);
    await window.openPhoto(name, 'original');
  };
  const openAt100 = async (name: string): Promise<Picture> => {
    await open(name);
    await window.settled('none');
    await window.press('1');
    await window.page.getByRole('button', { name: 'Zoom: 100 %' }).waitFor();
    return window.pixels();
  };

  it.each(['p3.png', 'adobe.png'])('shows the colours of %s as the browser itself does', async (name) => {
    const shown = middleOf(await openAt100(name));
    const context = await browser().newContext();
    const page = await context.newPage();
    const url = `data:image/png;base64,${readFileSync(file(name)).toString('base64')}`;
    await page.setContent(`<body style="margin:0"><img src="${url}">`);
    await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
    const own = await readPicture(await page.locator('img').screenshot());
    await context.close();
    // What lies outside sRGB ends on its faces, which the grid of the colour table cuts.
    expect(shareWithin(shown, own, 3)).toBeGreaterThan(0.95);
    expect(shareWithin(shown, own, 10)).toBe(1);
    // The values of the file as they are would look different.
    expect(meanDifference(await readPicture(file(name)), own)).toBeGreaterThan(3);
  });

  it('shows a photo upright that says how it is turned', async () => {
    const canvas = await openAt100('turned.jpg');
    const upright = await readPicture(file('turned.jpg'));
    expect([upright.width, upright.height]).toEqual([HEIGHT, WIDTH]);
    expect(shareWithin(middleOf(canvas, HEIGHT, WIDTH), upright, 1)).toBe(1);
  });

  it('shows a checkerboard through a photo with alpha', async () => {
    const shown = middleOf(await openAt100('alpha.png'));
    const clear = crop(shown, { left: 0, top: 0 }, WIDTH / 2, HEIGHT);
    const colours = new Set<string>();
    for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH / 2; x++) colours.add(colourAt(clear, x, y).join());
    expect(colours.size).toBe(2);
    const right = { left: WIDTH / 2, top: 0 };
    const opaque = crop(await readPicture(file('alpha.png')), right, WIDTH / 2, HEIGHT);
    expect(shareWithin(crop(shown, right, WIDTH / 2, HEIGHT), opaque, 0)).toBe(1);
  });

  it('shows a photo of 100 megapixels as a whole and in its pixels, within bounds of memory', async () => {
    await open('huge.jpg');
    await window.settled('none');
    const canvas = await window.pixels();
    const [width, height] = [canvas.width, (canvas.width * HUGE.height) / HUGE.width];
    const fit = Math.min(1, canvas.height / height);
    const size = [Math.floor(width * fit), Math.floor(height * fit)] as const;
    const small = await readPicture(
      await sharp(file('huge.jpg'))
        .resize(...size)
        .png()
        .toBuffer(),
    );
    expect(meanDifference(middleOf(canvas, ...size), small)).toBeLessThan(4);
    await window.press('1');
    await window.settled('none');
    const close = await window.pixels();
    // Blocks of 100 x 100 pixels of one colour, but for what JPEG does at their edges.
    const across = crop(close, { left: 0, top: Math.floor(close.height / 2) }, close.width, 1);
    let steps = 0;
    for (let x = 4; x < close.width; x += 4) {
      if (colourAt(across, x, 0).some((value, i) => Math.abs(value - colourAt(across, x - 4, 0)[i]!) > 2)) steps++;
    }
    expect(steps).toBeLessThan(40);
    await window.setMode('split');
    await window.settled();
    const peaks = memoryPeaks();
    expect(peaks.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...peaks)).toBeLessThan(MEMORY_LIMIT_BYTES);
  });

  it.each([
    ['damaged.png', 'The file is damaged or incomplete.'],
    ['gone.png', 'The file is not there any more.'],
  ])('says why %s cannot be opened', async (name, reason) => {
    if (name === 'gone.png') {
      // Seen, then deleted, then looked at.
      await open('alpha.png');
      rmSync(file(name));
      await window.toLibrary();
      await window.cell(name).dblclick();
    } else {
      await open(name);
    }
    const message = window.page.getByRole('alert');
    await message.getByText(`${name} cannot be opened`).waitFor({ timeout: PATIENCE_MS });
    expect(await message.textContent()).toContain(reason);
    // The photo goes from the list on request, and the file that is left stays.
    await message.getByRole('button', { name: 'Try again' }).click();
    await message.getByText(reason).waitFor({ timeout: PATIENCE_MS });
  });

  it('takes a photo that cannot be opened off the list on request', async () => {
    await open('damaged.png');
    await window.page.getByRole('alert').getByRole('button', { name: 'Remove from the list' }).click();
    await window.page.locator('.compare-name', { hasText: 'damaged.png' }).waitFor({ state: 'detached' });
    await window.toLibrary();
    await window.cell('alpha.png').waitFor();
    expect(await window.cell('damaged.png').count()).toBe(0);
    expect(readFileSync(file('damaged.png')).length).toBeGreaterThan(0);
  });
});
