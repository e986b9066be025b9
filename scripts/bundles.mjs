// Bundles what runs, when it is not what was bundled last. Node's own modules only.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { node, ROOT } from './bootstrap.mjs';

/**
 * @typedef {object} Bundle
 * @property {string} name
 * @property {[string, ...string[]]} command the script that makes it, and its arguments
 * @property {string[]} inputs files, and folders with all that is in them
 * @property {string} output a file that is there when it has been made
 */

/**
 * One of vite's; see vite.config.ts.
 *
 * @param {string} name
 * @param {string[]} inputs
 * @param {string} output
 * @returns {Bundle}
 */
const viteBundle = (name, inputs, output) => ({
  name,
  command: ['node_modules/vite/bin/vite.js', 'build', '--mode', name],
  inputs: [...inputs, 'preload', 'vite.config.ts', 'package-lock.json'],
  output,
});

/** In this order: making the window empties the folder that the bridge goes into. */
const IN_A_BROWSER = [
  viteBundle('window', ['renderer', 'build/icon.svg'], 'dist/renderer/index.html'),
  viteBundle('bridge', [], 'dist/renderer/bridge.js'),
  viteBundle('preload', [], 'dist/preload-bundle/desktop.cjs'),
];

/** @type {Bundle} */
const PROGRAMS = {
  name: 'programs',
  command: ['node_modules/rolldown/bin/cli.mjs', '--config', 'rolldown.config.ts'],
  inputs: ['main', 'preload', 'rolldown.config.ts', 'package-lock.json'],
  output: 'dist/bundle/cli/main.js',
};

/**
 * Makes the bundles that are missing or older than their sources.
 *
 * @returns {boolean} whether all are there now
 */
export function bundle() {
  return [...IN_A_BROWSER, PROGRAMS].every((one) => isCurrent(one) || make(one));
}

/** Before tests, which start what is bundled and may be run without a build: vitest's global set-up. */
export function setup() {
  if (!isCurrent(PROGRAMS) && !make(PROGRAMS)) throw new Error('the programs could not be bundled');
}

/** @param {Bundle} bundle */
function isCurrent({ name, inputs, output }) {
  const stamp = stampFile(name);
  if (!existsSync(path.join(ROOT, output)) || !existsSync(stamp)) return false;
  return readFileSync(stamp, 'utf8') === fingerprint(ROOT, inputs);
}

/** @param {Bundle} bundle */
function make({ name, command: [script, ...args], inputs }) {
  const stamp = stampFile(name);
  rmSync(stamp, { force: true });
  // Taken before the work: what changes meanwhile is bundled again next time.
  const contents = fingerprint(ROOT, inputs);
  if (!node(script, args)) return false;
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, contents);
  return true;
}

/** @param {string} name */
function stampFile(name) {
  return path.join(ROOT, 'dist/.bundles', name);
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
