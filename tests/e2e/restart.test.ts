import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseTempName } from '../../main/core/temp-name.js';
import { writeRoll } from '../support/mixed-folder.js';
import { filesIn, stamps } from '../support/results.js';
import { tempFolder } from '../support/temp-folder.js';
import { describeInWindow, dropOn, isRunning, type AppWindow } from '../support/window-app.js';
import {
  cell,
  cells,
  countIn,
  eventually,
  openExport,
  openQueue,
  PATIENCE_MS,
  seeThumbnails,
  typeNumber,
} from '../support/window-steps.js';

const COUNT = 6;
/** So large that there is time to see one done and end the program before the others are. */
const SIZE = [480, 360] as const;

describeInWindow('after something has died', (host) => {
  it.skipIf(host.kind === 'desktop')('goes on where a killed server was, and does nothing twice', async () => {
    const [root, state] = [tempFolder(), tempFolder()];
    const names = await writeRoll(join(root, 'Roll'), COUNT, ...SIZE);
    const out = join(root, 'Clean');
    mkdirSync(out);
    const before = stamps(join(root, 'Roll'));
    const first = await host.open({ state, roots: [root] });
    const queue = await startAll(first, root, out);
    await eventually(() => countIn(queue, 'done')).toBeGreaterThan(0);
    const engines = first.engines();
    expect(engines).toHaveLength(2);
    await first.kill();
    // The engines do not stay behind without their host.
    await eventually(() => engines.filter(isRunning)).toEqual([]);
    const done = finished(out);
    const then = done.map((file) => statSync(join(out, file), { bigint: true }).mtimeNs);
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(COUNT);

    const { page } = await host.open({ state, roots: [root] });
    await seeThumbnails(page, COUNT);
    await page.getByText(/photos? (is|are) left from last time\./).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await eventually(() => filesIn(out)).toEqual(names.map((name) => `Roll/${name}`));
    await page.getByRole('button', { name: 'Show the queue: Done' }).waitFor({ timeout: PATIENCE_MS });
    expect(done.map((file) => statSync(join(out, file), { bigint: true }).mtimeNs)).toEqual(then);
    await page.getByText('left from last time').waitFor({ state: 'hidden' });
    expect(stamps(join(root, 'Roll'))).toEqual(before);
  });

  it.skipIf(host.kind === 'desktop')('finishes all photos although the engine is killed meanwhile', async () => {
    const root = tempFolder();
    const names = await writeRoll(join(root, 'Roll'), 5, ...SIZE);
    const out = join(root, 'Clean');
    mkdirSync(out);
    const window = await host.open({ state: tempFolder(), roots: [root] });
    const queue = await startAll(window, root, out);
    await eventually(() => countIn(queue, 'done')).toBeGreaterThan(0);
    for (const engine of window.engines()) process.kill(engine, 'SIGKILL');
    await window.page.getByText('The engine stopped and is being started again.').waitFor();
    await queue.getByText(`${names.length} denoised`).waitFor({ timeout: PATIENCE_MS });
    expect(filesIn(out)).toEqual(names.map((name) => `Roll/${name}`));
    await window.page.getByText('The engine stopped').waitFor({ state: 'hidden' });
  });

  it('shows a preview again after the engine was killed', async () => {
    const folder = join(tempFolder(), 'Roll');
    await writeRoll(folder, 2, ...SIZE);
    const { page, engines } = await host.open({ state: tempFolder() });
    await dropOn(page, [folder]);
    await seeThumbnails(page, 2);
    await cell(page, '01.jpg').dblclick();
    await page.locator('.compare[data-preview="done"]').waitFor({ timeout: PATIENCE_MS });
    for (const engine of engines()) process.kill(engine, 'SIGKILL');
    // What needs the engine: another photo, at another strength.
    await page.keyboard.press('PageDown');
    await typeNumber(page, 'Strength', '150');
    await eventually(async () => {
      const again = page.getByRole('button', { name: 'Try again' }).first();
      if (await again.isVisible()) await again.click();
      return page.locator('.compare').getAttribute('data-preview');
    }).toBe('done');
    await page.getByRole('radio', { name: 'Library' }).click();
    expect(await cells(page).count()).toBe(2);
  });
});

/** Drops the roll and denoises all of it with the model for quality, so that there is time for something to happen. */
async function startAll({ page, chooseFolder }: AppWindow, root: string, out: string) {
  await dropOn(page, [join(root, 'Roll')]);
  await cells(page).first().waitFor();
  await page.getByRole('button', { name: /^Denoise \d+ photos/ }).waitFor();
  const dialog = await openExport(page);
  await dialog.getByRole('radio', { name: 'One folder' }).click();
  await dialog.getByRole('button', { name: 'Choose folder…' }).click();
  await chooseFolder(out);
  await dialog.getByRole('button', { name: /^Denoise \d+ photos/ }).click();
  return openQueue(page);
}

/** Results that are complete. */
const finished = (folder: string): string[] =>
  filesIn(folder).filter((file) => parseTempName(file.split('/').at(-1)!) === null);
