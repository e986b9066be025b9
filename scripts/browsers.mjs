// Finds a browser that can be driven by tests and by the screenshots' script. Node's own modules only.
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
/** Chromium without windows of its own: the same pages at two thirds of the cost. */
const HEADLESS_NAMES = ['chromium-headless-shell', 'chrome-headless-shell'];

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
const PLAYWRIGHT_HEADLESS_BINARIES = [
  'chrome-linux/headless_shell',
  'chrome-headless-shell-linux64/chrome-headless-shell',
  'chrome-headless-shell-win64/chrome-headless-shell.exe',
  'chrome-headless-shell-mac-arm64/chrome-headless-shell',
  'chrome-headless-shell-mac-x64/chrome-headless-shell',
];
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
  const places = [
    ...onPath(env, NAMES),
    ...(ELSEWHERE[process.platform] ?? []),
    ...downloaded(env, 'chromium-', PLAYWRIGHT_BINARIES),
  ];
  return places.find((file) => existsSync(file)) ?? findShell(env);
}

/**
 * The path of what drives pages fastest: a headless shell where there is one, else as `findBrowser`.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findHeadless(env = process.env) {
  return (env['STILLGRAIN_BROWSER'] === undefined ? findShell(env) : undefined) ?? findBrowser(env);
}

/** @param {NodeJS.ProcessEnv} env */
function findShell(env) {
  return [
    ...onPath(env, HEADLESS_NAMES),
    ...downloaded(env, 'chromium_headless_shell-', PLAYWRIGHT_HEADLESS_BINARIES),
  ].find((file) => existsSync(file));
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} names
 */
function onPath(env, names) {
  const extension = process.platform === 'win32' ? '.exe' : '';
  return (env['PATH'] ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .flatMap((folder) => names.map((name) => path.join(folder, name + extension)));
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} prefix of the browser's folder
 * @param {string[]} binaries in it
 */
function downloaded(env, prefix, binaries) {
  const cache = env['PLAYWRIGHT_BROWSERS_PATH'] ?? PLAYWRIGHT_CACHE[process.platform];
  if (cache === undefined || !existsSync(cache)) return [];
  return readdirSync(cache)
    .filter((folder) => folder.startsWith(prefix))
    .flatMap((folder) => binaries.map((binary) => path.join(cache, folder, binary)));
}
