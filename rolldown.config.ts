import { defineConfig, type RolldownOptions } from 'rolldown';

/**
 * Bundles what Node runs: a command and an engine that read a few files each start in half the time that hundreds take. The
 * compiler's output, which tests and other hosts import, is not needed for it.
 */

/** Packages that are many small files, of which a part is used. The others have libraries or files of their own beside them. */
const BUNDLED = /^(@bufbuild\/protobuf|cli-progress|commander|env-paths|onnx-buf|zod)(\/|$)/;
const PACKAGE = /^[^./]/;

/**
 * Bundles lie as deep in dist/ as what the compiler makes of the same files, so that what they look for beside themselves is
 * there: models, the window, the engine.
 */
const program = (folder: string, input: string[]): RolldownOptions => ({
  input,
  platform: 'node',
  external: (id) => PACKAGE.test(id) && !BUNDLED.test(id),
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  onLog: (level, log, otherwise) => {
    otherwise(level === 'warn' ? 'error' : level, log);
  },
  output: {
    dir: `dist/bundle/${folder}`,
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  },
});

export default defineConfig([
  program('cli', ['main/cli/main.ts']),
  program('engine', ['main/engine/main.ts', 'main/engine/training/loader-worker.ts']),
]);
