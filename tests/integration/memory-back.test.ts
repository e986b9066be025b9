import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DEFAULT_RUNTIME } from '../../preload/contract.js';
import { callEngine } from '../support/engine-service.js';
import { sharp } from '../support/codec-photos.js';
import { tempFolder } from '../support/temp-folder.js';

const SIDE = { width: 8000, height: 7000 } as const;
const PIXELS = 3 * SIDE.width * SIDE.height;

/** What this process holds, as the system sees it. */
const residentBytes = (): number => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);

it.runIf(process.platform === 'linux')('gives the memory of a large photo back when it has been measured', async () => {
  const input = join(tempFolder(), 'large.png');
  await sharp({ create: { ...SIDE, channels: 3, background: '#456' } })
    .png({ compressionLevel: 1 })
    .toFile(input);
  const small = join(tempFolder(), 'small.png');
  await sharp({ create: { width: 640, height: 480, channels: 3, background: '#456' } })
    .png()
    .toFile(small);
  await callEngine('measure', { input: small, runtime: DEFAULT_RUNTIME });
  const before = residentBytes();
  await callEngine('measure', { input, runtime: DEFAULT_RUNTIME });
  await wait(50);
  expect((residentBytes() - before) / PIXELS).toBeLessThan(0.5);
});
