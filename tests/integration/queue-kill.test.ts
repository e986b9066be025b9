import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { QueueSnapshot, QueueStatus } from '../../preload/contract.js';
import { decodeImage } from '../../main/engine/codec.js';
import { noisySample, writePng } from '../support/photos.js';
import { tempFolder } from '../support/temp-folder.js';

const HOST = fileURLToPath(new URL('../support/queue-host.mjs', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/main/app/queue-service.js', import.meta.url));
/** Many small ones: on a busy machine a few would all be done before the news of the second arrives. */
const PHOTOS = 40;

/** A host process and what it has told. */
class Host {
  readonly child: ChildProcess;
  first: QueueSnapshot | null = null;
  status: QueueStatus | null = null;
  readonly ended: Promise<void>;

  constructor(...args: string[]) {
    const child = spawn(process.execPath, [HOST, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = child;
    onTestFinished(() => void child.kill('SIGKILL'));
    this.ended = new Promise((resolve) =>
      child.once('exit', () => {
        resolve();
      }),
    );
    createInterface(child.stdout).on('line', (line) => {
      const { name, payload } = JSON.parse(line) as { name: string; payload: QueueSnapshot };
      if (name === 'list') this.first = payload;
      if (name === 'queue.changed') this.status = payload.status;
    });
  }

  reaches(check: (status: QueueStatus) => boolean): Promise<void> {
    return expect.poll(() => this.status !== null && check(this.status), { timeout: 240_000, interval: 5 }).toBe(true);
  }
}

describe('a host that is killed while it denoises', () => {
  it('loses nothing: the next one shows what is done, does the rest, and nothing twice', async (context) => {
    if (!existsSync(BUILT)) return context.skip('needs the built program: npm run build');
    const folder = tempFolder();
    const [state, out] = [join(folder, 'state'), join(folder, 'out')];
    mkdirSync(out);
    const photos: string[] = [];
    for (let index = 0; index < PHOTOS; index++) {
      photos.push(join(folder, `photo-${index}.png`));
      await writePng(await noisySample('coffee', 20, index), photos[index]!);
    }

    const killed = new Host(state, out, 'start', ...photos);
    await killed.reaches(({ done }) => done >= 2);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const results = () => readdirSync(out).filter((name) => /^photo-\d+\.png$/.test(name));
    const before = new Map(results().map((name) => [name, statSync(join(out, name)).mtimeMs]));
    expect(before.size).toBeGreaterThanOrEqual(2);
    expect(before.size).toBeLessThan(PHOTOS);

    // Without the library: the photos are not even named again.
    const next = new Host(state, out, 'resume');
    await next.reaches(({ state: now, total }) => now === 'idle' && total === PHOTOS);
    expect(next.first?.status).toMatchObject({ state: 'paused', total: PHOTOS });
    expect(next.first?.status.done).toBeGreaterThanOrEqual(2);
    expect(next.status).toMatchObject({ failed: 0, cancelled: 0 });
    next.child.kill('SIGTERM');
    await next.ended;
    expect(results()).toHaveLength(PHOTOS);
    for (const [name, mtime] of before) expect(statSync(join(out, name)).mtimeMs).toBe(mtime);
    for (const name of results()) expect((await decodeImage(join(out, name))).width).toBe(256);
    expect(readdirSync(out)).toHaveLength(PHOTOS);
    expect(readdirSync(join(state, 'runs'))).toEqual([]);
  });
});
