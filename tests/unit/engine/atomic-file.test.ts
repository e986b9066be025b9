import { link, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../main/core/errors.js';
import { parseTempName } from '../../../main/core/temp-name.js';
import { writeAtomically } from '../../../main/engine/atomic-file.js';
import { tempFolder } from '../../support/temp-folder.js';

const put = (text: string) => (temp: string) => writeFile(temp, text);

describe('writeAtomically', () => {
  it('puts the file in place and returns what the writer returned', async () => {
    const folder = tempFolder();
    const target = join(folder, '사진 📷.jpg');
    const seen: string[] = [];
    const result = await writeAtomically(target, { overwrite: false }, async (temp) => {
      seen.push(...(await readdir(folder)));
      await writeFile(temp, 'new');
      seen.push(...(await readdir(folder)));
      return 42;
    });
    expect(result).toBe(42);
    expect(seen).toHaveLength(1);
    expect(parseTempName(seen[0]!)).toMatchObject({ pid: process.pid });
    expect(await readdir(folder)).toEqual(['사진 📷.jpg']);
    expect(await readFile(target, 'utf8')).toBe('new');
  });

  it('replaces an existing file only when told to', async () => {
    const folder = tempFolder();
    const target = join(folder, 'a.jpg');
    await writeFile(target, 'old');
    await expect(writeAtomically(target, { overwrite: false }, put('new'))).rejects.toMatchObject({
      code: 'output/exists',
    });
    expect(await readFile(target, 'utf8')).toBe('old');
    await writeAtomically(target, { overwrite: true }, put('new'));
    expect(await readFile(target, 'utf8')).toBe('new');
  });

  it('does not clobber a file that appears while it writes', async () => {
    const folder = tempFolder();
    const target = join(folder, 'a.jpg');
    const race = writeAtomically(target, { overwrite: false }, async (temp) => {
      await writeFile(temp, 'mine');
      await writeFile(target, 'theirs');
    });
    await expect(race).rejects.toMatchObject({ code: 'output/exists' });
    expect(await readFile(target, 'utf8')).toBe('theirs');
    expect(await readdir(folder)).toEqual(['a.jpg']);
  });

  it('lets one of many writers of a name win', async () => {
    const folder = tempFolder();
    const target = join(folder, 'a.jpg');
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => writeAtomically(target, { overwrite: false }, put(String(i)))),
    );
    expect(all.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    for (const r of all) if (r.status === 'rejected') expect(r.reason).toMatchObject({ code: 'output/exists' });
    expect(await readdir(folder)).toEqual(['a.jpg']);
  });

  it('removes what it wrote when the writer fails, and passes its error on', async () => {
    const folder = tempFolder();
    const cancelled = writeAtomically(join(folder, 'a.jpg'), { overwrite: true }, async (temp) => {
      await writeFile(temp, 'half');
      await writeFile(`${temp}_exiftool_tmp`, 'half');
      throw new AppError('engine/cancelled', 'cancelled');
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'engine/cancelled' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves the old file whole when overwriting fails', async () => {
    const folder = tempFolder();
    const target = join(folder, 'a.jpg');
    await writeFile(target, 'old');
    const failed = writeAtomically(target, { overwrite: true }, () => Promise.reject(new Error('boom')));
    await expect(failed).rejects.toMatchObject({ code: 'output/failed' });
    expect(await readFile(target, 'utf8')).toBe('old');
  });

  it('refuses to write over its own original, whatever it is called', async () => {
    const folder = tempFolder();
    const source = join(folder, 'a.jpg');
    await writeFile(source, 'original');
    await link(source, join(folder, 'hard.jpg'));
    await symlink(source, join(folder, 'soft.jpg'));
    for (const name of ['a.jpg', 'hard.jpg', 'soft.jpg', '../' + folder.split(/[\\/]/).at(-1)! + '/a.jpg']) {
      const write = writeAtomically(join(folder, name), { overwrite: true, source }, put('new'));
      await expect(write).rejects.toMatchObject({ code: 'output/conflict' });
    }
    expect(await readFile(source, 'utf8')).toBe('original');
  });

  it('does not write through a link that leads nowhere', async () => {
    const folder = tempFolder();
    await symlink(join(folder, 'elsewhere'), join(folder, 'a.jpg'));
    const write = writeAtomically(join(folder, 'a.jpg'), { overwrite: false }, put('new'));
    await expect(write).rejects.toMatchObject({ code: 'output/exists' });
  });

  it.each([
    ['a missing folder', 'none/a.jpg', /folder .* not there/],
    ['a file for a folder', 'file/a.jpg', /not a folder/],
    ['a folder of that name', 'folder', /folder has/],
    ['a name that is too long', `${'x'.repeat(300)}.jpg`, /longer/],
  ])('says what is wrong with %s', async (_, name, message) => {
    const folder = tempFolder();
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'folder', 'x'), '');
    const write = writeAtomically(join(folder, name), { overwrite: true }, put('new'));
    await expect(write).rejects.toMatchObject({
      code: 'output/failed',
      message: expect.stringMatching(message) as string,
    });
    expect((await readdir(folder)).sort()).toEqual(['file', 'folder']);
  });

  it('says that a folder cannot be written to', async (context) => {
    if (process.platform === 'win32') return context.skip('Windows has other permissions');
    const folder = tempFolder();
    await mkdir(join(folder, 'locked'), { mode: 0o555 });
    const isRoot = process.geteuid?.() === 0;
    // Permissions do not bind root: write as 'nobody'.
    if (isRoot) process.seteuid?.(65_534);
    try {
      const write = writeAtomically(join(folder, 'locked', 'a.jpg'), { overwrite: true }, put('new'));
      await expect(write).rejects.toMatchObject({ code: 'output/read-only' });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('handles names of 255 bytes in any script', async () => {
    const folder = tempFolder();
    for (const name of ['x'.repeat(255), '가'.repeat(85), '📷'.repeat(63)]) {
      await writeAtomically(join(folder, name), { overwrite: false }, put(name));
      expect((await stat(join(folder, name))).size).toBe(Buffer.byteLength(name));
    }
  });
});
