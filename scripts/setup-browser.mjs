// Makes sure that there is a browser for the end-to-end tests: one that is installed, Debian's package of the headless
// shell or of all of Chromium, or Playwright's download. Node's own modules only.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { install, node } from './bootstrap.mjs';
import { findBrowser, findHeadless } from './browsers.mjs';

/** Without it, Korean is drawn as boxes. */
const KOREAN_FONT = 'fonts-noto-cjk';

/** @returns {boolean} whether there is a browser now */
export function setUpBrowser() {
  for (const name of ['chromium-headless-shell', 'chromium']) {
    if (findBrowser() === undefined && canUseApt()) apt(name);
  }
  if (findBrowser() === undefined) {
    install();
    node('node_modules/playwright-core/cli.js', ['install', 'chromium']);
  }
  const browser = findHeadless();
  console.log(browser === undefined ? 'There is no browser, and none could be had.' : `Browser: ${browser}`);
  if (browser !== undefined && canUseApt() && !hasKorean()) apt(KOREAN_FONT);
  return browser !== undefined;
}

function canUseApt() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** @param {string} name */
function apt(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (/** @type {string[]} */ ...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: 'inherit', env });
  run('update');
  run('install', '-y', '--no-install-recommends', name);
}

function hasKorean() {
  const { stdout } = spawnSync('fc-list', [':lang=ko'], { encoding: 'utf8' });
  return Boolean(stdout?.trim());
}
