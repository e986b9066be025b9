import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAYERS, layerOf, MAX_LINES, violations, type SourceFile } from './rules.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDERS = ['main', 'preload', 'renderer', 'bin', 'scripts', 'tests'];

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
// Electron is a development package that ships around the program instead of in it.
const shipped = new Set([...Object.keys(manifest.dependencies), 'electron']);
const declared = new Set([...shipped, ...Object.keys(manifest.devDependencies)]);

const sources: SourceFile[] = FOLDERS.filter((folder) => existsSync(path.join(ROOT, folder)))
  .flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
  .map((file) => ({ file: file.replaceAll(path.sep, '/'), text: readFileSync(path.join(ROOT, file), 'utf8') }));

describe('every source file', () => {
  it('is found', () => {
    expect(sources.map((source) => source.file)).toEqual(
      expect.arrayContaining(['main/core/errors.ts', 'preload/contract.ts', 'tests/architecture/rules.ts']),
    );
  });

  it('imports only what its layer may, and is short', () => {
    // The window is bundled: what it imports does not ship as packages.
    const isTool = (file: string) => /^(tests|scripts|renderer)\//.test(file);
    const found = sources.flatMap((source) => violations(source, isTool(source.file) ? declared : shipped));
    expect(found.join('\n')).toBe('');
  });
});

interface TsConfig {
  readonly compilerOptions?: { readonly types?: string[]; readonly lib?: string[] };
  readonly references?: readonly { readonly path: string }[];
}

const readTsConfig = (file: string): TsConfig => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as TsConfig;

const referencesOf = (folder: string): string[] =>
  (readTsConfig(path.posix.join(folder, 'tsconfig.json')).references ?? []).map((reference) =>
    path.posix.join(folder, reference.path),
  );

describe('tsconfig references', () => {
  const projects = referencesOf('.');

  it('cover every layer that has files', () => {
    const withFiles = new Set(sources.filter((s) => /\.tsx?$/.test(s.file)).map((s) => layerOf(s.file)));
    expect([...withFiles].filter((layer) => layer === undefined || !projects.includes(layer))).toEqual([]);
  });

  it.each(projects)('%s references only what it may import', (project) => {
    expect(Object.keys(LAYERS)).toContain(project);
    expect(referencesOf(project).filter((reference) => !LAYERS[project]!.includes(reference))).toEqual([]);
  });

  it('keep Node and DOM types out of main/core', () => {
    const base = readTsConfig('tsconfig.base.json').compilerOptions;
    const core = readTsConfig('main/core/tsconfig.json').compilerOptions;
    expect(core?.types ?? base?.types).toEqual([]);
    expect(core?.lib ?? base?.lib).toEqual(['ES2023']);
  });
});

describe('the rules bite', () => {
  const check = (file: string, text: string) =>
    violations({ file, text }, new Set(['zod', 'sharp', 'commander', 'onnxruntime-node']));

  it.each([
    ['main/core/image/x.ts', "import fs from 'node:fs';", 'main/core is pure'],
    ['main/core/image/x.ts', "import { z } from 'zod';", 'main/core is pure'],
    ['main/core/onnx/graph.ts', "import { ModelProto } from 'onnx-buf';", 'main/core is pure'],
    ['main/core/image/x.ts', "import type { A } from '../../engine/a.js';", 'may not import main/engine'],
    ['main/core/image/x.ts', "import type { A } from '../../../preload/contract.js';", 'may not import preload'],
    ['preload/contract.ts', "import { E } from '../main/core/errors.js';", 'may not import main/core'],
    ['preload/engine-protocol.ts', "import fs from 'node:fs';", 'preload is pure'],
    ['main/engine/x.ts', "export * from '../app/queue.js';", 'may not import main/app'],
    ['main/app/x.ts', "const e = await import('../engine/denoise.js');", 'may not import main/engine'],
    ['main/cli/x.ts', "import { a } from '../engine/a.js';", 'may not import main/engine'],
    ['main/cli/x.ts', "type E = import('../core/errors.js').AppError;", 'may not import main/core'],
    ['main/desktop/x.ts', "import { a } from '../cli/a.js';", 'may not import main/cli'],
    ['main/web/x.ts', "import { a } from '../engine/a.js';", 'may not import main/engine'],
    ['main/app/x.ts', "import { a } from '../../tests/support/a.js';", 'may not import tests'],
    ['renderer/app.tsx', "import { bridge } from '../preload/desktop.js';", 'preload/contract.js and'],
    ['renderer/app.tsx', "import { FORMATS } from '../preload/contract.js';", 'types only'],
    ['renderer/app.tsx', "import {\n  type Format,\n} from '../preload/contract.js';", 'types only'],
    ['renderer/app.tsx', "import { a } from '../main/app/a.js';", 'may not import main/app'],
    ['renderer/app.tsx', "import os from 'node:os';", 'no Node'],
    ['main/engine/denoise.ts', "import * as ort from 'onnxruntime-node';", 'main/engine/runtime.ts and'],
    ['main/engine/preview.ts', "const sharp = require('sharp');", 'main/engine/codec.ts'],
    ['scripts/demo.ts', "import sharp from 'sharp';", 'main/engine/codec.ts'],
    ['tests/unit/x.test.ts', "import sharp from 'sharp';", 'tests/support/ only'],
    ['main/app/x.ts', "import { app } from 'electron/main';", 'main/desktop/ and preload/desktop.ts only'],
    ['main/app/x.ts', "import left from 'left-pad';", 'not in package.json'],
    ['main/app/x.ts', "import fs from 'fs';", 'not in package.json'],
    ['main/app/x.ts', "import { a } from './a';", "imported as './name.js'"],
    ['scripts/tasks.mjs', "import { z } from 'zod';", 'before anything is installed'],
    ['scripts/tasks.mjs', "import { a } from './demo.js';", 'before anything is built'],
    ['bin/stillgrain.mjs', "import '../dist/bundle/engine/main.js';", 'may not import main/engine'],
    ['main/x.ts', "import { a } from './core/errors.js';", 'no layer'],
  ])('on %s: %s', (file, text, reason) => {
    const found = check(file, text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(reason);
  });

  it.each([
    ['main/core/onnx/codec.ts', "import { ModelProto } from 'onnx-buf';"],
    ['main/core/image/x.ts', "import { AppError } from '../errors.js';"],
    ['preload/contract.ts', "import { z } from 'zod';"],
    ['preload/desktop.ts', "import { contextBridge } from 'electron/renderer';"],
    ['main/engine/runtime.ts', "import * as ort from 'onnxruntime-node';"],
    ['main/engine/codec.ts', "import sharp from 'sharp'; import fs from 'node:fs/promises';"],
    ['main/cli/main.ts', "import { Command } from 'commander'; import { run } from '../app/run.js';"],
    ['tests/support/images.ts', "import sharp from 'sharp';"],
    ['renderer/app.tsx', "import type { Format } from '../preload/contract.js';"],
    ['renderer/app.tsx', "import { FORMATS } from '../preload/vocabulary.js';"],
    ['bin/stillgrain.mjs', "await import('../dist/bundle/cli/main.js');"],
    ['scripts/tasks.mjs', "import { spawnSync } from 'node:child_process'; import { b } from './bootstrap.mjs';"],
    ['main/app/x.ts', "// import fs from 'fs'\nconst text = \"import fs from 'fs'\";"],
  ])('and spare %s: %s', (file, text) => {
    expect(check(file, text)).toEqual([]);
  });

  it.each(['enum Colour { Red }', 'export const enum Colour { Red }'])('on %s', (text) => {
    expect(check('main/app/x.ts', text)).toEqual(['main/app/x.ts has enum Colour: use a union of words']);
  });

  it('on a file that is too long', () => {
    expect(check('main/app/x.ts', 'a;\n'.repeat(MAX_LINES))).toEqual([]);
    expect(check('main/app/x.ts', 'a;\n'.repeat(MAX_LINES + 1))).toEqual(['main/app/x.ts has 401 lines: 400 at most']);
  });
});
