import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

/** Documentation that points at nothing is worse than none: every file that is named must be there. */

const ROOT = path.resolve(import.meta.dirname, '../..');

const filesIn = (folder: string, ending: RegExp): string[] =>
  existsSync(path.join(ROOT, folder))
    ? readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => ending.test(name))
        .map((name) => path.join(folder, name))
    : [];

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const documents = ['README.md', ...filesIn('docs', /\.md$/), ...filesIn('models', /\.md$/)];
const sources = ['main', 'preload', 'renderer', 'scripts', 'tests', 'bin'].flatMap((folder) =>
  filesIn(folder, /\.(ts|tsx|mjs)$/),
);

it.each(documents)('%s links to files that exist', (document) => {
  const targets = [...read(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1]!);
  const local = targets.filter((target) => !/^[a-z]+:/.test(target));
  expect(local.filter((target) => !existsSync(path.join(ROOT, path.dirname(document), target)))).toEqual([]);
});

it('comments name documents that exist', () => {
  const missing = sources.flatMap((file) =>
    [...read(file).matchAll(/\bdocs\/(?:decisions\/\d{4}[\w-]*(?:\.md)?|[\w-]+\.md)/g)]
      .map((match) => match[0])
      // A decision may be named by its number alone.
      .filter((name) => !documents.some((document) => document.replaceAll(path.sep, '/').startsWith(name)))
      .map((name) => `${file} names ${name}`),
  );
  expect(missing.join('\n')).toBe('');
});

it('the README names only scripts that package.json has', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read('README.md').matchAll(/\bnpm (?:run )?([a-z][\w-]*)/g)].map((match) => match[1]!);
  expect(named.filter((name) => name !== 'ci' && !(name in scripts))).toEqual([]);
});
