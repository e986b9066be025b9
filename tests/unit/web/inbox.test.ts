import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Inbox, safeSegments, storeFile } from '../../../main/web/inbox.js';
import { tempFolder } from '../../support/temp-folder.js';

const NOON = Date.UTC(2024, 5, 1, 12);

describe('paths within an upload', () => {
  it('keep folders and names, those of other scripts included', () => {
    expect(safeSegments('IMG_1.jpg')).toEqual(['IMG_1.jpg']);
    expect(safeSegments('콘서트/raw files/사진 1.jpeg')).toEqual(['콘서트', 'raw files', '사진 1.jpeg']);
    expect(safeSegments('.hidden/..jpg')).toEqual(['.hidden', '_.jpg']);
  });

  it.each([
    '../a.jpg',
    'a/../../b.jpg',
    'a/..',
    '/etc/passwd',
    'a//b.jpg',
    './a.jpg',
    'a/',
    '',
    'a\0.jpg',
    `${'a/'.repeat(40)}b.jpg`,
    `${'a'.repeat(3000)}.jpg`,
  ])('are refused where no drop gives them: %j', (path) => {
    expect(() => safeSegments(path)).toThrow(/a path that is none/);
  });

  it('are cut to what a file system holds', () => {
    const [name] = safeSegments(`${'사'.repeat(200)}.jpeg`);
    expect(Buffer.byteLength(name!)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^사+\.jpeg$/);
  });
});

describe('an inbox', () => {
  it('is private, and so is what is in it', async () => {
    const inbox = join(tempFolder(), 'state', 'inbox');
    const folder = await new Inbox(inbox).accept(1000);
    const file = await storeFile(folder, ['a', 'b.jpg'], Readable.from(['photo']), NOON);
    expect(file).toBe(join(folder, 'a', 'b.jpg'));
    expect(readFileSync(file, 'utf8')).toBe('photo');
    expect(statSync(file).mtimeMs).toBe(NOON);
    if (process.platform === 'win32') return;
    expect([inbox, folder, join(folder, 'a'), file].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o700, 0o700, 0o600,
    ]);
  });

  it('keeps both of two files of one name', async () => {
    const folder = await new Inbox(tempFolder()).accept(1);
    const store = (text: string): Promise<string> => storeFile(folder, ['a.jpg'], Readable.from([text]), NOON);
    const files = [await store('one'), await store('two')];
    expect(files).toEqual([join(folder, 'a.jpg'), join(folder, 'a (2).jpg')]);
    expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(['one', 'two']);
  });

  it('refuses more than the disk can hold', async () => {
    await expect(new Inbox(tempFolder()).accept(2 ** 53 - 1)).rejects.toMatchObject({ statusCode: 507 });
  });

  it('refuses more files than it may hold', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'a'), '');
    await new Inbox(folder).makeRoom(19_999);
    await expect(new Inbox(folder).makeRoom(20_000)).rejects.toMatchObject({ statusCode: 413 });
  });

  it('keeps what has arrived, and takes away what has not', async () => {
    const inbox = new Inbox(join(tempFolder(), 'inbox'));
    expect(await inbox.kept()).toEqual([]);
    const [broken, whole] = [await inbox.accept(1), await inbox.accept(1)];
    await storeFile(broken, ['a.jpg'], Readable.from(['half']), NOON);
    await storeFile(whole, ['b.jpg'], Readable.from(['b']), NOON);
    const kept = await inbox.keep(whole);
    expect(readdirSync(kept)).toEqual(['b.jpg']);
    expect(await inbox.kept()).toEqual([kept]);
    expect(existsSync(broken)).toBe(false);
  });

  it('removes a photo and the folders that are empty without it', async () => {
    const folder = tempFolder();
    const inbox = new Inbox(folder);
    const request = await inbox.accept(1);
    const a = await storeFile(request, ['x', 'y', 'a.jpg'], Readable.from(['a']), NOON);
    const b = await storeFile(request, ['x', 'b.jpg'], Readable.from(['b']), NOON);
    await inbox.remove(a);
    expect(readdirSync(join(request, 'x'))).toEqual(['b.jpg']);
    await inbox.remove(b);
    expect(existsSync(folder)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('never removes anything outside of it, nor itself', async () => {
    const parent = tempFolder();
    mkdirSync(join(parent, 'inbox'));
    mkdirSync(join(parent, 'inbox-of-another'));
    const files = ['photo.jpg', 'inbox-of-another/photo.jpg'].map((name) => join(parent, name));
    for (const file of files) writeFileSync(file, 'an original');
    const inbox = new Inbox(join(parent, 'inbox'));
    for (const path of [...files, join(parent, 'inbox', '..', 'photo.jpg'), parent, join(parent, 'inbox')]) {
      await inbox.remove(path);
      await inbox.discard(path);
    }
    expect(files.map((file) => existsSync(file))).toEqual([true, true]);
    expect(existsSync(join(parent, 'inbox'))).toBe(true);
  });
});
