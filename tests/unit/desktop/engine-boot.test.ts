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

it('makes the real sharp pass over its native build', () => {
  const script = `
    import Module from 'node:module';
    const { hideNativeSharp } = await import(process.argv[1]);
    hideNativeSharp(Module);
    const outcome = await import('sharp').then(({ default: sharp }) => JSON.stringify(sharp.versions), (e) => e.message);
    const loaded = process.report.getReport().sharedObjects.filter((name) => /sharp-linux/.test(name));
    console.log(JSON.stringify({ outcome, loaded }));`;
  const boot = path.resolve(import.meta.dirname, '../../../dist/main/desktop/engine-boot.js');
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, boot], {
    cwd: path.resolve(import.meta.dirname, '../../..'),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const { outcome, loaded } = JSON.parse(stdout) as { outcome: string; loaded: string[] };
  expect(loaded).toEqual([]);
  // Where the WebAssembly build is not installed, sharp says that it found none.
  expect(outcome).toMatch(/emscripten|Could not load the "sharp" module/);
});
