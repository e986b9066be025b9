import { defineConfig, type RolldownOptions } from 'rolldown';

/**
 * Bundles what Node runs, with the packages that it uses: a command and an engine that read a few files each start in half
 * the time that hundreds take. The compiler's output, which tests and other hosts import, is not needed for it.
 */

/** Packages that have libraries, programs or models beside them: they stay where they are. All others become part. */
const BESIDE = /^(@img\/sharp-|onnxruntime-node(\/|$)|exiftool-vendored\.)/;

/**
 * Bundles lie as deep in dist/ as what the compiler makes of the same files, so that what they look for beside themselves is
 * there: models, the window, the engine.
 */
const program = (folder: string, input: string[]): RolldownOptions => ({
  input,
  platform: 'node',
  external: BESIDE,
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
