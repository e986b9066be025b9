import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { EngineDeath } from '../../../../main/app/engine-errors.js';
import { AppError } from '../../../../main/app/errors.js';
import { ImageRegistry } from '../../../../main/app/images.js';
import { ThumbnailCache } from '../../../../main/app/library/thumbnail-cache.js';
import { Thumbnails } from '../../../../main/app/library/thumbnails.js';
import type { EngineParams } from '../../../../preload/engine-protocol.js';
import { FakeEngine, later, makeThumbnail, type Answers } from '../../../support/fake-engine.js';
import { LibraryBench } from '../../../support/library.js';
import { tempFolder } from '../../../support/temp-folder.js';

const forever = new AbortController().signal;

class Bench extends LibraryBench {
  readonly cacheFolder = tempFolder();
  readonly images = new ImageRegistry();
  readonly engine: FakeEngine;

  constructor(files: readonly string[], answer: Answers['thumbnail'] = makeThumbnail) {
    super(...files);
    this.engine = new FakeEngine({ thumbnail: answer });
  }

  /** Thumbnails as a new process would have them. */
  async thumbnails(limitBytes = 1e6): Promise<Thumbnails> {
    const folder = join(this.cacheFolder, 'thumbnails');
    mkdirSync(folder, { recursive: true });
    const pool = this.images.pool({ bytes: Infinity, count: Infinity, ownsFiles: false });
    const cache = new ThumbnailCache(folder, limitBytes, pool);
    await cache.load();
    return new Thumbnails({ library: this.library, engine: this.engine, cache, scratch: this.cacheFolder });
  }

  inputs = (): string[] =>
    this.engine.calls.map(({ params }) => (params as EngineParams<'thumbnail'>).input.slice(this.root.length + 1));
  files = (): string[] => readdirSync(join(this.cacheFolder, 'thumbnails'));
}

describe('a thumbnail', () => {
  it('is made once, served by an id, and tells the size and format of its photo', async () => {
    const bench = new Bench(['a.jpg']);
    const id = (await bench.add())['a.jpg']!;
    const thumbnails = await bench.thumbnails();
    const [one, two] = await Promise.all([thumbnails.get(forever, id, 256), thumbnails.get(forever, id, 256)]);
    expect(two).toEqual(one);
    expect(await thumbnails.get(forever, id, 256)).toEqual(one);
    expect(one).toMatchObject({ width: 256, height: 10 });
    const served = bench.images.resolve(one.image);
    expect(served?.contentType).toBe('image/jpeg');
    expect(existsSync(served!.file)).toBe(true);
    expect(bench.entry('a.jpg')).toMatchObject({ width: 400, height: 300, format: 'jpeg' });
    expect(bench.engine.calls).toHaveLength(1);
    await thumbnails.get(forever, id, 512);
    expect(bench.engine.calls).toHaveLength(2);
  });

  it('is there in the next session, and made anew when the file has changed or the cache was emptied', async () => {
    const bench = new Bench(['a.jpg']);
    const id = (await bench.add())['a.jpg']!;
    await (await bench.thumbnails()).get(forever, id, 256);
    const next = await bench.thumbnails();
    const again = await next.get(forever, id, 256);
    expect(bench.engine.calls).toHaveLength(1);
    expect(bench.images.resolve(again.image)).not.toBeNull();
    utimesSync(bench.path('a.jpg'), 1000, 1000);
    await next.get(forever, id, 256);
    expect(bench.engine.calls).toHaveLength(2);
    rmSync(join(bench.cacheFolder, 'thumbnails'), { recursive: true });
    mkdirSync(join(bench.cacheFolder, 'thumbnails'));
    const anew = await next.get(forever, id, 256);
    expect(bench.engine.calls).toHaveLength(3);
    expect(existsSync(bench.images.resolve(anew.image)!.file)).toBe(true);
  });

  it('is made for what was asked for last, two at a time, and not at all when nobody waits any more', async () => {
    const gates = ['a', 'b', 'c', 'd', 'e'].map(() => later());
    let calls = 0;
    const bench = new Bench(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg'], async (params, signal, give) => {
      await gates[calls++]!.promise;
      return makeThumbnail(params, signal, give);
    });
    const ids = await bench.add();
    const thumbnails = await bench.thumbnails();
    const gone = new AbortController();
    const asked: Promise<unknown>[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const answer = thumbnails.get(name === 'd' ? gone.signal : forever, ids[`${name}.jpg`]!, 256);
      asked.push(answer.catch((error: unknown) => (error as AppError).code));
      // Requests look at their files first: one after the other, so that their order is certain.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(bench.inputs()).toEqual(['a.jpg', 'b.jpg']);
    gone.abort();
    for (const gate of gates) gate.resolve(undefined);
    expect((await Promise.all(asked))[3]).toBe('engine/cancelled');
    expect(bench.inputs()).toEqual(['a.jpg', 'b.jpg', 'e.jpg', 'c.jpg']);
  });

  it('that is being made when its request is cancelled is finished for the next', async () => {
    const gate = later();
    const bench = new Bench(['a.jpg'], async (params, signal, give) => {
      await gate.promise;
      return makeThumbnail(params, signal, give);
    });
    const id = (await bench.add())['a.jpg']!;
    const thumbnails = await bench.thumbnails();
    const gone = new AbortController();
    const first = thumbnails.get(gone.signal, id, 256);
    await vi.waitFor(() => {
      expect(bench.engine.calls).toHaveLength(1);
    });
    gone.abort();
    await expect(first).rejects.toMatchObject({ code: 'engine/cancelled' });
    gate.resolve(undefined);
    await vi.waitFor(() => {
      expect(bench.files()).toHaveLength(1);
    });
    await thumbnails.get(forever, id, 256);
    expect(bench.engine.calls).toHaveLength(1);
  });

  it('of a bad file fails with the reason, once, until the file changes', async () => {
    let damaged = true;
    const bench = new Bench(['a.jpg'], (params, signal, give) => {
      if (damaged) throw new AppError('input/damaged', 'cut short');
      return makeThumbnail(params, signal, give);
    });
    const id = (await bench.add())['a.jpg']!;
    const thumbnails = await bench.thumbnails();
    for (let n = 0; n < 3; n++) {
      await expect(thumbnails.get(forever, id, 256)).rejects.toMatchObject({ code: 'input/damaged' });
    }
    expect(bench.engine.calls).toHaveLength(1);
    expect(bench.entry('a.jpg').error).toEqual({ code: 'input/damaged', message: 'cut short' });
    damaged = false;
    bench.write('a.jpg', 'a whole picture');
    await thumbnails.get(forever, id, 256);
    expect(bench.entry('a.jpg').error).toBeNull();
  });

  it('of a file that is gone, or of no photo, says so', async () => {
    const bench = new Bench(['a.jpg']);
    const id = (await bench.add())['a.jpg']!;
    const thumbnails = await bench.thumbnails();
    rmSync(bench.path('a.jpg'));
    await expect(thumbnails.get(forever, id, 256)).rejects.toMatchObject({ code: 'input/not-found' });
    bench.library.remove([id]);
    await expect(thumbnails.get(forever, id, 256)).rejects.toMatchObject({ code: 'input/not-found' });
    expect(bench.engine.calls).toEqual([]);
  });

  it('that the engine dies of is tried once more, alone; a photo beside it is not blamed', async () => {
    let running = 0;
    const beside: number[] = [];
    const bench = new Bench(['killer.jpg', 'good.jpg'], async (params, signal, give) => {
      running++;
      const isKiller = params.input.endsWith('killer.jpg');
      await new Promise((resolve) => setTimeout(resolve, isKiller ? 100 : 60));
      if (isKiller) beside.push(running);
      running--;
      if (isKiller || bench.engine.calls.length <= 2) throw new EngineDeath('engine/crashed', 'the engine ended');
      return makeThumbnail(params, signal, give);
    });
    const ids = await bench.add();
    const thumbnails = await bench.thumbnails();
    const [killer, good] = await Promise.allSettled([
      thumbnails.get(forever, ids['killer.jpg']!, 256),
      thumbnails.get(forever, ids['good.jpg']!, 256),
    ]);
    expect(killer.status).toBe('rejected');
    expect(good.status).toBe('fulfilled');
    expect(beside.at(-1)).toBe(1);
    expect(bench.entry('killer.jpg').error?.code).toBe('engine/crashed');
    expect(bench.entry('good.jpg').error).toBeNull();
  });

  it('that is no fault of its photo can be asked for again', async () => {
    let starts = false;
    const bench = new Bench(['a.jpg'], (params, signal, give) => {
      if (!starts) throw new AppError('output/disk-full', 'the disk is full');
      return makeThumbnail(params, signal, give);
    });
    const id = (await bench.add())['a.jpg']!;
    const thumbnails = await bench.thumbnails();
    await expect(thumbnails.get(forever, id, 256)).rejects.toMatchObject({ code: 'output/disk-full' });
    expect(bench.entry('a.jpg').error).toBeNull();
    starts = true;
    await expect(thumbnails.get(forever, id, 256)).resolves.toBeDefined();
  });
});

describe('the cache of thumbnails', () => {
  it('keeps within its bytes: the longest unused go, and are no longer served', async () => {
    const bench = new Bench(['a.jpg', 'b.jpg', 'c.jpg']);
    const ids = await bench.add();
    // Each file of the double holds 16 bytes.
    const thumbnails = await bench.thumbnails(40);
    const a = await thumbnails.get(forever, ids['a.jpg']!, 256);
    const b = await thumbnails.get(forever, ids['b.jpg']!, 256);
    await thumbnails.get(forever, ids['a.jpg']!, 256);
    await thumbnails.get(forever, ids['c.jpg']!, 256);
    expect(bench.images.resolve(a.image)).not.toBeNull();
    expect(bench.images.resolve(b.image)).toBeNull();
    await vi.waitFor(() => {
      expect(bench.files()).toHaveLength(2);
    });
    await bench.thumbnails(20);
    await vi.waitFor(() => {
      expect(bench.files()).toHaveLength(1);
    });
  });

  it('takes no notice of files that are not its own', async () => {
    const bench = new Bench(['a.jpg']);
    const id = (await bench.add())['a.jpg']!;
    mkdirSync(join(bench.cacheFolder, 'thumbnails'));
    for (const name of ['notes.txt', `${'0'.repeat(32)}.1x1.exe`, '..jpg']) {
      writeFileSync(join(bench.cacheFolder, 'thumbnails', name), 'x');
    }
    await (await bench.thumbnails(1)).get(forever, id, 256);
    expect(bench.files()).toHaveLength(4);
  });
});
