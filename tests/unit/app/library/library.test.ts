import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_DENOISE, PhotoEntry, type PhotoId } from '../../../../preload/contract.js';
import { LibraryBench } from '../../../support/library.js';

const noise = { sigma: 12, perChannel: [12, 12, 12], low: 10, high: 14 };
const trust = { score: 0.9, verdict: 'good' as const };

describe('adding to the library', () => {
  it('tells of photos with the folder they came with, and of nothing that the contract does not name', async () => {
    const bench = new LibraryBench('Concert/raw/a.jpg', 'Concert/b.png', 'notes.txt');
    await bench.library.add([bench.path('Concert')]);
    const photos = bench.payloads('library.added').flatMap((payload) => payload.photos);
    expect(photos.map(({ name, folder, bytes }) => [name, folder, bytes])).toEqual([
      ['b.png', 'Concert', 13],
      ['a.jpg', 'Concert/raw', 17],
    ]);
    expect(photos).toEqual(photos.map((photo) => PhotoEntry.strict().parse(photo)));
    expect(JSON.stringify(photos)).not.toContain(bench.root);
  });

  it('says that it scans, and how much it found', async () => {
    const bench = new LibraryBench('a.jpg', 'b.jpg');
    await bench.add();
    const states = bench.payloads('library.scan');
    expect(states[0]).toEqual({ active: true, found: 0 });
    expect(states.at(-1)).toEqual({ active: false, found: 2 });
  });

  it('takes a file once, by whatever way it is added', async () => {
    const bench = new LibraryBench('x/a.jpg');
    symlinkSync(bench.path('x/a.jpg'), bench.path('link.jpg'));
    symlinkSync(bench.path('x'), bench.path('y'));
    await Promise.all([bench.add(), bench.add('x/a.jpg', 'link.jpg'), bench.add('y')]);
    await bench.add('y/a.jpg');
    expect(bench.library.list().photos).toHaveLength(1);
    expect(bench.payloads('library.added').flatMap(({ photos }) => photos)).toHaveLength(1);
  });

  it('gives a file the same id in every session, and its hard link another', async () => {
    const bench = new LibraryBench('a.jpg');
    linkSync(bench.path('a.jpg'), bench.path('b.jpg'));
    const first = await bench.add();
    expect(first['a.jpg']).not.toBe(first['b.jpg']);
    bench.library.remove(Object.values(first));
    await bench.restart();
    expect(await bench.add()).toEqual(first);
  });

  it('lists what is not in it, by name and with the reason, until that is cleared', async () => {
    const bench = new LibraryBench('Trip/a.jpg', 'Trip/raw/b.CR2', 'Trip/c.heic');
    symlinkSync(bench.path('nowhere'), bench.path('Trip/gone.png'));
    await bench.library.add([bench.path('Trip'), bench.path('missing')]);
    const problems = bench.library.list().problems.map(({ name, error }) => [name, error.code]);
    expect(problems.sort()).toEqual([
      ['Trip/c.heic', 'input/unsupported'],
      ['Trip/gone.png', 'input/not-found'],
      ['Trip/raw/b.CR2', 'input/unsupported'],
      [`${basename(bench.root)}/missing`, 'input/not-found'],
    ]);
    await vi.waitFor(() => {
      expect(bench.payloads('library.problems').at(-1)?.problems).toHaveLength(4);
    });
    bench.library.clearProblems();
    await vi.waitFor(() => {
      expect(bench.payloads('library.problems').at(-1)?.problems).toEqual([]);
    });
  });

  it('lists a problem once, counts those beyond a thousand, and drops what can be read after all', async () => {
    const bench = new LibraryBench(...Array.from({ length: 1003 }, (_, index) => `raw/${index}.nef`), 'a.jpg');
    await bench.library.add([bench.path('later.jpg'), bench.path('raw')]);
    await bench.library.add([bench.path('later.jpg')]);
    expect(bench.library.list().problems).toHaveLength(1001);
    expect(bench.library.list().problems.at(-1)?.name).toBe('+4');
    bench.write('later.jpg');
    await bench.add('later.jpg');
    expect(bench.library.list().problems[0]?.name).toBe('raw/0.nef');
  });

  it('shows uploads without the folder that they were put into', async () => {
    const bench = new LibraryBench('upload-1/Concert/a.jpg', 'upload-1/b.jpg', 'upload-1/Concert/c.nef');
    await bench.library.add([bench.path('upload-1/Concert'), bench.path('upload-1/b.jpg')], {
      base: bench.path('upload-1'),
    });
    expect(bench.library.list().photos.map(({ name, folder }) => [name, folder])).toEqual([
      ['a.jpg', 'Concert'],
      ['b.jpg', ''],
    ]);
    const record = bench.library.get(bench.ids()['a.jpg']!);
    expect(record.root).toBe(bench.path('upload-1'));
    expect(bench.library.list().problems.map(({ name }) => name)).toEqual(['Concert/c.nef']);
  });

  it('never leaves the folders that it must stay within', async () => {
    const bench = new LibraryBench('root/a.jpg', 'secret/b.jpg');
    symlinkSync(bench.path('secret'), bench.path('root/way-out'));
    symlinkSync(bench.path('secret/b.jpg'), bench.path('root/b.jpg'));
    const within = [bench.path('root')];
    await bench.library.add([bench.path('root')], { within });
    await bench.library.add([bench.path('secret'), bench.path('secret/b.jpg')], { within });
    expect(bench.library.list().photos.map(({ name }) => name)).toEqual(['a.jpg']);
    expect(bench.library.list().problems.map(({ error }) => error.code)).toEqual(new Array(4).fill('request/refused'));
  });

  it('stops scans and keeps what they found', async () => {
    const bench = new LibraryBench(...Array.from({ length: 1500 }, (_, index) => `${index}.jpg`));
    bench.events.on('library.added', () => {
      bench.library.stopScan();
    });
    await bench.add();
    const { photos, scan } = bench.library.list();
    expect(photos.length).toBeGreaterThan(0);
    expect(photos.length).toBeLessThan(1500);
    expect(scan.active).toBe(false);
  });
});

describe('the photos of the library', () => {
  it('are removed, their files not', async () => {
    const bench = new LibraryBench('a.jpg', 'b.jpg');
    const ids = await bench.add();
    bench.library.remove([ids['a.jpg']!, 'f'.repeat(32) as PhotoId]);
    expect(bench.payloads('library.removed')).toEqual([{ photos: [ids['a.jpg']] }]);
    expect(Object.keys(bench.ids())).toEqual(['b.jpg']);
    expect(existsSync(bench.path('a.jpg'))).toBe(true);
  });

  it('are adjusted all or not at all', async () => {
    const bench = new LibraryBench('a.jpg', 'b.jpg');
    const ids = await bench.add();
    const adjustments = { ...DEFAULT_DENOISE, strength: 0.5 };
    const known = { photos: [ids['a.jpg']!], adjustments };
    const unknown = { photos: [ids['b.jpg']!, '0'.repeat(32) as PhotoId], adjustments };
    expect(() => {
      bench.library.adjust([known, unknown]);
    }).toThrow(expect.objectContaining({ code: 'input/not-found' }));
    expect(bench.entry('a.jpg').adjustments).toBeNull();
    bench.library.adjust([known]);
    expect(bench.entry('a.jpg').adjustments).toEqual(adjustments);
    expect(bench.entry('b.jpg').adjustments).toBeNull();
  });

  it('tell of changes in few events', async () => {
    const bench = new LibraryBench('a.jpg', 'b.jpg', 'c.jpg');
    const ids = await bench.add();
    for (const id of Object.values(ids)) for (let n = 0; n < 50; n++) bench.library.learn(id, { noise: n });
    bench.library.remove([ids['c.jpg']!]);
    await vi.waitFor(() => {
      expect(bench.payloads('library.changed')).toHaveLength(1);
    });
    const [changed] = bench.payloads('library.changed');
    expect(changed?.photos.map(({ name, noise: level }) => [name, level])).toEqual([
      ['a.jpg', 49],
      ['b.jpg', 49],
    ]);
  });

  it('forget what was known of contents that have changed, and say when a file has gone and come back', async () => {
    const bench = new LibraryBench('a.jpg');
    const id = (await bench.add())['a.jpg']!;
    bench.library.adjust([{ photos: [id], adjustments: DEFAULT_DENOISE }]);
    bench.library.judge(id, noise, trust);
    renameSync(bench.path('a.jpg'), bench.path('elsewhere.jpg'));
    await expect(bench.library.refresh(id)).rejects.toMatchObject({ code: 'input/not-found' });
    expect(bench.entry('a.jpg')).toMatchObject({ noise: 12, error: { code: 'input/not-found' } });
    renameSync(bench.path('elsewhere.jpg'), bench.path('a.jpg'));
    await bench.library.refresh(id);
    expect(bench.entry('a.jpg')).toMatchObject({ noise: 12, trust, error: null });
    bench.write('a.jpg', 'another picture');
    await bench.library.refresh(id);
    expect(bench.entry('a.jpg')).toMatchObject({ noise: null, trust: null, bytes: 15, adjustments: DEFAULT_DENOISE });
  });
});

describe('what the library remembers', () => {
  it('is everything that was measured and set, in the order in which photos came', async () => {
    const bench = new LibraryBench('b.jpg', 'a.jpg');
    await bench.add('b.jpg');
    const ids = await bench.add('a.jpg');
    bench.library.judge(ids['a.jpg']!, noise, trust);
    bench.library.learn(ids['b.jpg']!, { error: { code: 'input/damaged', message: 'cut short' } });
    bench.library.adjust([{ photos: [ids['b.jpg']!], adjustments: { ...DEFAULT_DENOISE, luma: 0.3 } }]);
    const before = bench.library.list().photos;
    expect((await bench.restart()).list().photos).toEqual(before);
    await bench.library.verify();
    expect(bench.library.list().photos).toEqual(before);
  });

  it('is checked against the files: gone, changed, the same', async () => {
    const bench = new LibraryBench('gone.jpg', 'changed.jpg', 'same.jpg');
    const ids = await bench.add();
    for (const id of Object.values(ids)) bench.library.judge(id, noise, trust);
    await bench.library.close();
    rmSync(bench.path('gone.jpg'));
    utimesSync(bench.path('changed.jpg'), 1000, 1000);
    await (await bench.restart()).verify();
    expect(bench.entry('gone.jpg')).toMatchObject({ noise: 12, error: { code: 'input/not-found' } });
    expect(bench.entry('changed.jpg')).toMatchObject({ noise: null, trust: null, error: null, modifiedAt: 1_000_000 });
    expect(bench.entry('same.jpg')).toMatchObject({ noise: 12, error: null });
  });

  it('survives damage: a bad line costs its own photo, and the file as it was is kept', async () => {
    const bench = new LibraryBench('a.jpg', 'b.jpg', 'c.jpg');
    await bench.add();
    await bench.library.close();
    const file = join(bench.state, 'library.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[2] = lines[2]!.slice(0, 40);
    writeFileSync(file, `${lines.join('\n')}{"id":"../../x"}\n\u0000\u0000`);
    const damaged = readFileSync(file, 'utf8');
    await bench.restart();
    expect(Object.keys(bench.ids())).toEqual(['a.jpg', 'c.jpg']);
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(damaged);
    expect(bench.payloads('app.notice')).toMatchObject([{ level: 'warning', code: 'input/damaged' }]);
  });

  it('says when it cannot be written, and goes on', async () => {
    const bench = new LibraryBench('a.jpg');
    mkdirSync(join(bench.state, 'library.jsonl'));
    await bench.add();
    await bench.library.close();
    expect(bench.payloads('app.notice')).toMatchObject([{ level: 'warning' }]);
    expect(bench.payloads('app.notice')[0]?.message).toMatch(/^the list of photos could not be saved: /);
    expect(bench.ids()).toHaveProperty('a.jpg');
  });
});
