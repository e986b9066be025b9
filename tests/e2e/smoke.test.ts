import { expect, it, onTestFinished } from 'vitest';
import { describeInBrowser, openPage } from '../support/browser.js';
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
  });
});
