import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeInBrowser, watchPage } from '../support/browser.js';
import { PATIENCE_MS, PhotoWindow } from '../support/photo-window.js';
import { sharedFolder } from '../support/temp-folder.js';
import { startWebApp, type WebApp } from '../support/web-app.js';

/** Nothing leaves the machine: neither the page nor the processes behind it talk to anyone. */

const folder = sharedFolder();
const state = join(folder, 'state');
const LOOPBACK = '0100007F';

/** Far ends of the network connections of the program's processes, as the kernel writes them, loopback left out. */
function farEnds(): string[] {
  const sockets = new Set<string>();
  for (const id of readdirSync('/proc')) {
    try {
      if (!/^\d+$/.test(id) || !readFileSync(`/proc/${id}/environ`, 'utf8').includes(`STATE_DIR=${state}`)) continue;
      for (const fd of readdirSync(`/proc/${id}/fd`)) sockets.add(readlinkSync(`/proc/${id}/fd/${fd}`));
    } catch {
      // Processes and files come and go while they are looked at.
    }
  }
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) =>
    readFileSync(`/proc/net/${kind}`, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => sockets.has(`socket:[${fields[9]}]`))
      .map((fields) => fields[2]!)
      .filter((far) => !far.startsWith(LOOPBACK) && !/^0+:/.test(far)),
  );
}

describeInBrowser('the network', (browser) => {
  let app: WebApp;

  beforeAll(async () => {
    app = await startWebApp({ state });
  });
  afterAll(() => app.stop());

  it('is not used by the page or the program from the first photo to the result', async () => {
    const { page } = await PhotoWindow.open(browser(), app);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('button', { name: 'Try it with a sample photo' }).click();
    await page.locator('.compare[data-preview="done"]').waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('button', { name: 'Denoise this photo' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Denoise 1 photo' }).click();
    if ((await page.locator('.queue').count()) === 0) await page.keyboard.press('q');
    const done = page.locator('.queue').getByRole('button', { name: 'Download zip' });
    await done.waitFor({ timeout: PATIENCE_MS });
    const download = page.waitForEvent('download');
    await done.click();
    expect((await download).suggestedFilename()).toMatch(/\.zip$/);
    await page.keyboard.press('Control+,');
    for (const name of ['Performance', 'Diagnosis', 'About']) await page.getByRole('tab', { name }).click();
    await page.getByText('Nothing leaves the machine').waitFor();
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((url) => new URL(url.replace(/^blob:/, '')).origin !== app.origin)).toEqual([]);
    expect(farEnds()).toEqual([]);
  });

  it('would be noticed if it were used, and is refused to the page', async () => {
    const context = await browser().newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const faults = watchPage(page, app.origin);
    await page.goto(app.url);
    await page.locator('.welcome, .photo-grid').first().waitFor();
    expect(faults).toEqual([]);
    const refused = await page.evaluate(async () => {
      const elsewhere = 'http://127.0.0.1:9/';
      const image = new Image();
      const failed = new Promise((resolve) => {
        image.addEventListener('error', resolve);
      });
      image.src = `${elsewhere}picture.png`;
      await failed;
      return fetch(elsewhere).then(
        () => 'was let through',
        () => 'refused',
      );
    });
    expect(refused).toBe('refused');
    expect(faults.filter((fault) => fault.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(2);
    const bare = await context.newPage();
    const seen = watchPage(bare, app.origin);
    await bare.setContent('<img src="http://127.0.0.1:9/picture.png">');
    await expect.poll(() => seen).toContain('request to http://127.0.0.1:9/picture.png');
  });
});
