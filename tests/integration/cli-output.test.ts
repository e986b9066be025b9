import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { finished, jsonLines, runCli, startCli } from '../support/cli.js';
import { writePhoto } from '../support/odd-photos.js';
import { tempFolder } from '../support/temp-folder.js';

/** Mounts a file system of a megabyte; false where that is not allowed. */
function mountSmallDisk(folder: string): boolean {
  mkdirSync(folder);
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status !== 0) return false;
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
  });
  return true;
}

async function folderOf(photos: number, width: number, height: number): Promise<string> {
  const folder = tempFolder();
  mkdirSync(join(folder, 'in'));
  for (let index = 1; index <= photos; index++) {
    await writePhoto(join(folder, 'in', `${index}.png`), width, height, index);
  }
  return folder;
}

describe('a full disk', () => {
  it('fails the photos that do not fit, does the others, and leaves no pieces', async (context) => {
    const folder = await folderOf(2, 64, 48);
    for (const name of ['big-1.png', 'big-2.png']) await writePhoto(join(folder, 'in', name), 1000, 900);
    if (!mountSmallDisk(join(folder, 'out'))) {
      console.warn('A full disk is NOT tested: this user may not mount a small one.');
      return context.skip('no small disk can be mounted');
    }
    // Strength 0 writes the pixels as they are: noise, which no format makes small.
    const args = ['denoise', 'in', '--out', 'out', '--model', 'fast', '--strength', '0', '--json'];
    const result = await runCli(args, { state: join(folder, 'state'), cwd: folder });
    const { photos } = jsonLines(result.stdout);
    const outcome = Object.fromEntries(
      photos.map(({ input, status, error }) => [input.slice(folder.length + 4), error?.code ?? status]),
    );
    expect(outcome).toEqual({
      '1.png': 'done',
      '2.png': 'done',
      'big-1.png': 'output/disk-full',
      'big-2.png': 'output/disk-full',
    });
    expect(result.code).toBe(1);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['1.png', '2.png']);
  });
});

describe('a run that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s finishes cleanly, says how to go on, and goes on', async (signal) => {
    const folder = await folderOf(8, 500, 400);
    const options = { state: join(folder, 'state'), cwd: folder };
    const args = ['denoise', 'in', '--out', 'out', '--model', 'fast'];
    const child = startCli(args, options);
    const end = finished(child);
    await once(child.stdout!, 'data');
    child.kill(signal);
    const result = await end;
    expect(result).toMatchObject({ code: 130, signal: null });
    expect(result.stderr).toBe('Stopping. What is done is kept. (Ctrl-C again: stop at once)\n');
    expect(result.stdout).toMatch(/\d photos? not done yet: run the same command again to go on\.\n$/);
    const kept = readdirSync(join(folder, 'out'));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((name) => name.startsWith('.'))).toEqual([]);
    const next = jsonLines((await runCli([...args, '--json'], options)).stdout);
    expect(next.summary).toMatchObject({ done: 8 - kept.length, skipped: kept.length, failed: 0 });
  });

  it('twice by SIGINT ends at once', async () => {
    const folder = await folderOf(4, 900, 700);
    const options = { state: join(folder, 'state'), cwd: folder };
    const child = startCli(['denoise', 'in', '--out', 'out'], options);
    const end = finished(child);
    child.stderr!.once('data', () => child.kill('SIGINT'));
    // The first when the photos are in hand: shortly after the journal appears.
    await expect.poll(() => existsSync(join(folder, 'state', 'queues')), { timeout: 20_000 }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = performance.now();
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    expect(performance.now() - before).toBeLessThan(3_000);
  });

  it('by a reader that has gone is quiet', async () => {
    const folder = await folderOf(4, 200, 150);
    const bin = join(process.cwd(), 'bin/stillgrain.mjs');
    const line = `"${process.execPath}" "${bin}" denoise in --out out --model fast --json | head -n 1`;
    const shell = spawnSync('sh', ['-c', line], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, STILLGRAIN_STATE_DIR: join(folder, 'state') },
    });
    expect(shell.stdout.trim().split('\n')).toHaveLength(1);
    expect(shell.stderr).toBe('');
  });
});
