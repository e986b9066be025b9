// Runs before anything is installed or built: Node's own modules only.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const ROOT = path.resolve(fileURLToPath(import.meta.url), '../..');

/** The oldest Node that runs the program; package.json's `engines` says the same. */
const MINIMUM_NODE = [20, 19];

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 *
 * @typedef {object} LockFile
 * @property {Record<string, LockedPackage>} packages keyed by folder; '' is the project itself
 */

/** A step failed in a way that the person should read as one line. */
export class TaskError extends Error {}

/**
 * Says why this Node cannot run the program, or nothing when it can.
 *
 * @param {string} version as in process.versions.node
 * @returns {string | undefined}
 */
export function nodeTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minimumMajor = 0, minimumMinor = 0] = MINIMUM_NODE;
  if (major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)) return undefined;
  return `Stillgrain needs Node ${MINIMUM_NODE.join('.')} or later; this is Node ${version}. Get it from https://nodejs.org`;
}

/**
 * Tells whether what npm last installed is what the lock file asks for. Optional packages may be absent: most of them
 * are binaries for other systems.
 *
 * @param {LockFile} lock package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json, which npm writes when an installation has succeeded
 * @returns {boolean}
 */
export function installMatches(lock, installed) {
  const same = (/** @type {LockedPackage} */ a, /** @type {LockedPackage} */ b) =>
    a.version === b.version && a.integrity === b.integrity;
  const wanted = Object.entries(lock.packages).filter(([folder]) => folder !== '');
  const complete = wanted.every(([folder, entry]) => {
    const present = installed.packages[folder];
    return present ? same(entry, present) : entry.optional === true || entry.devOptional === true;
  });
  return complete && Object.keys(installed.packages).every((folder) => lock.packages[folder] !== undefined);
}

/**
 * Runs a JavaScript program with this Node, its output on ours.
 *
 * @param {string} script path from the repository's root
 * @param {string[]} [args]
 * @returns {boolean} whether it succeeded
 */
export function node(script, args = []) {
  const result = spawnSync(process.execPath, [path.resolve(ROOT, script), ...args], { cwd: ROOT, stdio: 'inherit' });
  return result.status === 0;
}

/**
 * Runs a JavaScript program as `node` does, while this process goes on; what it prints is kept until its end.
 *
 * @param {string} script path from the repository's root
 * @param {string[]} [args]
 * @returns {Promise<{ passed: boolean, output: string }>}
 */
export async function nodeBeside(script, args = []) {
  const child = spawn(process.execPath, [path.resolve(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  }
  const [code] = await once(child, 'close');
  return { passed: code === 0, output };
}

/**
 * Runs a JavaScript program as `node` does, while this process goes on, its output on ours.
 *
 * @param {string} script path from the repository's root
 * @param {string[]} [args]
 * @returns {Promise<boolean>} whether it succeeded
 */
export async function nodeShown(script, args = []) {
  const child = spawn(process.execPath, [path.resolve(ROOT, script), ...args], { cwd: ROOT, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code === 0;
}

/** Installs the locked dependencies unless they are there already. */
export function install() {
  const problem = nodeTooOld(process.versions.node);
  if (problem) throw new TaskError(problem);
  if (isInstalled()) return;
  console.log('Installing dependencies (npm ci)...');
  // ONNX Runtime's post-install step downloads CUDA libraries, hundreds of megabytes that only some people can use.
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip', ...process.env };
  const options = { cwd: ROOT, stdio: /** @type {const} */ ('inherit'), env };
  const npm = process.env['npm_execpath'];
  const result = npm?.endsWith('npm-cli.js')
    ? spawnSync(process.execPath, [npm, 'ci'], options)
    : spawnSync('npm ci', { ...options, shell: true });
  if (result.status !== 0) throw new TaskError('npm ci failed; its messages above say why.');
}

function isInstalled() {
  const hidden = path.join(ROOT, 'node_modules/.package-lock.json');
  return existsSync(hidden) && installMatches(readJson(path.join(ROOT, 'package-lock.json')), readJson(hidden));
}

/**
 * @param {string} file
 * @returns {any}
 */
export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
