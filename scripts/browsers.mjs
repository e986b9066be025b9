// Finds a browser that can be driven by tests and by the screenshots' script. Node's own modules only.
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

/** @type {Record<string, string[]>} */
const ELSEWHERE = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((variable) => {
    const folder = process.env[variable];
    return folder
      ? [`${folder}\\Google\\Chrome\\Application\\chrome.exe`, `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`]
      : [];
  }),
};

/** Where Playwright keeps the browsers that it downloads, by platform. */
/** @type {Record<string, string>} */
const PLAYWRIGHT_CACHE = {
  darwin: path.join(os.homedir(), 'Library/Caches/ms-playwright'),
  win32: path.join(os.homedir(), 'AppData/Local/ms-playwright'),
  linux: path.join(os.homedir(), '.cache/ms-playwright'),
};
const PLAYWRIGHT_BINARIES = [
  'chrome-linux/chrome',
  'chrome-linux64/chrome',
  'chrome-win/chrome.exe',
  'chrome-win64/chrome.exe',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
];

/**
 * The path of a Chromium of this machine: the one that STILLGRAIN_BROWSER names, an installed one, or Playwright's.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findBrowser(env = process.env) {
  const named = env['STILLGRAIN_BROWSER'];
  if (named !== undefined) return named !== '' && existsSync(named) ? named : undefined;
  const extension = process.platform === 'win32' ? '.exe' : '';
  const onPath = (env['PATH'] ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name + extension)));
  return [...onPath, ...(ELSEWHERE[process.platform] ?? []), ...downloaded(env)].find((file) => existsSync(file));
}

/** @param {NodeJS.ProcessEnv} env */
function downloaded(env) {
  const cache = env['PLAYWRIGHT_BROWSERS_PATH'] ?? PLAYWRIGHT_CACHE[process.platform];
  if (cache === undefined || !existsSync(cache)) return [];
  return readdirSync(cache)
    .filter((folder) => folder.startsWith('chromium-'))
    .flatMap((folder) => PLAYWRIGHT_BINARIES.map((binary) => path.join(cache, folder, binary)));
}
