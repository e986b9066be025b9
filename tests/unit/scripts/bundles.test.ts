import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fingerprint } from '../../../scripts/bundles.mjs';
import { tempFolder } from '../../support/temp-folder.js';

it('changes with the contents, the names and the number of the sources, and with nothing else', () => {
  const root = tempFolder();
  mkdirSync(join(root, 'renderer/styles'), { recursive: true });
  writeFileSync(join(root, 'renderer/app.tsx'), 'app');
  writeFileSync(join(root, 'renderer/styles/base.css'), 'css');
  writeFileSync(join(root, 'vite.config.ts'), 'config');
  writeFileSync(join(root, 'README.md'), 'not a source');
  const inputs = ['renderer', 'vite.config.ts', 'not-there'];
  const seen = [fingerprint(root, inputs)];
  writeFileSync(join(root, 'README.md'), 'changed');
  expect(fingerprint(root, inputs)).toBe(seen[0]);

  writeFileSync(join(root, 'renderer/styles/base.css'), 'css!');
  seen.push(fingerprint(root, inputs));
  renameSync(join(root, 'renderer/app.tsx'), join(root, 'renderer/window.tsx'));
  seen.push(fingerprint(root, inputs));
  writeFileSync(join(root, 'renderer/more.tsx'), '');
  seen.push(fingerprint(root, inputs));
  writeFileSync(join(root, 'vite.config.ts'), 'another');
  seen.push(fingerprint(root, inputs));
  expect(new Set(seen).size).toBe(seen.length);
});
