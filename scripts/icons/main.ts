import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { ROOT } from '../support/cli.js';
import { ico, icns, ICNS_SIZES, ICO_SIZES, type IconImage } from './containers.js';

/**
 * `npm run icons`: draws build/icon.svg in every size that the systems want. Run after a change of the drawing; what it
 * writes is committed, for a build must not need a browser.
 */

const BUILD = path.join(ROOT, 'build');
/** Sizes of the folder that Linux desktops choose from. */
const LINUX_SIZES = [16, 32, 48, 64, 128, 256, 512] as const;
const LARGEST = 1024;

async function main(): Promise<void> {
  const svg = await readFile(path.join(BUILD, 'icon.svg'), 'utf8');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const sizes = [...new Set([...ICO_SIZES, ...ICNS_SIZES, ...LINUX_SIZES, LARGEST])];
    const images = new Map<number, IconImage>();
    for (const size of sizes) images.set(size, { size, png: await draw(page, svg, size) });
    const pick = (wanted: readonly number[]): IconImage[] => wanted.map((size) => images.get(size)!);
    await writeFile(path.join(BUILD, 'icon.png'), images.get(LARGEST)!.png);
    await writeFile(path.join(BUILD, 'icon.ico'), ico(pick(ICO_SIZES)));
    await writeFile(path.join(BUILD, 'icon.icns'), icns(pick(ICNS_SIZES)));
    await mkdir(path.join(BUILD, 'icons'), { recursive: true });
    for (const { size, png } of pick(LINUX_SIZES)) {
      await writeFile(path.join(BUILD, 'icons', `${size}x${size}.png`), png);
    }
  } finally {
    await browser.close();
  }
}

/** The drawing as a PNG with a transparent ground. */
async function draw(page: Page, svg: string, size: number): Promise<Uint8Array> {
  await page.setViewportSize({ width: size, height: size });
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  await page.setContent(
    `<body style="margin:0"><img src="${source}" width="${size}" height="${size}" style="display:block"></body>`,
  );
  return page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: size, height: size } });
}

await main();
