import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, type PhotoId, type PlaceId } from '../../../preload/contract.js';
import { EngineUnavailable } from '../../../main/app/engine-errors.js';
import { idOf, QueueBench } from '../../support/queue-bench.js';
import { ToyEngine } from '../../support/toy-engine.js';

const ids = (...names: string[]): PhotoId[] => names.map(idOf);
const running = (bench: QueueBench, service: ReturnType<QueueBench['service']>, name: string) =>
  expect.poll(async () => (await bench.states(service))[name], { interval: 5 }).toBe('running');

describe('a click on Denoise', () => {
  it('denoises each photo with its own settings, into the destination', async () => {
    const bench = new QueueBench('a.jpg', 'x/b.jpg');
    bench.settings.set(idOf('x/b.jpg'), { ...DEFAULT_DENOISE, strength: 0.5, model: 'fast' });
    const engine = new ToyEngine();
    const service = bench.service(engine);
    expect(await service.start(ids('a.jpg', 'x/b.jpg'), bench.export())).toEqual({ added: 2 });
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'done', 'x/b.jpg': 'done' });
    expect(bench.result('x/b.jpg')).toBe('pixels of x/b.jpg');
    // Several photos are in hand at once: whose request comes first is not settled.
    const asked = engine.requests.map(({ input, settings }) => [input, [settings.model, settings.strength]] as const);
    expect(Object.fromEntries(asked)).toEqual({
      [bench.path('a.jpg')]: ['quality', 1],
      [bench.path('x/b.jpg')]: ['fast', 0.5],
    });
    const { items, status } = await service.list();
    expect(items[1]).toMatchObject({ output: 'x/b.jpg', noise: { sigma: 5 }, trust: { verdict: 'good' }, fraction: 1 });
    expect(status).toMatchObject({ state: 'idle', total: 2, done: 2, fraction: 1, downloadable: false });
  });

  it('puts results straight into the destination on request, and settles names over the whole set', async () => {
    const bench = new QueueBench('x/a.jpg', 'y/a.jpg', 'y/A.jpg');
    const service = bench.service();
    const settings = bench.export({ keepFolders: false, template: '{name}-{index:2}' });
    await service.start(ids('x/a.jpg', 'y/a.jpg'), settings);
    await bench.settled(service);
    await service.start(ids('y/A.jpg'), bench.export({ keepFolders: false, template: 'same' }));
    await service.start(ids('x/a.jpg'), bench.export({ keepFolders: false, template: 'same', existing: 'overwrite' }));
    await bench.settled(service);
    expect(readdirSync(bench.out).sort()).toEqual(['a-01.jpg', 'a-02.jpg', 'same-2.jpg', 'same.jpg']);
    expect(bench.result('same.jpg')).toBe('pixels of y/A.jpg');
  });

  it('puts results beside the originals', async () => {
    const bench = new QueueBench('x/a.jpg', 'y/z/b.jpg');
    const service = bench.service();
    const destination = { kind: 'beside', folder: '../clean' } as const;
    await service.start(ids('x/a.jpg', 'y/z/b.jpg'), bench.export({ destination }));
    expect(await bench.settled(service)).toEqual({ 'x/a.jpg': 'done', 'y/z/b.jpg': 'done' });
    expect(readdirSync(bench.path('x')).sort()).toEqual(['.._clean', 'a.jpg']);
    expect(readdirSync(bench.path('y/z/.._clean'))).toEqual(['b.jpg']);
    expect((await service.list()).items.map(({ output }) => output)).toEqual(['.._clean/a.jpg', '.._clean/b.jpg']);
  });

  it('does a photo again when its settings have changed, and leaves it when they have not', async () => {
    const bench = new QueueBench('a.jpg');
    const engine = new ToyEngine();
    const service = bench.service(engine);
    await service.start(ids('a.jpg'), bench.export());
    await bench.settled(service);
    await service.start(ids('a.jpg'), bench.export());
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'already-done' });
    bench.settings.set(idOf('a.jpg'), { ...DEFAULT_DENOISE, detail: 0.3 });
    await service.start(ids('a.jpg'), bench.export());
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'done' });
    await service.start(ids('a.jpg'), bench.export({ existing: 'overwrite' }));
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'done' });
    expect(engine.asked).toEqual(['a.jpg', 'a.jpg', 'a.jpg']);
  });

  it('replaces an entry whose settings have changed while it waits or runs, and keeps one that asks for the same', async () => {
    const bench = new QueueBench('a.jpg', 'b.jpg');
    const engine = new ToyEngine();
    engine.held = /./;
    const service = bench.service(engine);
    await service.start(ids('a.jpg', 'b.jpg'), bench.export());
    await expect.poll(() => engine.asked).toHaveLength(2);
    bench.settings.set(idOf('a.jpg'), { ...DEFAULT_DENOISE, luma: 0.1 });
    expect(await service.start(ids('a.jpg', 'b.jpg'), bench.export())).toEqual({ added: 1 });
    engine.release();
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'done', 'b.jpg': 'done' });
    expect(engine.requests.map(({ settings }) => settings.luma).sort()).toEqual([0.1, 1, 1]);
    expect((await service.list()).status).toMatchObject({ total: 2, done: 2, cancelled: 0 });
  });

  it('takes photos in while others run', async () => {
    const bench = new QueueBench('a.jpg', 'b.jpg');
    const engine = new ToyEngine();
    engine.held = /a/;
    const service = bench.service(engine);
    await service.start(ids('a.jpg'), bench.export());
    await running(bench, service, 'a.jpg');
    await service.start(ids('b.jpg'), bench.export());
    await expect.poll(() => bench.states(service)).toEqual({ 'a.jpg': 'running', 'b.jpg': 'done' });
    expect((await service.list()).status).toMatchObject({ state: 'running', total: 2, done: 1 });
    engine.release();
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'done', 'b.jpg': 'done' });
  });

  it('never lets a result replace an original, not even one that is not among the photos', async () => {
    const bench = new QueueBench('x/a.jpg', 'x/b.jpg');
    const service = bench.service();
    const destination = { kind: 'place', place: 'placein00' as PlaceId } as const;
    await service.start(ids('x/a.jpg'), bench.export({ destination, template: 'b', existing: 'overwrite' }));
    expect(await bench.settled(service)).toEqual({ 'x/a.jpg': 'output/conflict' });
    expect(readFileSync(bench.path('x/b.jpg'), 'utf8')).toBe('pixels of x/b.jpg');
  });

  it.each([
    ['no destination', { destination: null }, 'usage/invalid', 'choose one'],
    ['a place that is not known', { destination: { kind: 'place', place: 'nowhere00' as PlaceId } }, 'output/gone', ''],
    ['a template that is wrong', { template: '{nme}' }, 'usage/invalid', 'the name has the unknown token {nme}'],
  ] as const)('refuses %s', async (_what, changes, code, message) => {
    const bench = new QueueBench('a.jpg');
    const refused = bench.service().start(ids('a.jpg'), bench.export(changes));
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
  });

  it('refuses a destination that was unplugged, and makes no folder in its place', async () => {
    const bench = new QueueBench('a.jpg');
    rmSync(bench.out, { recursive: true });
    await expect(bench.service().start(ids('a.jpg'), bench.export())).rejects.toMatchObject({ code: 'output/gone' });
    expect(readdirSync(bench.folder)).not.toContain('out');
  });
});

describe('under way', () => {
  it('pauses at once: what has only begun waits again, and nothing is lost or done twice', async () => {
    const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg'];
    const bench = new QueueBench(...names);
    const engine = new ToyEngine();
    engine.held = /[b-f]/;
    const service = bench.service(engine);
    await service.start(ids(...names), bench.export());
    await expect.poll(async () => (await service.list()).status.done).toBe(1);
    await service.pause();
    await expect.poll(async () => Object.values(await bench.states(service))).not.toContain('running');
    expect((await service.list()).status).toMatchObject({ state: 'paused', done: 1, etaMs: null });
    engine.release();
    expect((await service.list()).status.done).toBe(1);
    await service.resume();
    expect(new Set(Object.values(await bench.settled(service)))).toEqual(new Set(['done']));
    expect(readdirSync(bench.out)).toEqual(names);
  });

  it('cancels one photo, or all; results stay', async () => {
    const bench = new QueueBench('a.jpg', 'b.jpg', 'c.jpg');
    const engine = new ToyEngine();
    engine.held = /[bc]/;
    const service = bench.service(engine);
    await service.start(ids('a.jpg', 'b.jpg', 'c.jpg'), bench.export());
    await expect.poll(() => bench.states(service)).toEqual({ 'a.jpg': 'done', 'b.jpg': 'running', 'c.jpg': 'running' });
    await service.cancel(ids('b.jpg', 'a.jpg'));
    await expect
      .poll(() => bench.states(service))
      .toEqual({ 'a.jpg': 'done', 'b.jpg': 'cancelled', 'c.jpg': 'running' });
    await service.cancel(null);
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'done', 'b.jpg': 'cancelled', 'c.jpg': 'cancelled' });
    expect(readdirSync(bench.out)).toEqual(['a.jpg']);
  });

  it('does again what failed or was cancelled, as the photo is now', async () => {
    const bench = new QueueBench('a.jpg', 'b.jpg', 'c.jpg');
    bench.list('late.jpg');
    const engine = new ToyEngine();
    engine.fault = (name) => (name === 'b.jpg' ? 'input/damaged' : undefined);
    const service = bench.service(engine);
    await service.start(ids('a.jpg', 'b.jpg', 'c.jpg', 'late.jpg'), bench.export());
    expect(await bench.settled(service)).toMatchObject({ 'b.jpg': 'input/damaged', 'late.jpg': 'input/not-found' });
    engine.fault = () => undefined;
    bench.write('b.jpg', 'mended');
    bench.write('late.jpg');
    await service.retry(ids('b.jpg', 'a.jpg'));
    expect(await bench.settled(service)).toMatchObject({ 'b.jpg': 'done', 'late.jpg': 'input/not-found' });
    await service.retry(null);
    expect(new Set(Object.values(await bench.settled(service)))).toEqual(new Set(['done']));
    expect(bench.result('b.jpg')).toBe('mended');
    expect(engine.asked.filter((name) => name === 'a.jpg')).toHaveLength(1);
    expect((await service.list()).status).toMatchObject({ total: 4, done: 4, failed: 0 });
  });

  it('forgets what is settled, and says so', async () => {
    const bench = new QueueBench('a.jpg', 'b.jpg');
    const engine = new ToyEngine();
    engine.held = /b/;
    const service = bench.service(engine);
    await service.start(ids('a.jpg', 'b.jpg'), bench.export());
    await expect.poll(() => bench.states(service)).toEqual({ 'a.jpg': 'done', 'b.jpg': 'running' });
    await service.clear();
    expect(await bench.states(service)).toEqual({ 'b.jpg': 'running' });
    await expect.poll(() => bench.events('queue.changed').flatMap(({ removed }) => removed)).toEqual(ids('a.jpg'));
    engine.release();
    await bench.settled(service);
    expect(readdirSync(bench.out)).toEqual(['a.jpg', 'b.jpg']);
  });

  it('begins to count anew when all work was settled', async () => {
    const bench = new QueueBench('a.jpg', 'b.jpg');
    const service = bench.service();
    await service.start(ids('a.jpg'), bench.export());
    await bench.settled(service);
    await service.start(ids('b.jpg'), bench.export());
    await bench.settled(service);
    const { items, status } = await service.list();
    expect(items).toHaveLength(2);
    expect(status).toMatchObject({ total: 1, done: 1 });
  });

  it('tells changes at most ten times a second, only what has changed, and always how it ended', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `${index}.jpg`);
    const bench = new QueueBench(...names);
    const service = bench.service();
    await service.start(ids(...names), bench.export());
    await bench.settled(service);
    await expect.poll(() => bench.events('queue.changed').at(-1)?.status).toMatchObject({ state: 'idle', done: 60 });
    const told = bench.told.filter(({ name }) => name === 'queue.changed');
    // A timer may be a little early against the clock that is read here.
    for (const [index, { at }] of told.entries()) expect(at - (told[index - 1]?.at ?? -Infinity)).toBeGreaterThan(95);
    const last = new Map(bench.events('queue.changed').flatMap(({ items }) => items.map((item) => [item.photo, item])));
    expect(new Set(Array.from(last.values(), ({ state }) => state))).toEqual(new Set(['done']));
    expect(last.size).toBe(60);
  });
});

describe('trouble', () => {
  it('pauses and says why when the engine does not start, and goes on later', async () => {
    const bench = new QueueBench('a.jpg');
    const engine = new ToyEngine();
    engine.fault = () => new EngineUnavailable('engine/crashed', 'the engine does not start');
    const service = bench.service(engine);
    await service.start(ids('a.jpg'), bench.export());
    await expect.poll(async () => (await service.list()).status.state).toBe('paused');
    expect(await bench.states(service)).toEqual({ 'a.jpg': 'waiting' });
    expect(bench.events('app.notice')).toEqual([
      { level: 'error', code: 'engine/crashed', message: 'the engine does not start' },
    ]);
    engine.fault = () => undefined;
    await service.resume();
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'done' });
  });

  it.each(['output/disk-full', 'output/read-only'] as const)('pauses for %s; the rest waits', async (code) => {
    const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg', 'g.jpg', 'h.jpg'];
    const bench = new QueueBench(...names);
    const engine = new ToyEngine();
    engine.fault = (name) => (name === 'a.jpg' ? code : undefined);
    const service = bench.service(engine);
    await service.start(ids(...names), bench.export());
    await expect.poll(() => bench.states(service)).toMatchObject({ 'a.jpg': code, 'h.jpg': 'waiting' });
    expect((await service.list()).status.state).toBe('paused');
    expect(bench.events('app.notice')).toMatchObject([{ level: 'error', code }]);
    engine.fault = () => undefined;
    await service.retry(null);
    expect(new Set(Object.values(await bench.settled(service)))).toEqual(new Set(['done']));
  });

  it('pauses when the destination goes away in the middle, and does not make it again', async () => {
    const bench = new QueueBench('a.jpg', 'b.jpg');
    const engine = new ToyEngine();
    engine.held = /./;
    const service = bench.service(engine);
    await service.start(ids('a.jpg'), bench.export());
    await running(bench, service, 'a.jpg');
    rmSync(bench.out, { recursive: true });
    engine.fault = () => 'output/failed';
    engine.release();
    await expect.poll(() => bench.states(service)).toEqual({ 'a.jpg': 'output/gone' });
    expect(readdirSync(bench.folder)).not.toContain('out');
    mkdirSync(bench.out);
    engine.fault = () => undefined;
    await service.retry(null);
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'done' });
  });

  it('finds a photo that vanished or changed while it waited', async () => {
    const bench = new QueueBench('a.jpg', 'b.jpg');
    const service = bench.service();
    rmSync(bench.path('a.jpg'));
    await service.start(ids('a.jpg', 'b.jpg'), bench.export());
    expect(await bench.settled(service)).toEqual({ 'a.jpg': 'input/not-found', 'b.jpg': 'done' });
    bench.write('b.jpg', 'other pixels, and more');
    await service.start(ids('b.jpg'), bench.export());
    expect(await bench.settled(service)).toMatchObject({ 'b.jpg': 'done' });
    expect(bench.result('b.jpg')).toBe('other pixels, and more');
  });
});

describe('after a restart', () => {
  it('comes back paused with what was left, and does nothing twice', async () => {
    const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg'];
    const bench = new QueueBench(...names);
    bench.settings.set(idOf('e.jpg'), { ...DEFAULT_DENOISE, strength: 0.2 });
    const engine = new ToyEngine();
    engine.held = /[c-e]/;
    engine.fault = (name) => (name === 'b.jpg' ? 'input/damaged' : undefined);
    const first = bench.service(engine);
    await first.start(ids(...names), bench.export({ encode: { ...DEFAULT_ENCODE, format: 'png' } }));
    await expect.poll(async () => (await first.list()).status.failed).toBe(1);
    await first.cancel(ids('c.jpg'));
    await expect.poll(async () => (await first.list()).status).toMatchObject({ done: 1, failed: 1, cancelled: 1 });
    await first.close();

    bench.settings.clear();
    const next = new ToyEngine();
    const service = bench.service(next);
    expect(await bench.states(service)).toEqual({
      'a.jpg': 'done',
      'b.jpg': 'input/damaged',
      'c.jpg': 'cancelled',
      'd.jpg': 'waiting',
      'e.jpg': 'waiting',
    });
    expect((await service.list()).status).toMatchObject({ state: 'paused', total: 5, done: 1, failed: 1 });
    expect((await service.list()).items[0]).toMatchObject({ output: 'a.png', noise: { sigma: 5 } });
    expect(next.asked).toEqual([]);
    await service.resume();
    await bench.settled(service);
    // Both are in flight at once: which is asked for first is up to the file system.
    expect(next.requests).toHaveLength(2);
    expect(new Map(next.requests.map(({ input, settings }) => [input, settings.strength]))).toEqual(
      new Map([
        [bench.path('d.jpg'), 1],
        [bench.path('e.jpg'), 0.2],
      ]),
    );
    await service.retry(ids('b.jpg', 'c.jpg'));
    expect(new Set(Object.values(await bench.settled(service)))).toEqual(new Set(['done']));
    await service.close();
    expect(await bench.states(bench.service())).toEqual({});
  });

  it('is not misled by what became of an earlier try of the same photo', async () => {
    const bench = new QueueBench('a.jpg');
    const engine = new ToyEngine();
    engine.held = /./;
    const first = bench.service(engine);
    await first.start(ids('a.jpg'), bench.export());
    await running(bench, first, 'a.jpg');
    await first.cancel(null);
    await expect.poll(() => bench.states(first)).toEqual({ 'a.jpg': 'cancelled' });
    await first.start(ids('a.jpg'), bench.export());
    await first.close();
    expect(await bench.states(bench.service())).toEqual({ 'a.jpg': 'waiting' });
  });

  it('keeps the names of a renaming run', async () => {
    const bench = new QueueBench('a.jpg', 'b.jpg');
    writeFileSync(join(bench.out, 'a.jpg'), 'mine');
    const engine = new ToyEngine();
    engine.held = /b/;
    const first = bench.service(engine);
    await first.start(ids('a.jpg', 'b.jpg'), bench.export({ existing: 'rename' }));
    await expect.poll(async () => (await first.list()).status.done).toBe(1);
    await first.close();
    const service = bench.service();
    expect(await bench.states(service)).toEqual({ 'a.jpg': 'done', 'b.jpg': 'waiting' });
    await service.resume();
    await bench.settled(service);
    expect(readdirSync(bench.out).sort()).toEqual(['a-2.jpg', 'a.jpg', 'b.jpg']);
  });
});
