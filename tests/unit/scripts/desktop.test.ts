import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBrowser, findHeadless } from '../../../scripts/browsers.mjs';
import { findElectron, hasScreen } from '../../../scripts/desktop.mjs';
import { tempFolder } from '../../support/temp-folder.js';

describe("Electron's binary", () => {
  it('is where the package says, if it was downloaded', () => {
    const folder = tempFolder();
    expect(findElectron(folder, {})).toBeUndefined();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(findElectron(folder, {})).toBeUndefined();
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/electron'), '');
    expect(findElectron(folder, {})).toBe(join(folder, 'dist/electron'));
  });

  it('is in the folder that the environment names', () => {
    const [folder, elsewhere] = [tempFolder(), tempFolder()];
    const env = { ELECTRON_OVERRIDE_DIST_PATH: elsewhere };
    expect(findElectron(folder, env)).toBeUndefined();
    writeFileSync(join(elsewhere, 'electron'), '');
    expect(findElectron(folder, env)).toBe(join(elsewhere, 'electron'));
  });
});

it('needs a screen on Linux', () => {
  expect(hasScreen('linux', {})).toBe(false);
  expect(hasScreen('linux', { DISPLAY: '' })).toBe(false);
  expect(hasScreen('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasScreen('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasScreen('darwin', {})).toBe(true);
});

describe('the browser of the tests', () => {
  it('is the one that is named, and no other', () => {
    const file = join(tempFolder(), 'browser');
    expect(findBrowser({ ...process.env, STILLGRAIN_BROWSER: file })).toBeUndefined();
    writeFileSync(file, '');
    expect(findBrowser({ ...process.env, STILLGRAIN_BROWSER: file })).toBe(file);
  });

  it('is looked for on the path, then where Playwright keeps its own', () => {
    const [bin, cache] = [tempFolder(), tempFolder()];
    const env = { PATH: bin, PLAYWRIGHT_BROWSERS_PATH: cache };
    if (process.platform === 'linux') expect(findBrowser(env)).toBeUndefined();
    const binary = join(cache, 'chromium-1200/chrome-linux/chrome');
    mkdirSync(join(cache, 'chromium-1200/chrome-linux'), { recursive: true });
    writeFileSync(binary, '');
    if (process.platform === 'linux') expect(findBrowser(env)).toBe(binary);
    const installed = join(bin, process.platform === 'win32' ? 'chromium.exe' : 'chromium');
    writeFileSync(installed, '');
    expect(findBrowser(env)).toBe(installed);
  });

  it('is a headless shell where there is one, which else is the last resort', () => {
    const [bin, cache] = [tempFolder(), tempFolder()];
    const env = { PATH: bin, PLAYWRIGHT_BROWSERS_PATH: cache };
    const put = (folder: string, name: string): string => {
      mkdirSync(folder, { recursive: true });
      const file = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
      writeFileSync(file, '');
      return file;
    };
    const downloaded = put(join(cache, 'chromium_headless_shell-1200/chrome-linux'), 'headless_shell');
    if (process.platform === 'linux') expect([findBrowser(env), findHeadless(env)]).toEqual([downloaded, downloaded]);
    const shell = put(bin, 'chromium-headless-shell');
    if (process.platform === 'linux') expect(findBrowser(env)).toBe(shell);
    expect(findHeadless(env)).toBe(shell);
    const whole = put(bin, 'chromium');
    expect([findBrowser(env), findHeadless(env)]).toEqual([whole, shell]);
    expect(findHeadless({ ...env, STILLGRAIN_BROWSER: whole })).toBe(whole);
  });
});
