import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { printFinding, type Finding } from './finding.js';
import { benchLibrary } from './ui-library.js';
import { benchHuge, benchPreview } from './ui-preview.js';
import { benchStart } from './ui-start.js';

/**
 * `npm run bench -- ui`: the window against its budgets, as a person meets it: the real page in a real browser, served by
 * the real program. Yardsticks of the same run stand beside the figures, since absolute times say more about the machine.
 */

const PARTS: Readonly<Record<string, (browser: Browser, work: string) => Promise<Finding[]>>> = {
  start: benchStart,
  library: benchLibrary,
  preview: benchPreview,
  huge: benchHuge,
};

/** Runs the parts that are asked for; true when every figure keeps to its budget. */
export async function benchUi(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: { parts: { type: 'string', default: Object.keys(PARTS).join(',') } },
  });
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  const load = (): string => `load ${os.loadavg()[0]!.toFixed(1)}`;
  const work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-bench-'));
  const browser = await launchBrowser();
  console.log(`${cpu}, ${os.availableParallelism()} threads, Chromium ${browser.version()}`);
  let allOk = true;
  try {
    for (const name of values.parts.split(',')) {
      const part = PARTS[name];
      if (part === undefined) throw new Error(`there is no part '${name}': ${Object.keys(PARTS).join(', ')}`);
      // Others at work on the machine explain a figure better than anything in the program.
      console.log(`\n${name} (${load()})`);
      for (const finding of await part(browser, work)) {
        printFinding(finding);
        allOk &&= finding.ok;
      }
    }
  } finally {
    await browser.close();
    await rm(work, { recursive: true, force: true });
  }
  return allOk;
}
