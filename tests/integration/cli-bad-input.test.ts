import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonLines, runCli, type CliResult } from '../support/cli.js';
import { ODD_PHOTOS, writePhoto } from '../support/odd-photos.js';
import { tempFolder } from '../support/temp-folder.js';
import { unprivilegedUser } from '../support/unprivileged.js';

const user = unprivilegedUser();

/** Photos that must be done, odd as they are called or built. */
const GOOD = [
  'plain.jpg',
  'one pixel.png',
  'tall.png',
  'UPPER.JPG',
  `it's "quoted" & spaced.jpg`,
  'line\nbreak.jpg',
  '한국 사진.jpg',
  '📷 emoji.webp',
  '-rf.jpg',
  'sub/folder/deep.tif',
];

/** Files that cannot be done, and why. */
const BAD: Readonly<Record<string, string>> = {
  'empty.jpg': 'input/empty',
  'truncated.jpg': 'input/damaged',
  'text.png': 'input/not-an-image',
  // It claims 20000 x 20000 pixels and is found out by what it holds.
  'bomb.png': 'input/damaged',
  'cmyk.jpg': 'input/unsupported',
  'animated.webp': 'input/unsupported',
  'dangling.jpg': 'input/not-found',
};

async function badFolder(): Promise<string> {
  const root = tempFolder();
  const folder = join(root, 'in');
  const at = (name: string): string => join(folder, name);
  mkdirSync(at('sub/folder'), { recursive: true });
  for (const [index, name] of GOOD.entries()) {
    const [width, height] = name.startsWith('one') ? [1, 1] : name.startsWith('tall') ? [3, 20_000] : [64, 48];
    await writePhoto(at(name), width, height, index + 1);
  }
  ODD_PHOTOS.empty(at('empty.jpg'));
  ODD_PHOTOS.text(at('text.png'));
  ODD_PHOTOS.bomb(at('bomb.png'));
  await ODD_PHOTOS.truncated(at('truncated.jpg'));
  await ODD_PHOTOS.cmyk(at('cmyk.jpg'));
  await ODD_PHOTOS.animated(at('animated.webp'));
  symlinkSync(at('nowhere.jpg'), at('dangling.jpg'));
  symlinkSync(folder, at('sub/loop'));
  symlinkSync('.', at('self'));
  copyFileSync(at('plain.jpg'), at('raw.cr2'));
  // The results of an earlier run, inside the input folder.
  mkdirSync(at('out/old'), { recursive: true });
  copyFileSync(at('plain.jpg'), at('out/old/result.jpg'));
  return root;
}

/** Everything that an original is: bytes, time and kind, of every file below a folder but in the output. */
function fingerprint(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'out' ? [] : fingerprint(path);
    const { mtimeNs, ino } = lstatSync(path, { bigint: true });
    return [`${path} ${mtimeNs} ${ino} ${entry.isFile() ? readFileSync(path).toString('base64') : 'link'}`];
  });
}

const failures = ({ stderr }: CliResult): string[] => stderr.split('\n').filter((line) => line.startsWith('failed'));

describe('a folder with bad input', () => {
  it('has every good photo done, every bad one listed with its reason, and every original untouched', async () => {
    const root = await badFolder();
    const folder = join(root, 'in');
    const before = fingerprint(folder);
    const args = ['denoise', folder, join(root, 'missing.jpg'), '--out', join(folder, 'out'), '--model', 'fast'];
    const state = join(root, 'state');

    const json = await runCli([...args, '--json'], { state });
    const { photos, summary } = jsonLines(json.stdout);
    const outcome = Object.fromEntries(
      photos.map(({ input, status, error }) => [relative(folder, input), error?.code ?? status]),
    );
    expect(outcome).toEqual({
      ...Object.fromEntries(GOOD.map((name) => [name, 'done'])),
      ...BAD,
      '../missing.jpg': 'input/not-found',
    });
    expect(json).toMatchObject({ code: 1, stderr: '' });
    expect(summary).toMatchObject({ done: GOOD.length, failed: Object.keys(BAD).length + 1, unsupported: { RAW: 1 } });
    for (const name of GOOD) expect(existsSync(join(folder, 'out', name)), name).toBe(true);
    for (const { error } of photos) if (error !== undefined) expect(error.message).toMatch(/^[^\n]{5,200}$/);
    expect(fingerprint(folder)).toEqual(before);

    const again = await runCli(args, { state });
    expect(again.code).toBe(1);
    expect(failures(again)).toHaveLength(Object.keys(BAD).length + 1);
    expect(again.stdout).toContain(`${GOOD.length} done before`);
    expect(again.stdout).toContain('1 RAW file was not read (not supported yet).');
    expect(again.stdout).toContain('line\\nbreak.jpg');
    expect(readdirSync(join(folder, 'out')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('lists what it may not read and does the rest', async (context) => {
    if (user === undefined) return context.skip('no user to whom permissions apply');
    const root = tempFolder();
    const folder = join(root, 'in');
    mkdirSync(join(folder, 'locked'), { recursive: true });
    for (const name of ['a.jpg', 'secret.jpg', 'locked/b.jpg']) await writePhoto(join(folder, name));
    chmodSync(join(folder, 'secret.jpg'), 0);
    chmodSync(join(folder, 'locked'), 0);
    chmodSync(root, 0o777);
    const args = ['denoise', folder, '--out', join(root, 'out'), '--model', 'fast', '--json'];
    const result = await runCli(args, { state: join(root, 'state'), uid: user });
    chmodSync(join(folder, 'locked'), 0o755);
    const outcome = Object.fromEntries(
      jsonLines(result.stdout).photos.map(({ input, status, error }) => [
        relative(folder, input),
        error?.code ?? status,
      ]),
    );
    expect(outcome).toEqual({ 'a.jpg': 'done', 'secret.jpg': 'input/unreadable', locked: 'input/unreadable' });
    expect(result.code).toBe(1);
  });

  it('says in one line that the output folder cannot be written to, and does nothing', async (context) => {
    if (user === undefined) return context.skip('no user to whom permissions apply');
    const root = tempFolder();
    await writePhoto(join(root, 'a.jpg'));
    mkdirSync(join(root, 'out'));
    chmodSync(root, 0o755);
    chmodSync(join(root, 'out'), 0o555);
    mkdirSync(join(root, 'state'));
    if (user !== null) chownSync(join(root, 'state'), user, user);
    for (const out of ['out', 'out/deeper']) {
      const args = ['denoise', join(root, 'a.jpg'), '--out', join(root, out)];
      const result = await runCli(args, { state: join(root, 'state'), uid: user });
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr).toMatch(/^stillgrain: cannot write to .*read-only.*\n$/);
    }
  });
});
