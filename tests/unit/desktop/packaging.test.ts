import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  nodeModulesFilter,
  patternFilter,
  readBuilderConfig,
  validateBuilderConfig,
  type BuilderConfig,
} from '../../support/electron-builder.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const MODULES = path.join(ROOT, 'node_modules');
const FILE = { isDirectory: () => false };

let config: BuilderConfig & {
  readonly files: { readonly filter: string[] }[];
  readonly asarUnpack: string[];
  readonly electronFuses: Record<string, boolean>;
  readonly extraResources: { from: string; to: string; filter?: string[] }[];
  readonly nsis: { include: string };
  readonly mac: { fileAssociations: { ext: string | string[]; role: string; rank: string }[] };
};

beforeAll(async () => {
  config = (await readBuilderConfig(ROOT, 'electron-builder.yml')) as typeof config;
});

/** Every file below a package, from the repository's root, as it is installed here. */
const filesOf = (name: string): string[] =>
  readdirSync(path.join(MODULES, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));

const runtime = () => filesOf('onnxruntime-node').map((file) => file.replace(/^.*?node_modules/, 'node_modules'));
const isLibrary = (file: string) => /\.(node|dll|dylib)$|\.so(\.\d+)*$/.test(file);

/** Systems and processors that packages are built for, and what the runtime calls them. */
const TARGETS = [
  { system: 'win', arch: 'x64', folder: 'win32/x64' },
  { system: 'win', arch: 'arm64', folder: 'win32/arm64' },
  { system: 'mac', arch: 'arm64', folder: 'darwin/arm64' },
  { system: 'linux', arch: 'x64', folder: 'linux/x64' },
  { system: 'linux', arch: 'arm64', folder: 'linux/arm64' },
];

/** Native packages of sharp that a machine with everything installed would have; here npm installs one system's. */
const SHARP = [
  ...['darwin-arm64', 'darwin-x64', 'linux-x64', 'linux-arm64', 'linuxmusl-x64', 'win32-x64', 'win32-arm64', 'wasm32'],
  ...['libvips-darwin-arm64', 'libvips-darwin-x64', 'libvips-linux-x64', 'libvips-linuxmusl-arm64'],
].map((name) => `@img/sharp-${name}`);

const taken = (system: string, arch: string, files: readonly string[]): string[] => {
  const filter = nodeModulesFilter(ROOT, config, system, arch);
  return files.filter((file) => filter(path.join(ROOT, file), FILE));
};

describe('electron-builder.yml', () => {
  it("fits electron-builder's own schema, which would notice a mistake", async () => {
    await validateBuilderConfig(config);
    await expect(validateBuilderConfig({ ...config, electronFuses: { runAsNode: 'perhaps' } })).rejects.toThrow(
      /Invalid configuration/,
    );
    await expect(validateBuilderConfig({ ...config, asarUnpacked: [] })).rejects.toThrow(/Invalid configuration/);
  });

  it('shuts the ways in, and lets nothing but the archive run', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      grantFileProtocolExtraPrivileges: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      enableCookieEncryption: true,
    });
    expect(config['asar']).toBe(true);
  });

  it('names files that are there', () => {
    const { main } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { main: string };
    const source = main.replace(/^dist\//, '').replace(/\.js$/, '.ts');
    expect(existsSync(path.join(ROOT, source)), source).toBe(true);
    const named = ['win', 'mac', 'linux'].map((system) => (config[system] as { icon: string }).icon);
    for (const file of [...named, config.nsis.include]) expect(existsSync(path.join(ROOT, file)), file).toBe(true);
  });

  it('takes the compiled program and the window, and neither tests nor other hosts', () => {
    const included = patternFilter(
      ROOT,
      config.files.flatMap(({ filter }) => filter),
    );
    const takes = (file: string) => included(path.join(ROOT, file), FILE);
    for (const file of [
      'dist/main/desktop/main.js',
      'dist/bundle/engine/main.js',
      'dist/main/core/onnx/codec.js',
      'dist/preload/contract.js',
      'dist/preload-bundle/desktop.cjs',
      'dist/renderer/index.html',
      'dist/renderer/assets/index-abc.css',
      'package.json',
    ]) {
      expect(takes(file), file).toBe(true);
    }
    for (const file of [
      'dist/main/cli/main.js',
      'dist/main/engine/main.js',
      'dist/bundle/cli/main.js',
      'dist/main/web/server.js',
      'dist/tests/unit/x.js',
      'dist/main/desktop/main.js.map',
      'dist/main/desktop/main.d.ts',
      'dist/renderer/bridge.js',
      'main/desktop/main.ts',
      'models/denoise-quality.onnx',
      'README.md',
    ]) {
      expect(takes(file), file).toBe(false);
    }
  });

  it('brings the models, and whatever else the program reads beside itself', () => {
    for (const { from, filter } of config.extraResources) {
      expect(existsSync(path.join(ROOT, from)), from).toBe(true);
      if (filter === undefined) continue;
      const folder = path.join(ROOT, from);
      const names = readdirSync(folder);
      for (const pattern of filter) {
        const matches = patternFilter(folder, [pattern]);
        expect(
          names.filter((name) => matches(path.join(folder, name), FILE)),
          pattern,
        ).not.toEqual([]);
      }
    }
    const models = config.extraResources.find((resource) => resource.to === 'models');
    const inModels = patternFilter(path.join(ROOT, 'models'), models?.filter ?? []);
    const { models: catalog } = JSON.parse(readFileSync(path.join(ROOT, 'models/catalog.json'), 'utf8')) as {
      models: { file: string }[];
    };
    for (const { file } of catalog) expect(inModels(path.join(ROOT, 'models', file), FILE), file).toBe(true);
  });

  it('offers itself for photos without taking them over', () => {
    const associations = config.mac.fileAssociations;
    expect(associations.flatMap(({ ext }) => ext).sort()).toEqual(
      ['avif', 'jpe', 'jpeg', 'jpg', 'png', 'tif', 'tiff', 'webp'].sort(),
    );
    expect(associations.every(({ role, rank }) => role === 'Editor' && rank === 'Alternate')).toBe(true);
    expect(config['fileAssociations'] ?? (config['win'] as BuilderConfig)['fileAssociations']).toBeUndefined();
    const script = readFileSync(path.join(ROOT, config.nsis.include), 'utf8');
    for (const extension of associations.flatMap(({ ext }) => ext)) expect(script).toContain(`"${extension}"`);
  });
});

describe('native packages', () => {
  it('each unpack pattern fits something that is installed, or is WebAssembly', () => {
    const installed = ['onnxruntime-node', '@img', 'tslib', 'exiftool-vendored.pl', 'exiftool-vendored.exe']
      .filter((name) => existsSync(path.join(MODULES, name)))
      .flatMap(filesOf);
    for (const pattern of config.asarUnpack) {
      const matches = patternFilter(ROOT, [pattern]);
      const isOptional = pattern.includes('@emnapi');
      const found = installed.some((file) => matches(path.join(ROOT, file), FILE));
      expect(found || isOptional, pattern).toBe(true);
    }
  });

  it('every library that is installed is unpacked: none can be loaded out of an archive', () => {
    const unpacked = patternFilter(ROOT, config.asarUnpack);
    const libraries = ['onnxruntime-node', '@img'].flatMap(filesOf).filter(isLibrary);
    expect(libraries.length).toBeGreaterThan(8);
    expect(libraries.filter((file) => !unpacked(path.join(ROOT, file), FILE))).toEqual([]);
  });

  it.each(TARGETS)("$system $arch: the runtime's libraries are its own, complete", ({ system, arch, folder }) => {
    const libraries = runtime().filter(isLibrary);
    const own = libraries.filter((file) => file.includes(`/${folder}/`));
    expect(own.length).toBeGreaterThanOrEqual(2);
    expect(taken(system, arch, libraries)).toEqual(own);
  });

  it.each(TARGETS)("$system $arch: the runtime's JavaScript is there, its installer is not", ({ system, arch }) => {
    const files = taken(system, arch, runtime());
    expect(files).toContain('node_modules/onnxruntime-node/package.json');
    expect(files.some((file) => /onnxruntime-node\/dist\/.*\.js$/.test(file))).toBe(true);
    expect(files.filter((file) => file.includes('/script/'))).toEqual([]);
  });

  it.each([
    ['win', 'x64', ['win32-x64']],
    ['win', 'arm64', ['win32-arm64']],
    ['mac', 'arm64', ['darwin-arm64', 'libvips-darwin-arm64']],
    ['linux', 'x64', ['wasm32']],
    ['linux', 'arm64', ['wasm32']],
  ])('%s %s takes the builds of sharp that work there', (system, arch, names) => {
    const files = SHARP.map((name) => `node_modules/${name}/lib/file.node`);
    expect(taken(system, arch, files).map((file) => /sharp-(.*)\/lib/.exec(file)?.[1])).toEqual(names);
  });

  it('the WebAssembly build of sharp is installed wherever packages are built', () => {
    const { optionalDependencies, dependencies } = JSON.parse(
      readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
    ) as {
      optionalDependencies: Record<string, string>;
      dependencies: Record<string, string>;
    };
    const { version } = JSON.parse(readFileSync(path.join(MODULES, 'sharp/package.json'), 'utf8')) as {
      version: string;
    };
    // Two versions of sharp's halves do not fit each other.
    expect(optionalDependencies['@img/sharp-wasm32']).toBe(version);
    expect(dependencies['sharp']).toContain(version);
  });
});
