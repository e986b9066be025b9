// Bundles what runs in a browser, when it is not what was bundled last. Node's own modules only.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { node, ROOT } from './bootstrap.mjs';

/**
 * @typedef {object} Bundle
 * @property {string} mode vite's, see vite.config.ts
 * @property {string[]} inputs files, and folders with all that is in them
 * @property {string} output a file that is there when it has been made
 */

const SHARED = ['preload', 'vite.config.ts', 'package-lock.json'];

/** In this order: making the window empties the folder that the bridge goes into. */
/** @type {Bundle[]} */
const BUNDLES = [
  { mode: 'window', inputs: ['renderer', 'build/icon.svg', ...SHARED], output: 'dist/renderer/index.html' },
  { mode: 'bridge', inputs: SHARED, output: 'dist/renderer/bridge.js' },
  { mode: 'preload', inputs: SHARED, output: 'dist/preload-bundle/desktop.cjs' },
];

/**
 * Makes the bundles that are missing or older than their sources.
 *
 * @returns {boolean} whether all are there now
 */
export function bundle() {
  return BUNDLES.every((one) => isCurrent(one) || make(one));
}

/** @param {Bundle} bundle */
function isCurrent({ mode, inputs, output }) {
  const stamp = stampFile(mode);
  if (!existsSync(path.join(ROOT, output)) || !existsSync(stamp)) return false;
  return readFileSync(stamp, 'utf8') === fingerprint(ROOT, inputs);
}

/** @param {Bundle} bundle */
function make({ mode, inputs }) {
  const stamp = stampFile(mode);
  rmSync(stamp, { force: true });
  // Taken before the work: what changes meanwhile is bundled again next time.
  const contents = fingerprint(ROOT, inputs);
  if (!node('node_modules/vite/bin/vite.js', ['build', '--mode', mode])) return false;
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, contents);
  return true;
}

/** @param {string} mode */
function stampFile(mode) {
  return path.join(ROOT, 'dist/.bundles', mode);
}

/**
 * A hash of the names and contents of files, the same wherever they lie.
 *
 * @param {string} root
 * @param {string[]} inputs files and folders below it
 * @returns {string}
 */
export function fingerprint(root, inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => filesBelow(root, input))) {
    hash
      .update(`${file}\n`)
      .update(readFileSync(path.join(root, file)))
      .update('\n');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} input
 * @returns {string[]} paths from the root, with forward slashes, in a fixed order
 */
function filesBelow(root, input) {
  const folder = path.join(root, input);
  if (!existsSync(folder)) return [];
  /** @type {import('node:fs').Dirent[]} */
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return [input];
    throw error;
  }
  return entries
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => filesBelow(root, `${input}/${name}`));
}
