// Finds Electron's binary, which its npm package does not contain. Node's own modules only.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { ROOT } from './bootstrap.mjs';

const PACKAGE = path.join(ROOT, 'node_modules/electron');
/** Longest that the download may take: about 120 MB. */
const DOWNLOAD_TIMEOUT_MS = 180_000;

/**
 * Opens the desktop app, if that can be, and waits until it is closed.
 *
 * @param {string[]} args
 * @returns {boolean | string} whether it ended well, or why it cannot be opened here
 */
export function startDesktop(args) {
  if (!hasScreen(process.platform, process.env)) return 'There is no screen here';
  const binary = findElectron() ?? fetchElectron();
  if (binary === undefined) return 'Electron could not be fetched';
  const result = spawnSync(binary, [ROOT, ...args], { cwd: ROOT, stdio: 'inherit' });
  return result.status === 0;
}

/**
 * Tells whether a window can be opened: on Linux a display server must be named.
 *
 * @param {string} platform as in process.platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean}
 */
export function hasScreen(platform, env) {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** @returns {string | undefined} the path of the binary, if it is there */
export function findElectron(folder = PACKAGE, env = process.env) {
  const named = path.join(folder, 'path.txt');
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : override && 'electron';
  if (!name) return undefined;
  const binary = path.join(override ?? path.join(folder, 'dist'), name);
  return existsSync(binary) ? binary : undefined;
}

/** Runs the package's own download, once and quietly. */
function fetchElectron() {
  const script = path.join(PACKAGE, 'install.js');
  if (!existsSync(script)) return undefined;
  console.log('Fetching Electron, which the window on the desktop needs (about 120 MB, once)...');
  spawnSync(process.execPath, [script], { cwd: ROOT, stdio: 'ignore', timeout: DOWNLOAD_TIMEOUT_MS });
  return findElectron();
}
