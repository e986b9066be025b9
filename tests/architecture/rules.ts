import path from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';

/** One source file: its path from the repository's root, with forward slashes, and its text. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** No source file is longer: what needs more is two things. */
export const MAX_LINES = 400;

/** Every folder of ours, and the folders that its files may import besides their own. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'main/core': [],
  'main/engine': ['main/core', 'preload'],
  'main/app': ['main/core', 'preload'],
  'main/cli': ['main/app', 'main/web', 'preload'],
  'main/desktop': ['main/app', 'preload'],
  'main/web': ['main/app', 'preload'],
  preload: [],
  renderer: ['preload'],
  bin: ['main/cli'],
  scripts: ['main/core', 'main/engine', 'main/app', 'main/cli', 'main/web', 'preload'],
  tests: [
    'main/core',
    'main/engine',
    'main/app',
    'main/cli',
    'main/desktop',
    'main/web',
    'preload',
    'renderer',
    'scripts',
  ],
};

/** Packages that only the named files, or files in the named folders, may import. */
const CONFINED: Readonly<Record<string, readonly string[]>> = {
  // The test helper runs operators and types that the engine has no use for.
  'onnxruntime-node': ['main/engine/runtime.ts', 'tests/integration/onnx-runtime.ts'],
  sharp: ['main/engine/codec.ts', 'tests/support/'],
  electron: ['main/desktop/', 'preload/desktop.ts'],
};

/** Layers that may import no package except those listed, in the files listed; `node:` modules count as packages. */
const PURE: Readonly<Record<string, readonly { readonly in: string; readonly packages: readonly string[] }[]>> = {
  'main/core': [{ in: 'main/core/onnx/codec.ts', packages: ['onnx-buf', '@bufbuild/protobuf'] }],
  preload: [
    { in: 'preload/', packages: ['zod'] },
    { in: 'preload/desktop.ts', packages: ['electron'] },
  ],
};

/** What the window may import of preload: the types, and what it needs when it runs. */
const WINDOW_SEES: readonly string[] = ['preload/contract.js', 'preload/vocabulary.js'];

/** An import of more than types from the contract, whose schemas would make the window start late. */
const IMPORTS_SCHEMAS = /^import (?!type\b)[^;]*\/preload\/contract\.js'/m;

/** The layer that a file belongs to, by the longest folder name that fits; what is made of files counts as their sources. */
export function layerOf(file: string): string | undefined {
  const source = file.replace(/^dist\//, '').replace(/^bundle\//, 'main/');
  return Object.keys(LAYERS)
    .filter((layer) => source.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** Everything wrong with one file, a line each; `declared` holds the names of package.json's dependencies. */
export function violations(source: SourceFile, declared: ReadonlySet<string>): string[] {
  const { imports, enums } = read(source);
  const found = imports.flatMap((specifier) => {
    const reason = specifier.startsWith('.')
      ? refusedFile(source.file, specifier)
      : refusedPackage(source.file, specifier, declared);
    return reason === undefined ? [] : [`${source.file} imports '${specifier}': ${reason}`];
  });
  if (layerOf(source.file) === 'renderer' && IMPORTS_SCHEMAS.test(source.text)) {
    found.push(`${source.file}: the window takes types only from preload/contract.js`);
  }
  found.push(...enums.map((name) => `${source.file} has enum ${name}: use a union of words`));
  const lines = source.text.trimEnd().split('\n').length;
  if (lines > MAX_LINES) found.push(`${source.file} has ${lines} lines: ${MAX_LINES} at most`);
  return found;
}

/** What a file imports and hands on, types too, by whatever syntax (not where the name is computed), and its enums. */
function read({ file, text }: SourceFile): { readonly imports: readonly string[]; readonly enums: readonly string[] } {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0]!.message}`);
  const imports: string[] = [];
  const enums: string[] = [];
  const take = (source: { readonly type: string } | null | undefined) => {
    if (source && 'value' in source && typeof source.value === 'string') imports.push(source.value);
  };
  new Visitor({
    ImportDeclaration({ source }) {
      take(source);
    },
    ExportAllDeclaration({ source }) {
      take(source);
    },
    ExportNamedDeclaration({ source }) {
      take(source);
    },
    ImportExpression({ source }) {
      take(source);
    },
    TSImportType({ source }) {
      take(source);
    },
    TSExternalModuleReference({ expression }) {
      take(expression);
    },
    CallExpression({ callee, arguments: [name] }) {
      if (callee.type === 'Identifier' && callee.name === 'require') take(name);
    },
    TSEnumDeclaration({ id }) {
      enums.push(id.name);
    },
  }).visit(program);
  return { imports, enums };
}

function refusedFile(file: string, specifier: string): string | undefined {
  const layer = layerOf(file);
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const targetLayer = layerOf(target);
  if (layer === undefined || targetLayer === undefined) return 'one of the two belongs to no layer';
  if (/\.tsx?$/.test(file) && !/\.(js|mjs|json|css)$/.test(specifier))
    return "our own files are imported as './name.js'";
  if (isBootstrap(file) && !target.endsWith('.mjs')) return 'it runs before anything is built';
  if (layer === 'renderer' && targetLayer === 'preload' && !WINDOW_SEES.includes(target)) {
    return `the window sees ${WINDOW_SEES.join(' and ')} only`;
  }
  if (layer === targetLayer || LAYERS[layer]!.includes(targetLayer)) return undefined;
  return `${layer} may not import ${targetLayer}`;
}

function refusedPackage(file: string, specifier: string, declared: ReadonlySet<string>): string | undefined {
  const name = packageName(specifier);
  const layer = layerOf(file);
  if (layer === undefined) return 'the file belongs to no layer';
  const homes = CONFINED[name];
  if (homes && !homes.some((home) => isWithin(file, home))) return `${name} is imported in ${homes.join(' and ')} only`;
  const exceptions = PURE[layer];
  if (exceptions) {
    const allowed = exceptions.some((exception) => isWithin(file, exception.in) && exception.packages.includes(name));
    return allowed ? undefined : `${layer} is pure: no packages, no Node`;
  }
  if (specifier.startsWith('node:')) {
    return layer === 'renderer' ? 'the window has no Node' : undefined;
  }
  if (isBootstrap(file)) return 'it runs before anything is installed';
  return declared.has(name) ? undefined : `${name} is not in package.json`;
}

/** Scripts that npm starts on a fresh clone. */
function isBootstrap(file: string): boolean {
  return file.startsWith('scripts/') && file.endsWith('.mjs');
}

function isWithin(file: string, place: string): boolean {
  return place.endsWith('/') ? file.startsWith(place) : file === place;
}

/** 'zod' of 'zod/v4', '@img/sharp' of '@img/sharp/lib', 'node:fs' of 'node:fs/promises'. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
