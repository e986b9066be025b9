import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { readTags } from '../support/codec-photos.js';
import { BAD, GOOD, RAW, writeMixedFolder, writeRoll } from '../support/mixed-folder.js';
import { filesIn, pixelsOf, stamps, unzip } from '../support/results.js';
import { tempFolder } from '../support/temp-folder.js';
import { describeInWindow, dropOn } from '../support/window-app.js';
import {
  addFromServer,
  cell,
  cells,
  choose,
  chooseFrom,
  countIn,
  dragSlider,
  eventually,
  openExport,
  openQueue,
  PATIENCE_MS,
  seeThumbnails,
  typeNumber,
} from '../support/window-steps.js';

const FOLDER = 'Concert 콘서트';

async function mixedFolder(): Promise<string> {
  const folder = join(tempFolder(), FOLDER);
  await writeMixedFolder(folder);
  return folder;
}

/** The results as the command writes them, in a folder below the one that is returned. */
async function byCommand(folder: string, below: string, options: readonly string[]): Promise<string> {
  const out = tempFolder();
  const args = ['denoise', folder, '--out', join(out, below), '--model', 'fast', '--json', ...options];
  // 1: some of the files could not be read.
  expect((await runCli(args, { state: tempFolder() })).code).toBe(1);
  return out;
}

/** Every result is there, nothing else is, and each is the picture that the command makes. */
async function expectSameResults(results: string, expected: string): Promise<void> {
  expect(filesIn(results)).toEqual(filesIn(expected));
  for (const file of filesIn(expected)) {
    expect(await pixelsOf(join(results, file)), file).toEqual(await pixelsOf(join(expected, file)));
  }
}

const renamed = (file: string): string => `${FOLDER}/${file.replace(/(\.[a-z]+)$/, '-clean$1')}`;

describeInWindow('from a folder to clean files', (host) => {
  it('drops a folder of good and bad files, adjusts, compares and downloads', async (context) => {
    context.skip(host.kind === 'desktop', 'the desktop writes into folders');
    const folder = await mixedFolder();
    const before = stamps(folder);
    const { page } = await host.open({ state: tempFolder() });
    await page.getByRole('button', { name: 'Add photos…' }).waitFor();
    await dropOn(page, [folder]);

    await eventually(() => cells(page).count()).toBe(GOOD.length + Object.keys(BAD).length);
    await seeThumbnails(page, GOOD.length);
    for (const file of GOOD) await cell(page, file.split('/').at(-1)!).waitFor();
    await page.getByText(`${RAW} was left out: it is not a JPEG, PNG, TIFF, WebP or AVIF photo.`).waitFor();

    // Dropped by itself it is taken, so that it can be said what is wrong with it.
    await dropOn(page, [join(folder, RAW)]);
    await page.getByRole('button', { name: '4 files could not be read' }).click();
    const problems = page.getByRole('dialog', { name: 'Files that could not be read' });
    for (const [name, reason] of Object.entries({ ...BAD, [RAW]: 'This kind of image cannot be denoised.' })) {
      const group = problems.locator('section', { hasText: name });
      expect(await group.getByRole('heading').textContent()).toContain(reason);
    }
    await problems.getByRole('button', { name: 'Done' }).click();

    await choose(page, 'Model', 'Fast');
    await typeNumber(page, 'Strength', '80');
    await dragSlider(page, 'Colour', 0.75);
    expect(await page.getByRole('textbox', { name: 'Colour', exact: true }).inputValue()).toBe('150%');

    await cell(page, 'camera.jpg').dblclick();
    const compare = page.locator('.compare');
    await page.locator('.compare[data-preview="done"]').waitFor({ timeout: PATIENCE_MS });
    expect(await compare.getAttribute('data-mode')).toBe('split');
    await page.keyboard.press('PageDown');
    await page.getByText('cut.jpg cannot be opened').waitFor();
    await page.keyboard.press('PageDown');
    await page.getByText('deep.tif').first().waitFor();
    await page.locator('.compare[data-preview="done"]').waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('radio', { name: 'Library' }).click();
    await page.getByRole('listbox', { name: 'Photos' }).press('Escape');

    const dialog = await openExport(page);
    await dialog.getByText('Results are kept by the server until you download them').waitFor();
    await dialog.getByRole('textbox', { name: 'Name of each result' }).fill('{name}-clean');
    await chooseFrom(page, dialog, 'Metadata', 'All without location');
    await eventually(() => dialog.locator('.export-example output').textContent()).toBe(renamed('camera.jpg'));
    await dialog.getByRole('button', { name: 'Denoise 6 photos' }).click();
    const queue = await openQueue(page);
    await queue.getByText('6 denoised').waitFor({ timeout: PATIENCE_MS });

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      queue.getByRole('button', { name: 'Download zip' }).click(),
    ]);
    const results = tempFolder();
    const zip = join(tempFolder(), 'results.zip');
    await download.saveAs(zip);
    unzip(zip, results);
    const options = ['--strength', '0.8', '--chroma', '1.5', '--metadata', 'no-location', '--name', '{name}-clean'];
    await expectSameResults(results, await byCommand(folder, FOLDER, options));
    expect(filesIn(results)).toEqual(GOOD.map(renamed).sort());
    const [tags] = readTags([join(results, renamed('camera.jpg'))]);
    expect(tags).toMatchObject({ 'IFD0:Model': 'Canon EOS R5', 'ExifIFD:ISO': 3200 });
    expect(Object.keys(tags!).filter((tag) => tag.includes('GPS'))).toEqual([]);
    expect(stamps(folder)).toEqual(before);
  });

  it('writes into a folder that is chosen, with everything that the photos carry', async (context) => {
    context.skip(host.kind === 'desktop', 'adding by a dialog is tested by its own');
    const root = tempFolder();
    const folder = join(root, FOLDER);
    await writeMixedFolder(folder);
    mkdirSync(join(root, 'Clean'));
    const before = stamps(folder);
    const { page, chooseFolder } = await host.open({ state: tempFolder(), roots: [root] });

    await addFromServer(page, FOLDER);
    await seeThumbnails(page, GOOD.length);
    // A folder of the server is walked by the server, which names what it does not read.
    await page.getByRole('button', { name: '4 files could not be read' }).waitFor();

    await choose(page, 'Model', 'Fast');
    const dialog = await openExport(page);
    await dialog.getByRole('button', { name: 'Choose folder…' }).click();
    await chooseFolder(join(root, 'Clean'));
    await dialog.getByRole('button', { name: 'Denoise 6 photos' }).click();
    const queue = await openQueue(page);
    await queue.getByText('6 denoised').waitFor({ timeout: PATIENCE_MS });

    // Photos of a folder of the server are named from there on, as the command does it.
    await expectSameResults(join(root, 'Clean'), await byCommand(folder, '', []));
    const [tags] = readTags([join(root, 'Clean', 'camera.jpg')]);
    expect(tags).toMatchObject({ 'IFD0:Model': 'Canon EOS R5', 'GPS:GPSLatitudeRef': 'N' });
    expect(stamps(folder)).toEqual(before);

    // Once more: everything is there already.
    await page.getByRole('button', { name: 'Denoise 6 photos' }).click();
    await queue.getByText('6 skipped').waitFor({ timeout: PATIENCE_MS });
  });

  it('pauses, cancels one, cancels all, and goes on', async (context) => {
    context.skip(host.kind === 'desktop', 'it starts with folders of a server');
    const root = tempFolder();
    const names = await writeRoll(join(root, 'Roll'), 10, 480, 360);
    mkdirSync(join(root, 'Clean'));
    const { page, chooseFolder } = await host.open({ state: tempFolder(), roots: [root] });
    await dropOn(page, [join(root, 'Roll')]);
    await seeThumbnails(page, names.length);
    const dialog = await openExport(page);
    await dialog.getByRole('radio', { name: 'One folder' }).click();
    await dialog.getByRole('button', { name: 'Choose folder…' }).click();
    await chooseFolder(join(root, 'Clean'));
    await dialog.getByRole('button', { name: 'Denoise 10 photos' }).click();

    const queue = await openQueue(page);
    await queue.getByRole('progressbar', { name: 'Progress of all photos' }).waitFor();
    await eventually(() => countIn(queue, 'done')).toBeGreaterThan(0);
    await queue.getByRole('button', { name: 'Pause' }).click();
    await queue.getByRole('button', { name: 'Resume' }).waitFor();
    await eventually(() => countIn(queue, 'running')).toBe(0);
    await queue.getByRole('button', { name: 'Cancel 10.jpg' }).click();
    await eventually(() => countIn(queue, 'cancelled')).toBe(1);
    const done = await countIn(queue, 'done');
    expect(filesIn(join(root, 'Clean'))).toHaveLength(done);
    await queue.getByRole('button', { name: 'Resume' }).click();
    await eventually(() => countIn(queue, 'done')).toBeGreaterThan(done);
    await queue.getByRole('button', { name: 'Cancel all' }).click();
    await queue.getByText(/\d+ denoised/).waitFor();
    await eventually(() => countIn(queue, 'running')).toBe(0);
    const kept = await countIn(queue, 'done');
    expect(kept).toBeLessThan(names.length);
    // Nothing half-written is left behind.
    expect(filesIn(join(root, 'Clean'))).toHaveLength(kept);

    await queue.getByRole('button', { name: 'Retry 10.jpg' }).click();
    await eventually(() => queue.locator('.queue-item[data-state="done"]', { hasText: '10.jpg' }).count()).toBe(1);
    await page.getByRole('button', { name: 'Denoise 10 photos' }).click();
    await queue.getByText('Finished').first().waitFor({ timeout: PATIENCE_MS });
    await eventually(() => filesIn(join(root, 'Clean'))).toEqual(names.map((name) => `Roll/${name}`));
    rmSync(join(root, 'Clean'), { recursive: true });
  });
});
