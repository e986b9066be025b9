// The tasks behind `npm test`, `npm run demo` and the rest: `node scripts/tasks.mjs NAME [arguments]`.
// Each works on a fresh clone. This file runs before anything is installed: Node's own modules only.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { install, node, nodeBeside, nodeShown, readJson, ROOT, TaskError } from './bootstrap.mjs';
import { findBrowser } from './browsers.mjs';
import { bundle } from './bundles.mjs';
import { startDesktop } from './desktop.mjs';
import { setUpBrowser } from './setup-browser.mjs';
import { closingLine, tally } from './tally.mjs';

const TEST_REPORT = path.join(ROOT, 'dist/test-report.json');
// TypeScript projects, each built with those it references. No project references the engine's entry: it is forked.
const PROGRAM = ['main/cli', 'main/engine', 'main/web', 'main/desktop'];
const SCRIPTS = ['scripts', ...PROGRAM];
const EVERYTHING = ['.'];
const GENERATED = ['dist', 'demo-out', 'bench-out', 'coverage'];

const OXLINT = 'node_modules/oxlint/bin/oxlint';
const OXFMT = 'node_modules/oxfmt/bin/oxfmt';

/** @type {Record<string, (args: string[]) => boolean | Promise<boolean>>} */
const TASKS = {
  start: (args) => build() && start(args),
  build: () => build(),
  check: async () => prepare(EVERYTHING) && report(await Promise.all([lint(), checkFormat()])) === 0,
  test: (args) => test(args),
  'setup-browser': () => setUpBrowser(),
  demo: (args) => prepare(SCRIPTS) && makeBundles() && node('dist/scripts/demo/main.js', args),
  bench: (args) => prepare(SCRIPTS) && makeBundles() && node('dist/scripts/bench/main.js', args),
  quantize: (args) => prepare(SCRIPTS) && node('dist/scripts/quantize/main.js', args),
  screenshots: (args) => prepare(SCRIPTS) && makeBundles() && node('dist/scripts/screenshots/main.js', args),
  package: (args) => build() && node('node_modules/electron-builder/cli.js', args),
  icons: () => prepare(SCRIPTS) && node('dist/scripts/icons/main.js'),
  format: () => {
    install();
    return node(OXFMT, []);
  },
  clean: () => {
    for (const folder of GENERATED) rmSync(path.join(ROOT, folder), { recursive: true, force: true });
    return true;
  },
};

/**
 * Installs and compiles; compiling checks the types too.
 *
 * @param {string[]} projects
 */
function prepare(projects) {
  install();
  return step('Build', () => node('node_modules/typescript/bin/tsc', ['--build', ...projects]));
}

/** The whole program: compiled and bundled. */
function build() {
  return prepare(PROGRAM) && makeBundles();
}

function makeBundles() {
  return step('Bundles', bundle);
}

/**
 * Opens the window: on the desktop, or in the browser where there is no Electron.
 *
 * @param {string[]} args
 */
function start(args) {
  const ended = startDesktop(args);
  if (typeof ended === 'boolean') return ended;
  console.log(`${ended}, so the window is served to your browser instead. Ctrl-C ends it.`);
  // In this process, so that whatever stops it stops the server, too.
  process.argv.splice(2, Infinity, 'serve', ...args);
  void import(pathToFileURL(path.join(ROOT, 'bin/stillgrain.mjs')).href);
  return true;
}

const lint = () => check('Lint', OXLINT, ['--max-warnings', '0', '--report-unused-disable-directives']);

const checkFormat = () => check('Format', OXFMT, ['--check']);

/**
 * Checks the sources while this process goes on.
 *
 * @param {string} name
 * @param {string} script
 * @param {string[]} args
 * @returns {Promise<{ passed: boolean, text: string }>} with what is to be said of it
 */
async function check(name, script, args) {
  const start = performance.now();
  const { passed, output } = await nodeBeside(script, args);
  return { passed, text: `${output}${ending(name, passed, start)}` };
}

/**
 * Says what checks have found.
 *
 * @param {{ passed: boolean, text: string }[]} checks
 * @returns {number} of those that failed
 */
function report(checks) {
  for (const { text } of checks) console.log(text);
  return checks.filter(({ passed }) => !passed).length;
}

/**
 * Runs the tests and checks everything meanwhile; each check that fails counts as one failed test. The tests that come first
 * wait for nothing, so that it does not matter with whom they share the cores.
 *
 * @param {string[]} args for vitest, to run a part of the tests
 */
async function test(args) {
  if (!prepare(EVERYTHING) || !makeBundles()) return close({ passed: 0, failed: 1, skipped: 0 });
  // What is compiled is looked at as well: tests that start threads import it.
  const checks = Promise.all([lint(), checkFormat()]);
  const counts = await runTests(args);
  const failedChecks = report(await checks);
  if (findBrowser() === undefined) {
    console.log('\nNO BROWSER: the end-to-end tests were SKIPPED. `npm run setup-browser` gets one.');
  }
  return close({ ...counts, failed: counts.failed + failedChecks });
}

/** @param {string[]} args */
async function runTests(args) {
  mkdirSync(path.dirname(TEST_REPORT), { recursive: true });
  rmSync(TEST_REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${TEST_REPORT}`];
  const exitedWell = await nodeShown('node_modules/vitest/vitest.mjs', ['run', ...reporters, ...args]);
  if (!existsSync(TEST_REPORT)) return { passed: 0, failed: 1, skipped: 0 };
  return tally(readJson(TEST_REPORT), exitedWell);
}

/** @param {import('./tally.mjs').Tally} counts */
function close(counts) {
  console.log(closingLine(counts));
  return counts.failed === 0 && counts.passed > 0;
}

/**
 * Runs one step and says how long it took.
 *
 * @param {string} name
 * @param {() => boolean} work
 */
function step(name, work) {
  const start = performance.now();
  const passed = work();
  console.log(ending(name, passed, start));
  return passed;
}

/**
 * @param {string} name
 * @param {boolean} passed
 * @param {number} start as of `performance.now`
 */
function ending(name, passed, start) {
  return `${name}: ${passed ? 'ok' : 'FAILED'} (${((performance.now() - start) / 1000).toFixed(1)} s)`;
}

async function main() {
  const [name = '', ...args] = process.argv.slice(2);
  const task = TASKS[name];
  if (!task) throw new TaskError(`Unknown task '${name}'. There are: ${Object.keys(TASKS).join(', ')}`);
  if (!(await task(args))) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof TaskError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
