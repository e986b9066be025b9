import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { findBrowser } from '../browsers.mjs';

/** Real Chromium, for tests, benchmarks and pictures alike. */

const FLAGS = [
  '--no-sandbox',
  // As Chromium runs by itself without a graphics card: WebGL by SwiftShader, all else painted by the processor directly.
  // With `swiftshader` alone every picture would go through an emulated card, at several times the cost.
  '--disable-gpu-sandbox',
  '--use-angle=swiftshader-webgl',
  '--enable-unsafe-swiftshader',
  // Nothing of the browser's own on the network.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Generous: the engine computes on the same cores. */
const ACTION_TIMEOUT_MS = 60_000;

const WIDE: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'en-US', colorScheme: 'dark' };

/** Starts a browser: one as people have it, unless told which. */
export function launchBrowser(executablePath = findBrowser()): Promise<Browser> {
  if (executablePath === undefined) throw new Error('there is no browser: npm run setup-browser gets one');
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A page in a context of its own, which closes with it: dark, English, 1280x800 unless told otherwise. */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ ...WIDE, ...options });
  context.setDefaultTimeout(ACTION_TIMEOUT_MS);
  return context.newPage();
}
