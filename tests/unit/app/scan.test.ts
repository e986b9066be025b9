import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempName } from '../../../main/core/temp-name.js';
import { scan, type ScanEvent, type ScanOptions } from '../../../main/app/scan.js';
import { tempFolder } from '../../support/temp-folder.js';

function tree(...files: string[]): string {
  const root = tempFolder();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), 'x');
  }
  return root;
}

async function walk(inputs: readonly string[], options: Partial<ScanOptions> = {}): Promise<ScanEvent[]> {
  const events: ScanEvent[] = [];
  for await (const event of scan(inputs, { recursive: true, exclude: [], ...options })) events.push(event);
  return events;
}

const photos = (events: readonly ScanEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'photo' ? [event.photo.relative] : []));
const problems = (root: string, events: readonly ScanEvent[]): [string, string][] =>
  events.flatMap((event) => (event.type === 'problem' ? [[relative(root, event.path), event.error.code]] : []));

describe('scan', () => {
  it('walks folders in natural order, files before folders, and takes photos by extension in any case', async () => {
    const root = tree('img10.jpg', 'img2.JPG', 'b/x.tif', 'a/y.WebP', 'a/z.jpe', 'a/c/w.avif', 'notes.txt', 'Makefile');
    expect(photos(await walk([root]))).toEqual([
      'img2.JPG',
      'img10.jpg',
      'a/y.WebP',
      'a/z.jpe',
      'a/c/w.avif',
      'b/x.tif',
    ]);
    expect(photos(await walk([root], { recursive: false }))).toEqual(['img2.JPG', 'img10.jpg']);
  });

  it('passes over hidden files, hidden folders and our own temporary files', async () => {
    const root = tree('.hidden.jpg', '.thumbs/a.jpg', tempName('a.jpg', 1, 1), 'a.jpg');
    expect(photos(await walk([root]))).toEqual(['a.jpg']);
  });

  it('counts images of kinds that are not read', async () => {
    const root = tree('a.CR2', 'b.nef', 'c.heic', 'd.psd', 'e.jpg', 'f.mov');
    const kinds = (await walk([root])).flatMap((event) => (event.type === 'unsupported' ? [event.kind] : []));
    expect(kinds).toEqual(['RAW', 'RAW', 'HEIC', 'other image']);
  });

  it('tries a file that is named, whatever it is called', async () => {
    const root = tree('picture.dat', 'raw.nef', '.hidden.jpg');
    const named = ['picture.dat', 'raw.nef', '.hidden.jpg'].map((name) => join(root, name));
    expect(photos(await walk(named))).toEqual(['picture.dat', 'raw.nef', '.hidden.jpg']);
  });

  it('gives a file once, by whatever ways it is reached', async () => {
    const root = tree('sub/a.jpg', 'sub/b.jpg');
    symlinkSync(join(root, 'sub/a.jpg'), join(root, 'link.jpg'));
    const events = await walk([join(root, 'sub/b.jpg'), root, join(root, 'sub'), join(root, 'sub/../sub/a.jpg')]);
    expect(photos(events)).toEqual(['b.jpg', 'link.jpg']);
  });

  it('gives both names of a hard link: they are two files to whoever keeps them', async () => {
    const root = tree('a.jpg');
    linkSync(join(root, 'a.jpg'), join(root, 'b.jpg'));
    expect(photos(await walk([root]))).toEqual(['a.jpg', 'b.jpg']);
  });

  it('follows links to folders, but never in a circle', async () => {
    const root = tree('a.jpg', 'x/b.jpg');
    const other = tree('c.jpg');
    symlinkSync(root, join(root, 'x/loop'));
    symlinkSync('.', join(root, 'x/self'));
    symlinkSync(other, join(root, 'elsewhere'));
    expect(photos(await walk([root]))).toEqual(['a.jpg', 'elsewhere/c.jpg', 'x/b.jpg']);
  });

  it('does not walk an output folder inside an input folder, unless it is what was named', async () => {
    const root = tree('a.jpg', 'out/a.jpg');
    const exclude = [join(root, 'out')];
    expect(photos(await walk([root], { exclude }))).toEqual(['a.jpg']);
    expect(photos(await walk([join(root, 'out')], { exclude }))).toEqual(['a.jpg']);
    expect(photos(await walk([root], { exclude: [root] }))).toEqual(['a.jpg', 'out/a.jpg']);
  });

  it('reports what cannot be read and goes on', async () => {
    const root = tree('a.jpg', 'z.jpg');
    symlinkSync(join(root, 'nowhere'), join(root, 'broken.jpg'));
    symlinkSync('circle.png', join(root, 'circle.png'));
    execFileSync('mkfifo', [join(root, 'pipe.jpg')]);
    const events = await walk([join(root, 'missing'), root]);
    expect(photos(events)).toEqual(['a.jpg', 'z.jpg']);
    expect(problems(root, events)).toEqual([
      ['missing', 'input/not-found'],
      ['broken.jpg', 'input/not-found'],
      ['circle.png', 'input/unreadable'],
      ['pipe.jpg', 'input/unreadable'],
    ]);
  });

  it('takes names as they are: spaces, quotes, newlines, Korean, emoji', async () => {
    const names = [`it's "a" b.jpg`, 'line\nbreak.jpg', '한국 사진.jpg', '📷.jpg', '-rf.jpg', '$HOME.jpg', 'a\\b.jpg'];
    const events = await walk([tree(...names)]);
    expect(new Set(photos(events))).toEqual(new Set(names));
    expect(photos(await walk([tree(...names.toReversed())]))).toEqual(photos(events));
  });
});
