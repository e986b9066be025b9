import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { describeInBrowser, openPage } from '../support/browser.js';
import { writePhoto } from '../support/odd-photos.js';
import { tempFolder } from '../support/temp-folder.js';
import { startWebApp } from '../support/web-app.js';

describeInBrowser('the window in a browser', (browser) => {
  it('starts, on nothing but its own host', async () => {
    const app = await startWebApp({ state: tempFolder() });
    onTestFinished(async () => {
      expect(await app.stop()).toBe(0);
    });
    const page = await openPage(browser(), app.url);
    await page.locator('#root main').waitFor();
    expect(page.url()).toBe(`${app.origin}/`);
    expect(await page.evaluate(() => window.stillgrain?.host)).toBe('web');
    // The key is out of reach of scripts.
    expect(await page.evaluate(() => document.cookie)).toBe('');
    // Models of one's own are there without photos; there is nothing to compare.
    const views = page.getByRole('radiogroup', { name: 'View', exact: true });
    expect(await views.getByRole('radio', { name: 'Compare' }).isDisabled()).toBe(true);
    await views.getByRole('radio', { name: 'Train' }).click();
    await page.getByRole('radio', { name: 'My models' }).click();
    await page.getByRole('button', { name: 'Import…' }).waitFor();
  });

  it('sends what is dropped to its host, in several requests', async () => {
    const folder = tempFolder();
    await writePhoto(join(folder, 'a.png'), 120, 80);
    const content = readFileSync(join(folder, 'a.png')).toString('base64');
    const app = await startWebApp({ state: tempFolder() });
    onTestFinished(async () => {
      await app.stop();
    });
    const page = await openPage(browser(), app.url);
    await page.locator('#root main').waitFor();
    const { reply, steps } = await page.evaluate(async (text) => {
      const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const walked = Array.from({ length: 70 }, (_, index) => {
        const name = `사진 "${index}".png`;
        return { file: new File([bytes], name), relativePath: `Holiday/${name}` };
      });
      const steps: unknown[] = [];
      const reply = await window.stillgrain!.addDropped([], walked, (progress) => steps.push(progress));
      return { reply, steps };
    }, content);
    expect(reply).toEqual({ ok: true, result: {} });
    expect(steps[0]).toEqual({ files: 0, total: 70 });
    expect(steps.at(-1)).toEqual({ files: 70, total: 70 });
    expect(steps.length).toBeGreaterThan(2);
    const names = await page.evaluate(async () => {
      const reply = await window.stillgrain!.calls['library.list'](1_000_000, {});
      return reply.ok ? (reply.result as { photos: { name: string }[] }).photos.map(({ name }) => name) : [];
    });
    expect(names).toHaveLength(70);
    expect(names).toContain('사진 "7".png');
  });

  it('says that its host is gone, and starts anew when it is back', async () => {
    const app = await startWebApp({ state: tempFolder() });
    onTestFinished(async () => {
      await app.stop();
    });
    const page = await openPage(browser(), app.url);
    await page.locator('#root main').waitFor();
    // Too long a message has the host close the socket, as a network that fails would.
    const restarted = page.waitForEvent('load');
    const { reply, heard } = await page.evaluate(async () => {
      Object.assign(window, { isOld: true });
      const heard: unknown[] = [];
      window.stillgrain!.on['app.notice']((notice) => heard.push(notice));
      const message = 'x'.repeat(9 * 1024 * 1024);
      const reply = await window.stillgrain!.calls['app.report'](1_000_000, { message, stack: '' });
      return { reply, heard };
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'engine/crashed' } });
    expect(heard).toMatchObject([{ level: 'error', code: 'web/disconnected' }]);
    await restarted;
    await page.locator('#root main').waitFor();
    expect(await page.evaluate(() => 'isOld' in window)).toBe(false);
  });
});
