import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE, type PhotoId, type QueueSnapshot } from '../../../preload/contract.js';
import { idOf, QueueBench } from '../../support/queue-bench.js';
import { ToyEngine } from '../../support/toy-engine.js';

const NAMES = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg', 'x/a.jpg'];

const photos = fc.subarray(NAMES.map(idOf), { minLength: 1 });
const move = fc.oneof(
  fc.record({ type: fc.constant('start' as const), photos, strength: fc.constantFrom(1, 0.5), flat: fc.boolean() }),
  fc.record({ type: fc.constantFrom('cancel' as const, 'retry' as const), photos: fc.option(photos) }),
  fc.record({ type: fc.constantFrom('pause' as const, 'resume' as const, 'clear' as const, 'restart' as const) }),
  fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 8 }) }),
);

/** Whatever happens, each photo has one entry, and the numbers are those of the entries. */
function check({ items, status }: QueueSnapshot): void {
  expect(new Set(items.map(({ photo }) => photo)).size).toBe(items.length);
  const count = (state: string): number => items.filter((item) => item.state === state).length;
  const open = count('waiting') + count('running');
  expect(status.state === 'idle').toBe(open === 0);
  // Entries of earlier rounds are not counted, so these are at most what is listed.
  for (const state of ['done', 'skipped', 'failed', 'cancelled'] as const) {
    expect(status[state]).toBeLessThanOrEqual(count(state));
  }
  expect(status.done + status.skipped + status.failed + status.cancelled + open).toBe(status.total);
  expect(status.fraction).toBeGreaterThanOrEqual(0);
  expect(status.fraction).toBeLessThanOrEqual(1);
}

describe('any sequence of requests', () => {
  it('leaves numbers that agree, one entry a photo, and every photo that was asked for done in the end', async () => {
    const run = fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
      const bench = new QueueBench(...NAMES);
      const engine = new ToyEngine();
      engine.fault = (name) => (name === 'b.jpg' ? 'input/damaged' : undefined);
      let service = bench.service(engine);
      const pending: Promise<unknown>[] = [];
      const asked = new Set<PhotoId>();
      for (const step of moves) {
        if (step.type === 'start') {
          for (const photo of step.photos) {
            bench.settings.set(photo, { ...DEFAULT_DENOISE, strength: step.strength });
            asked.add(photo);
          }
          pending.push(service.start(step.photos, bench.export({ keepFolders: !step.flat })));
        } else if (step.type === 'cancel' || step.type === 'retry') pending.push(service[step.type](step.photos));
        else if (step.type === 'wait') await sleep(step.ms);
        else if (step.type === 'restart') {
          await Promise.all(pending.splice(0));
          await service.close();
          service = bench.service(engine);
        } else pending.push(service[step.type]());
        check(await service.list());
      }
      await Promise.all(pending);
      await service.start([...asked], bench.export());
      const states = await bench.settled(service);
      check(await service.list());
      for (const [name, state] of Object.entries(states)) {
        const expected = name === 'b.jpg' ? ['input/damaged', 'cancelled'] : ['done', 'already-done', 'cancelled'];
        expect(expected).toContain(state);
      }
      const outputs = new Map((await service.list()).items.map((entry) => [entry.photo, entry.output]));
      for (const name of NAMES) {
        if (!asked.has(idOf(name)) || name === 'b.jpg') continue;
        expect(['done', 'already-done']).toContain(states[name]);
        expect(bench.result(outputs.get(idOf(name))!)).toBe(`pixels of ${name}`);
      }
      await service.close();
      expect(readdirSync(bench.out).filter((name) => name.includes('.stillgrain-'))).toEqual([]);
    });
    await fc.assert(run, { numRuns: 40, endOnFailure: true });
  });
});
