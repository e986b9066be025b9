import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { VariationRecipe } from '../../preload/generate/recipe.js';
import { runCli, type CliResult } from '../support/cli.js';
import { sharp } from '../support/codec-photos.js';
import { samplePath } from '../support/photos.js';
import { tempFolder } from '../support/temp-folder.js';

const generate = (folder: string, ...args: string[]): Promise<CliResult> =>
  runCli(['generate', ...args, '--threads', '1'], { state: join(folder, 'state'), cwd: folder });

async function photos(folder: string): Promise<void> {
  await sharp(samplePath('coffee')).removeAlpha().resize(90, 60).toFile(join(folder, 'cup.png'));
  await sharp(samplePath('rocket')).resize(60, 90, { fit: 'cover' }).toFile(join(folder, 'rocket.jpg'));
}

describe('stillgrain generate', () => {
  it('varies photos, names the bad ones, and varies one further by its recipe', async () => {
    const folder = tempFolder();
    await photos(folder);
    writeFileSync(join(folder, 'bad.jpg'), 'no photo');
    const common = ['--count', '2', '--model', 'fast', '--json'];
    const first = await generate(folder, 'variations', 'cup.png', 'bad.jpg', '--out', 'v', '--sheet', ...common);
    expect(first.code).toBe(1);
    const lines = first.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ status }) => status)).toEqual(['done', 'done', 'failed']);
    expect(lines[2]).toMatchObject({ input: join(folder, 'bad.jpg'), error: { code: 'input/not-an-image' } });
    expect(readdirSync(join(folder, 'v')).sort()).toEqual([
      'cup-sheet.png',
      'cup-variation-1.png',
      'cup-variation-2.png',
    ]);
    const bytes = readFileSync(join(folder, 'v/cup-variation-2.png'));
    writeFileSync(join(folder, 'second.json'), JSON.stringify(lines[1]));
    const args = ['--vary', 'second.json', '--seed', '7', ...common];
    const further = await generate(folder, 'variations', 'cup.png', '--out', 'w', ...args);
    const { recipe } = JSON.parse(further.stdout.split('\n')[0]!) as { recipe: VariationRecipe };
    expect(recipe.steps).toMatchObject([
      { seed: 1, index: 1 },
      { seed: 7, index: 0 },
    ]);
    // The same command again leaves what is there; with --existing overwrite it makes the same files.
    const again = await generate(folder, 'variations', 'cup.png', '--out', 'v', ...common);
    expect(again.stdout.match(/"status":"skipped"/g)).toHaveLength(2);
    await generate(folder, 'variations', 'cup.png', '--out', 'v', '--existing', 'overwrite', ...common);
    expect(readFileSync(join(folder, 'v/cup-variation-2.png')).equals(bytes)).toBe(true);
  });

  it('refuses what is no interpolation before anything is started', async () => {
    const folder = tempFolder();
    const one = await generate(folder, 'interpolate', 'a.jpg', '--out', 'x');
    expect(one).toMatchObject({ code: 2, stderr: expect.stringContaining('between 2 to 8 photos, not 1') as string });
    const nine = await generate(
      folder,
      'interpolate',
      ...Array.from('abcdefghi', (name) => `${name}.jpg`),
      '--out',
      'x',
    );
    expect(nine).toMatchObject({ code: 2, stderr: expect.stringContaining('not 9') as string });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('never replaces files silently, and maps photos', async () => {
    const folder = tempFolder();
    await photos(folder);
    const map = (...more: string[]) =>
      generate(folder, 'map', 'cup.png', 'rocket.jpg', '--out', 'm', '--size', '128', ...more);
    expect(await map()).toMatchObject({ code: 0, stdout: expect.stringContaining('2 photos') as string });
    const report = JSON.parse(readFileSync(join(folder, 'm/map.json'), 'utf8')) as {
      points: { neighbours: unknown[] }[];
    };
    expect(report.points.map(({ neighbours }) => neighbours.length)).toEqual([1, 1]);
    expect(await map()).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') as string });
    expect((await map('--existing', 'rename')).code).toBe(0);
    expect(readdirSync(join(folder, 'm')).sort()).toEqual(['map (2).json', 'map (2).png', 'map.json', 'map.png']);
  });

  it('says when the disk is full and leaves no half of a file', async ({ skip }) => {
    const folder = tempFolder();
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status !== 0)
      skip('no tmpfs can be mounted');
    onTestFinished(() => {
      spawnSync('umount', [disk]);
      rmSync(disk, { recursive: true, force: true });
    });
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - 12 * 1024));
    const run = await generate(folder, 'sample', '--out', 'disk', '--count', '1', '--size', '512');
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('no space left') as string });
    expect(readdirSync(disk)).toEqual(['ballast']);
  });
});
