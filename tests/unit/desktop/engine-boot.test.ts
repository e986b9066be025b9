import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { hideNativeSharp } from '../../../main/desktop/engine-boot.js';

it("hides sharp's native builds for Linux and nothing else", () => {
  const resolve = vi.fn((request: string) => `/found/${request}`);
  const resolver = { _resolveFilename: resolve };
  hideNativeSharp(resolver);
  for (const name of ['linux-x64', 'linuxmusl-arm64', 'libvips-linux-x64']) {
    expect(() => resolver._resolveFilename(`@img/sharp-${name}/sharp.node`)).toThrow(
      expect.objectContaining({ code: 'MODULE_NOT_FOUND' }) as Error,
    );
  }
  expect(resolver._resolveFilename('@img/sharp-wasm32/sharp.node')).toBe('/found/@img/sharp-wasm32/sharp.node');
  expect(resolver._resolveFilename('sharp')).toBe('/found/sharp');
});

it('makes the sharp of the bundled engine pass over its native build', () => {
  // As in a utility process: with a port to its parent.
  const script = `
    import Module from 'node:module';
    const [boot, engine] = process.argv.slice(1);
    const { hideNativeSharp } = await import(boot);
    hideNativeSharp(Module);
    let said = null;
    process.parentPort = { on: () => undefined, postMessage: ({ type }) => (said = type) };
    const outcome = await import(engine).then(() => said, (error) => error.message);
    const loaded = process.report.getReport().sharedObjects.filter((name) => /sharp-linux/.test(name));
    console.log(JSON.stringify({ outcome, loaded }));
    process.exit();`;
  const [boot, engine] = ['main/desktop/engine-boot.js', 'bundle/engine/main.js'].map((file) =>
    path.resolve(import.meta.dirname, '../../../dist', file),
  );
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, boot!, engine!], {
    cwd: path.resolve(import.meta.dirname, '../../..'),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const { outcome, loaded } = JSON.parse(stdout) as { outcome: string; loaded: string[] };
  expect(loaded).toEqual([]);
  // Where the WebAssembly build is not installed, sharp says that it found none.
  expect(outcome).toMatch(/^ready$|Could not load the "sharp" module/);
});
