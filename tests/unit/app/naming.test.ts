import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAME_TOKENS, parseTemplate, renderName, type NameValues } from '../../../main/app/naming.js';

const values: NameValues = { name: 'IMG_1', ext: 'jpg', parent: 'Rome', index: '7', model: 'fast', strength: '0.5' };
const render = (template: string, extension = '.jpg'): string =>
  renderName(parseTemplate(template), values, extension, 'linux').join('/');

describe('a naming template', () => {
  it.each([
    ['{name}', 'IMG_1.jpg'],
    ['{parent}/{name}', 'Rome/IMG_1.jpg'],
    ['{parent}\\{name}', 'Rome/IMG_1.jpg'],
    ['{index:4}-{name}', '0007-IMG_1.jpg'],
    ['{name}-{model}-{strength}', 'IMG_1-fast-0.5.jpg'],
    ['{name}_{ext}', 'IMG_1_jpg.jpg'],
    ['{{{name}}}', '{IMG_1}.jpg'],
    ['사진 {index}', '사진 7.jpg'],
    ['a..b', 'a..b.jpg'],
  ])('%s names %s', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    ['', 'must not be empty'],
    ['{nme}', 'unknown token {nme}; there are {name}, {ext}'],
    ['{toString}', 'unknown token {toString}'],
    ['{name:3}', 'only {index:N} takes a number'],
    ['{index:0}', 'only {index:N} takes a number'],
    ['{index:99}', 'from 1 to 12'],
    ['{name', "lone '{'"],
    ['name}', "lone '}'"],
    ['../{name}', "the folder '..'"],
    ['a/../../{name}', "the folder '..'"],
    ['./{name}', "the folder '.'"],
    ['/etc/{name}', 'starts at a root'],
    ['\\\\server\\{name}', 'starts at a root'],
    ['C:{name}', 'starts at a root'],
    ['a//{name}', 'empty folder name'],
    ['{parent}/', 'empty folder name'],
  ])('refuses %j', (template, reason) => {
    expect(() => parseTemplate(template)).toThrow(reason);
    expect(() => parseTemplate(template)).toThrow(expect.objectContaining({ code: 'usage/invalid' }));
  });

  it('never leaves its folder and always fits, whatever the photo is called', () => {
    const token = fc.constantFrom(...Object.keys(NAME_TOKENS)).map((name) => `{${name}}`);
    const segment = fc.array(fc.oneof(token, fc.constantFrom('a', '-', ' ', '日')), { minLength: 1, maxLength: 4 });
    const template = fc
      .array(segment, { minLength: 1, maxLength: 3 })
      .map((all) => all.map((s) => s.join('')).join('/'));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('..', '.', '', '/', '\\', '한'.repeat(200), 'CON'),
    );
    const photo = fc.record({
      name: text,
      ext: text,
      parent: text,
      index: fc.nat().map(String),
      model: text,
      strength: text,
    });
    fc.assert(
      fc.property(template, photo, fc.constantFrom('linux', 'win32', 'darwin'), (source, named, platform) => {
        fc.pre(source.trim() !== '');
        const segments = renderName(parseTemplate(source), named, '.jpg', platform);
        expect(segments).toHaveLength(source.split('/').length);
        for (const name of segments) {
          expect(name).not.toMatch(platform === 'win32' ? /[/\\\0]/ : /[/\0]/);
          expect(['', '.', '..']).not.toContain(name);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        }
      }),
    );
  });
});
