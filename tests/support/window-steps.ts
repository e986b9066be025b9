import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';

/** What a person does in the window, by what they see. */

/** How long a state may take to come: the engine computes on the same cores as the browser. */
export const PATIENCE_MS = 120_000;

/** The photos of the grid that are on the page. */
export const cells = (page: Page): Locator => page.getByRole('listbox', { name: 'Photos' }).getByRole('option');

/** The cell of a photo by its file name. */
export const cell = (page: Page, name: string): Locator =>
  page.locator('.cell', { has: page.getByText(name, { exact: true }) });

/** Waits until so many pictures of the grid have been decoded. */
export async function seeThumbnails(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const images = Array.from(document.querySelectorAll<HTMLImageElement>('img.thumbnail'));
      return images.filter((image) => image.complete && image.naturalWidth > 0).length === wanted;
    },
    count,
    { timeout: PATIENCE_MS },
  );
}

/** Waits until a value that is asked for again and again is the one expected. */
export const eventually = (read: () => unknown): ReturnType<typeof expect.poll> =>
  expect.poll(read, { timeout: PATIENCE_MS, interval: 100 });

/** Types a number into the field beside a slider. */
export async function typeNumber(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: label, exact: true });
  await field.fill(text);
  await field.press('Enter');
}

/** Drags the thumb of a slider to a share of its track. */
export async function dragSlider(page: Page, label: string, share: number): Promise<void> {
  const group = page.getByRole('group', { name: label, exact: true });
  const track = (await group.locator('.slider-track').boundingBox())!;
  const thumb = (await group.locator('.slider-thumb').boundingBox())!;
  const y = thumb.y + thumb.height / 2;
  await page.mouse.move(thumb.x + thumb.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(track.x + (track.width * share) / 2, y, { steps: 4 });
  await page.mouse.move(track.x + track.width * share, y, { steps: 4 });
  await page.mouse.up();
}

/** Chooses one of the choices that are all in view. */
export const choose = (within: Page | Locator, group: string, name: string): Promise<void> =>
  within.getByRole('radiogroup', { name: group, exact: true }).getByRole('radio', { name, exact: true }).click();

/** Chooses from a list that opens. */
export async function chooseFrom(page: Page, within: Page | Locator, label: string, name: string): Promise<void> {
  await within.getByRole('button', { name: new RegExp(`${label}$`) }).click();
  await page.getByRole('option', { name: new RegExp(`^${name}`) }).click();
}

/** Shows the queue. */
export async function openQueue(page: Page): Promise<Locator> {
  const queue = page.getByRole('region', { name: 'Queue', exact: true });
  if (!(await queue.isVisible())) await page.getByRole('button', { name: /^Show the queue/ }).click();
  await queue.waitFor();
  return queue;
}

/** Opens where results go and how they are written, from the button that says so. */
export async function openExport(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: /^Change export settings/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Export settings' });
  await dialog.waitFor();
  return dialog;
}

/** How many photos of the queue are in a state. */
export const countIn = (queue: Locator, state: string): Promise<number> =>
  queue.locator(`.queue-item[data-state="${state}"]`).count();

/** Adds a folder of the only root of the server, from the window's first screen. */
export async function addFromServer(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: 'Browse server folders…' }).click();
  const places = page.getByRole('dialog', { name: 'Add from the server' });
  await places.getByRole('option').dblclick();
  await places.getByRole('option', { name: folder }).click();
  await places.getByRole('button', { name: 'Add 1 item' }).click();
}
