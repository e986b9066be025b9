import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { handedPaths, pathsOf } from '../../../main/desktop/command-line.js';
import { OpenedPaths } from '../../../main/desktop/opened-paths.js';

const CWD = path.resolve('/photos');
const at = (name: string) => path.resolve(CWD, name);

it.each([
  ['nothing', ['stillgrain'], 1, []],
  ['a file', ['stillgrain', 'a.jpg'], 1, [at('a.jpg')]],
  ['a path that is absolute', ['stillgrain', at('b.jpg')], 1, [at('b.jpg')]],
  ['in development', ['electron', '.', 'a.jpg'], 2, [at('a.jpg')]],
  ['switches of Chromium', ['stillgrain', '--original-process-start-time=1', 'a.jpg', '-v'], 1, [at('a.jpg')]],
  ['a name that starts with a dash', ['stillgrain', '--', '-odd.jpg'], 1, [at('-odd.jpg')]],
  ['a URL of a file', ['stillgrain', pathToFileURL(at('ä b.jpg')).href], 1, [at('ä b.jpg')]],
  ['a URL of anything else', ['stillgrain', 'https://example.org/a.jpg', 'stillgrain://x'], 1, []],
  ['a file of another computer', ['stillgrain', 'file://server%00/a.jpg'], 1, []],
  ['empty arguments', ['stillgrain', ''], 1, []],
])('reads a command line with %s', (_, argv, skip, expected) => {
  expect(pathsOf(argv, CWD, skip)).toEqual(expected);
});

it('takes ten thousand paths at most', () => {
  expect(pathsOf(Array<string>(10_050).fill('a.jpg'), CWD, 0)).toHaveLength(10_000);
});

it('takes absolute paths alone from a second start', () => {
  expect(handedPaths({ paths: [at('a.jpg'), '../b.jpg', 7, null, ''] })).toEqual([at('a.jpg')]);
});

it.each([[undefined], [null], ['text'], [{}], [{ paths: 'a.jpg' }], [{ paths: {} }]])(
  'takes nothing from a second start that hands over %j',
  (data) => {
    expect(handedPaths(data)).toEqual([]);
  },
);

it('keeps what is opened before anybody can take it, once and in order', () => {
  const opened = new OpenedPaths();
  const taken: (readonly string[])[] = [];
  opened.add(['a']);
  opened.add([]);
  opened.add(['b', 'c']);
  opened.deliverTo((paths) => taken.push(paths));
  opened.add(['d']);
  expect(taken).toEqual([['a', 'b', 'c'], ['d']]);
});
