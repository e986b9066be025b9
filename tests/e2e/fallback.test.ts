import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ModelLibrary } from '../../main/app/model-library.js';
import { callHost } from '../../scripts/support/window.js';
import { axeFindings, layoutFaults } from '../support/axe.js';
import { newCard, writeBlur } from '../support/model-files.js';
import { writeNoisyPng } from '../support/photos.js';
import { sharedFolder, tempFolder } from '../support/temp-folder.js';
import { describeInWindow } from '../support/window-app.js';
import { addFromServer, cell, chooseFrom, eventually, openQueue, PATIENCE_MS } from '../support/window-steps.js';

/** A model of one's own that blurs, chosen for a photo with hair and whiskers in it. */

const folder = sharedFolder();
const roots = [join(folder, 'Pictures')];

beforeAll(async () => {
  const photos = join(roots[0]!, 'Cats');
  mkdirSync(photos, { recursive: true });
  await writeNoisyPng(join(photos, 'cat.png'), 'chelsea', 600, 400, 12);
});

/** A state folder with that model in use. */
async function stateWithModel(): Promise<string> {
  const state = tempFolder();
  const library = new ModelLibrary(state);
  const { version } = await library.add(writeBlur(join(folder, 'blur.onnx')), newCard('soft'));
  await library.promote(version.id);
  return state;
}

describeInWindow("a model of one's own that does not fit", (host) => {
  it('makes way in the preview and in the result, which say so, and does not where it is told to', async () => {
    const { page } = await host.open({ state: await stateWithModel(), roots });
    await addFromServer(page, 'Cats');
    await cell(page, 'cat.png').dblclick();
    const adjust = page.locator('.adjust');
    const makesWay = adjust.getByRole('switch', { name: 'Use the shipped model where mine would take detail away' });
    // It is about models of one's own.
    await adjust.getByRole('button', { name: /Model$/ }).waitFor();
    expect(await makesWay.count()).toBe(0);
    await chooseFrom(page, adjust, 'Model', 'soft');
    expect(await makesWay.isChecked()).toBe(true);
    const badge = page.locator('.compare-info').getByText('Fast instead');
    await badge.waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('button', { name: /^Does the model fit/ }).click();
    await page.getByText('Your model would take detail away from this photo: Fast does it instead.').waitFor();
    await page.keyboard.press('Escape');
    expect((await axeFindings(page)).join('\n')).toBe('');
    expect((await layoutFaults(page)).join('\n')).toBe('');

    // The result is as the preview was.
    const [photo] = (await callHost(page, 'library.list', {})).photos;
    const { export: settings } = (await callHost(page, 'app.start', {})).preferences;
    const destination = { kind: 'beside', folder: 'Denoised' } as const;
    const start = () => callHost(page, 'queue.start', { photos: [photo!.id], export: { ...settings, destination } });
    await start();
    const entries = async () => (await callHost(page, 'queue.list', {})).items;
    await eventually(async () => (await entries())[0]?.fit?.used).toBe('fallback');
    const queue = await openQueue(page);
    await queue.getByText(/Done by Fast, since your model would take detail away/).waitFor();

    await adjust.getByText('Use the shipped model where mine would take detail away').click();
    await badge.waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await eventually(() => page.getByRole('button', { name: /Poor fit$/ }).count()).toBe(1);
    await start();
    await eventually(async () =>
      (await entries()).filter(({ state: at }) => at === 'done').map(({ fit }) => fit),
    ).toEqual([null]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await badge.waitFor({ timeout: PATIENCE_MS });
  });
});
