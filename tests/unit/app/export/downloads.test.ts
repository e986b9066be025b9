import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { uniqueNames, zipStream, type ZipEntry } from '../../../../main/app/export/result-zip.js';
import type { QueueService } from '../../../../main/app/queue-service.js';
import { idOf, QueueBench } from '../../../support/queue-bench.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { ToyEngine } from '../../../support/toy-engine.js';

const download = { destination: { kind: 'download' } } as const;

/** Names and contents of a zip, read by a program that is not ours. */
function unzipped(path: string): Record<string, string> {
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))`;
  return JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' })) as Record<string, string>;
}

async function fetched(service: QueueService, url: string, path: string): Promise<Record<string, string>> {
  const taken = await service.takeDownload(url.replace('download/', ''));
  await pipeline(taken!.stream, createWriteStream(path));
  return unzipped(path);
}

describe('a download', () => {
  it('gives the finished results as a zip with their folders, once', async () => {
    const bench = new QueueBench('콘서트/a.jpg', 'b.jpg', 'c.jpg');
    const engine = new ToyEngine();
    engine.fault = (name) => (name === 'c.jpg' ? 'input/damaged' : undefined);
    const service = bench.service(engine);
    const photos = ['콘서트/a.jpg', 'b.jpg', 'c.jpg'].map(idOf);
    await service.start(photos, bench.export(download));
    await bench.settled(service);
    expect((await service.list()).status.downloadable).toBe(true);
    const { url, name, photos: count } = await service.download(null);
    expect([count, name]).toEqual([2, expect.stringMatching(/^stillgrain-\d{4}-\d\d-\d\d\.zip$/)]);
    expect(await fetched(service, url, join(bench.folder, 'one.zip'))).toEqual({
      '콘서트/a.jpg': 'pixels of 콘서트/a.jpg',
      'b.jpg': 'pixels of b.jpg',
    });
    expect(await service.takeDownload(url.replace('download/', ''))).toBeNull();
    const one = await service.download([idOf('b.jpg')]);
    expect(Object.keys(await fetched(service, one.url, join(bench.folder, 'two.zip')))).toEqual(['b.jpg']);
    await expect(service.download([idOf('c.jpg')])).rejects.toMatchObject({ code: 'output/gone' });
  });

  it('has names of its own for photos of several runs', async () => {
    const bench = new QueueBench('x/a.jpg', 'y/A.jpg');
    const service = bench.service();
    await service.start([idOf('x/a.jpg')], bench.export({ ...download, keepFolders: false }));
    await service.start([idOf('y/A.jpg')], bench.export({ ...download, keepFolders: false }));
    await bench.settled(service);
    const { url } = await service.download(null);
    expect(await fetched(service, url, join(bench.folder, 'all.zip'))).toEqual({
      'a.jpg': 'pixels of x/a.jpg',
      'A-2.jpg': 'pixels of y/A.jpg',
    });
  });

  it('is kept over a restart, and removed when it is cleared', async () => {
    const bench = new QueueBench('a.jpg');
    const first = bench.service();
    await first.start([idOf('a.jpg')], bench.export(download));
    await bench.settled(first);
    await first.close();
    const service = bench.service();
    expect((await service.list()).status.downloadable).toBe(true);
    expect((await service.download(null)).photos).toBe(1);
    expect(readdirSync(join(bench.state, 'outbox'))).toHaveLength(1);
    await service.clear();
    expect(readdirSync(join(bench.state, 'outbox'))).toEqual([]);
    expect(readdirSync(join(bench.state, 'runs'))).toEqual([]);
    await expect(service.download(null)).rejects.toMatchObject({ code: 'output/gone' });
  });
});

describe('a zip', () => {
  it('leaves out what has vanished, and compresses only what is not compressed', async () => {
    const folder = tempFolder();
    const zeros = '0'.repeat(100_000);
    for (const name of ['a.jpg', 'b.tif', 'gone.jpg']) writeFileSync(join(folder, name), zeros);
    rmSync(join(folder, 'gone.jpg'));
    const entries = ['a.jpg', 'b.tif', 'gone.jpg'].map((name) => ({ path: join(folder, name), name }));
    await pipeline(await zipStream(entries), createWriteStream(join(folder, 'out.zip')));
    expect(Object.keys(unzipped(join(folder, 'out.zip')))).toEqual(['a.jpg', 'b.tif']);
    const size = readFileSync(join(folder, 'out.zip')).length;
    expect(size).toBeGreaterThan(100_000);
    expect(size).toBeLessThan(110_000);
  });

  it('is broken off, not closed, when a file cannot be read to its end', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'a.jpg'), 'a');
    const stream = await zipStream([{ path: join(folder, 'a.jpg'), name: 'a.jpg' }]);
    rmSync(join(folder, 'a.jpg'));
    expect(existsSync(join(folder, 'a.jpg'))).toBe(false);
    await expect(pipeline(stream, createWriteStream(join(folder, 'out.zip')))).rejects.toThrow('ENOENT');
  });

  it('tells names apart as the strictest system does', () => {
    const entry = (name: string): ZipEntry => ({ path: `/${name}`, name });
    const names = ['a.jpg', 'A.JPG', 'a.jpg', 'a-2.jpg', 'x/a.jpg', 'e\u0301.jpg', '\u00e9.jpg'].map(entry);
    expect(uniqueNames(names).map(({ name }) => name)).toEqual([
      'a.jpg',
      'A-2.JPG',
      'a-3.jpg',
      'a-2-2.jpg',
      'x/a.jpg',
      '\u00e9.jpg',
      '\u00e9-2.jpg',
    ]);
  });
});
