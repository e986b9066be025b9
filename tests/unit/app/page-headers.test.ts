import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY, pageContentType } from '../../../main/app/page-headers.js';

const directives = new Map(
  CONTENT_SECURITY_POLICY.split('; ').map((directive) => {
    const [name, ...sources] = directive.split(' ');
    return [name, sources] as const;
  }),
);

it('allows no other origin, no inline script and no evaluation', () => {
  expect(directives.get('default-src')).toEqual(["'none'"]);
  expect(directives.get('script-src')).toEqual(["'self'"]);
  const sources = [...directives.values()].flat();
  expect(sources.filter((source) => /unsafe|data:|https?:|wss?:|\*/.test(source))).toEqual([]);
});

it("allows the one style that React Aria adds, by the library's own text", () => {
  const library = path.dirname(createRequire(import.meta.url).resolve('react-aria/package.json'));
  const source = readFileSync(path.join(library, 'dist/private/interactions/usePress.mjs'), 'utf8');
  const attribute = /PRESSABLE_ATTRIBUTE = '([\w-]+)'/.exec(source)?.[1] ?? '';
  const template = /style\.textContent = `([^`]+)`\.trim\(\)/.exec(source)?.[1] ?? '';
  const style = template.replace(/\$\{[^}]*PRESSABLE_ATTRIBUTE\}/, attribute).trim();
  const hash = createHash('sha256').update(style).digest('base64');
  expect(directives.get('style-src')).toEqual(["'self'", `'sha256-${hash}'`]);
});

it.each([
  ['assets/index-abc.js', 'text/javascript; charset=utf-8'],
  ['INDEX.HTML', 'text/html; charset=utf-8'],
  ['notes.exe', undefined],
  ['LICENSE', undefined],
])('knows the type of %s', (file, type) => {
  expect(pageContentType(file)).toBe(type);
});
