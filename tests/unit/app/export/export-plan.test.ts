import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExportPlan, ExportSettings, PlaceId } from '../../../../preload/contract.js';
import { idOf, QueueBench } from '../../../support/queue-bench.js';

const never = new AbortController().signal;
const names = ['x/a.jpg', 'b.png'];

const plan = (bench: QueueBench, changes: Partial<ExportSettings> = {}): Promise<ExportPlan> =>
  bench.service().plan(names.map(idOf), bench.export(changes), never);

describe('the plan of an export', () => {
  it('says how much it is, where the first result goes, and how much room there is', async () => {
    const bench = new QueueBench(...names);
    const answer = await plan(bench, { template: '{name}-denoised-{index:3}' });
    expect(answer).toMatchObject({
      photos: 2,
      bytes: 40,
      existing: 0,
      example: 'x/a-denoised-001.jpg',
      destination: { id: 'placeout0', name: 'out' },
      error: null,
    });
    expect(answer.freeBytes).toBeGreaterThan(0);
  });

  it('counts the names that are taken, and shows the one that a new file would get', async () => {
    const bench = new QueueBench(...names);
    mkdirSync(join(bench.out, 'x'));
    for (const name of ['x/a.jpg', 'x/a-2.jpg', 'other.jpg']) writeFileSync(join(bench.out, name), '');
    expect(await plan(bench)).toMatchObject({ existing: 1, example: 'x/a.jpg' });
    expect(await plan(bench, { existing: 'rename' })).toMatchObject({ existing: 1, example: 'x/a-3.jpg' });
    expect(await plan(bench, { keepFolders: false })).toMatchObject({ existing: 0, example: 'a.jpg' });
  });

  it('knows the folders beside the originals, and the outbox', async () => {
    const bench = new QueueBench(...names);
    mkdirSync(bench.path('x/clean'));
    writeFileSync(bench.path('x/clean/a.jpg'), '');
    const beside = await plan(bench, { destination: { kind: 'beside', folder: 'clean' } });
    expect(beside).toMatchObject({ existing: 1, example: 'clean/a.jpg', destination: null, error: null });
    const download = await plan(bench, { destination: { kind: 'download' } });
    expect(download).toMatchObject({ existing: 0, example: 'x/a.jpg', destination: null, error: null });
  });

  it.each([
    ['a template that is wrong', { template: 'a/../b' }, 'usage/invalid'],
    ['no destination', { destination: null }, 'usage/invalid'],
    ['a place that is not known', { destination: { kind: 'place', place: 'nowhere00' as PlaceId } }, 'output/gone'],
    ['the originals themselves', { destination: { kind: 'place', place: 'placein00' as PlaceId } }, 'output/conflict'],
  ] as const)('answers with what is wrong with %s', async (_what, changes, code) => {
    expect((await plan(new QueueBench(...names), changes)).error?.code).toBe(code);
  });

  it('answers that a destination is gone or read-only', async (context) => {
    const bench = new QueueBench(...names);
    rmSync(bench.out, { recursive: true });
    expect((await plan(bench)).error?.code).toBe('output/gone');
    if (process.getuid?.() === 0) return context.skip('root may write everywhere');
    mkdirSync(bench.out);
    chmodSync(bench.out, 0o555);
    expect((await plan(bench)).error?.code).toBe('output/read-only');
  });

  it('plans 10,000 photos without holding anything up, and stops when nobody waits any more', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `${index % 100}/${index}.jpg`);
    const bench = new QueueBench();
    for (const name of many) bench.list(name);
    const service = bench.service();
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    const answer = await service.plan(many.map(idOf), bench.export(), never);
    clearInterval(ticking);
    expect(answer).toMatchObject({ photos: 10_000, existing: 0, error: null });
    expect(turns).toBeGreaterThan(3);
    const controller = new AbortController();
    const stopped = service.plan(many.map(idOf), bench.export(), controller.signal);
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'engine/cancelled' });
  });
});
