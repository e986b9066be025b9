import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../main/app/naming.js';
import { assignOutputs, desiredOutput, numbered, pathKey, type NamingOptions } from '../../../main/app/output-plan.js';

const naming = (changes: Partial<NamingOptions> = {}): NamingOptions => ({
  out: '/out',
  template: parseTemplate('{name}'),
  format: 'keep',
  model: '/models/mine.onnx',
  strength: 1,
  keepFolders: true,
  ...changes,
});
const photo = (relative: string) => ({ path: `/in/${relative}`, root: '/in', relative });

describe('desiredOutput', () => {
  it.each([
    ['a.jpg', {}, '/out/a.jpg'],
    ['x/y/a.JPG', {}, '/out/x/y/a.JPG'],
    ['a.JPG', { format: 'jpeg' }, '/out/a.JPG'],
    ['a.jpeg', { format: 'jpeg' }, '/out/a.jpeg'],
    ['a.png', { format: 'jpeg' }, '/out/a.jpg'],
    ['a.jpg', { format: 'tiff' }, '/out/a.tif'],
    ['archive.tar.png', { format: 'webp' }, '/out/archive.tar.webp'],
    ['no-extension', {}, '/out/no-extension'],
    ['x/y/a.jpg', { keepFolders: false }, '/out/a.jpg'],
    ['x/a.jpg', { keepFolders: false, template: parseTemplate('{parent}/{name}') }, '/out/x/a.jpg'],
    ['x/a.jpg', { template: parseTemplate('{parent}/{index:3}-{model}') }, '/out/x/x/003-mine.jpg'],
  ] as const)('puts %s with %j at %s', (relative, changes, expected) => {
    expect(desiredOutput(photo(relative), 2, naming(changes))).toBe(expected);
  });
});

interface AssignTestOptions {
  readonly caseSensitive?: boolean;
  readonly taken?: readonly string[];
  readonly remembered?: Readonly<Record<number, string>>;
}

const assign = (
  desired: readonly string[],
  { caseSensitive = true, taken = [], remembered = {} }: AssignTestOptions = {},
): Promise<string[]> =>
  assignOutputs(
    desired.map((path, index) => ({ desired: path, remembered: remembered[index] ?? null })),
    { keyOf: (path) => pathKey(path, caseSensitive), isTaken: (path) => Promise.resolve(taken.includes(path)) },
  );

describe('assignOutputs', () => {
  it('numbers names that are wanted twice, the first keeping its own', async () => {
    expect(await assign(['/o/a.jpg', '/o/a.jpg', '/o/b.jpg', '/o/a.jpg'])).toEqual([
      '/o/a.jpg',
      '/o/a-2.jpg',
      '/o/b.jpg',
      '/o/a-3.jpg',
    ]);
  });

  it('takes letter case for a difference only where the file system does', async () => {
    expect(await assign(['/o/A.jpg', '/o/a.jpg'])).toEqual(['/o/A.jpg', '/o/a.jpg']);
    expect(await assign(['/o/A.jpg', '/o/a.jpg'], { caseSensitive: false })).toEqual(['/o/A.jpg', '/o/a-2.jpg']);
  });

  it('merges composed and decomposed Unicode, as macOS does', async () => {
    expect(await assign(['/o/\u00e9.jpg', '/o/e\u0301.jpg'])).toEqual(['/o/\u00e9.jpg', '/o/e\u0301-2.jpg']);
  });

  it('goes round names that are taken', async () => {
    expect(await assign(['/o/a.jpg', '/o/a.jpg'], { taken: ['/o/a.jpg', '/o/a-2.jpg'] })).toEqual([
      '/o/a-3.jpg',
      '/o/a-4.jpg',
    ]);
  });

  it('gives a resumed run the names it had, even when a newcomer sorts first', async () => {
    expect(await assign(['/o/a.jpg', '/o/a.jpg'], { remembered: { 1: '/o/a.jpg' } })).toEqual([
      '/o/a-2.jpg',
      '/o/a.jpg',
    ]);
  });

  it('never gives a name twice, and gives the same names again for what it remembers', async () => {
    const names = fc.array(fc.constantFrom('/o/a.jpg', '/o/A.jpg', '/o/a-2.jpg', '/o/b.jpg', '/o/a.png'), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(names, fc.boolean(), async (desired, caseSensitive) => {
        const first = await assign(desired, { caseSensitive });
        expect(new Set(first.map((path) => pathKey(path, caseSensitive))).size).toBe(desired.length);
        expect(await assign(desired, { caseSensitive, remembered: Object.fromEntries(first.entries()) })).toEqual(
          first,
        );
      }),
    );
  });

  it('keeps numbered names within what a file system can hold', () => {
    const long = numbered(`/o/${'한'.repeat(83)}.jpeg`, 12);
    expect(Buffer.byteLength(long.slice('/o/'.length))).toBeLessThanOrEqual(255);
    expect(long).toMatch(/한-12\.jpeg$/);
  });
});
