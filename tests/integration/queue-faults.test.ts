import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../preload/contract.js';
import type { ExistingPolicy } from '../../main/app/disposition.js';
import { EngineUnavailable } from '../../main/app/engine-errors.js';
import type { Engine } from '../../main/app/engine-supervisor.js';
import type { PlannedItem, QueueEvent, Task } from '../../main/app/queue-item.js';
import { QueueStore } from '../../main/app/queue-store.js';
import { Queue } from '../../main/app/queue.js';
import { scriptedEngine } from '../support/scripted-engine.js';
import { tempFolder } from '../support/temp-folder.js';

const forever = new AbortController().signal;

const task = (policy: ExistingPolicy = 'skip'): Task => ({
  settings: DEFAULT_DENOISE,
  encode: DEFAULT_ENCODE,
  runtime: DEFAULT_RUNTIME,
  policy,
  modelName: 'quality',
  jobId: 'job',
  batch: 'batch',
});

/** A queue over real files whose names script the engine's faults. */
class Bench {
  readonly folder = tempFolder();
  readonly out = join(this.folder, 'out');
  readonly events: QueueEvent[] = [];

  async queue(engine: Engine, names: readonly string[], policy: ExistingPolicy = 'skip'): Promise<Queue> {
    const store = await QueueStore.open(join(this.folder, 'state'));
    onTestFinished(() => store.close());
    const queue = new Queue(engine, (event) => this.events.push(event));
    await queue.add(
      names.map((name) => this.item(name, policy)),
      store,
    );
    return queue;
  }

  item(name: string, policy: ExistingPolicy): PlannedItem {
    const input = join(this.folder, name);
    if (!existsSync(input)) writeFileSync(input, `pixels of ${name}`);
    return {
      id: name,
      input,
      output: join(this.out, name),
      key: `key of ${name}`,
      size: 10,
      task: task(policy),
      error: null,
    };
  }
}

const states = (queue: Queue): Record<string, string> =>
  Object.fromEntries(queue.items.map((item) => [item.id, item.error?.code ?? item.skipped ?? item.state]));

describe('a queue whose engine has faults', () => {
  it('does every photo but those that kill the engine each time, and blames no other', async () => {
    const bench = new Bench();
    const names = ['a', 'b', 'crash', 'c', 'oom', 'd', 'damaged', 'e', 'f'];
    const queue = await bench.queue(scriptedEngine(), names);
    await queue.run(forever);
    expect(states(queue)).toEqual({
      ...Object.fromEntries(names.map((name) => [name, 'done'])),
      crash: 'engine/crashed',
      oom: 'engine/out-of-memory',
      damaged: 'input/damaged',
    });
    expect(queue.items.find(({ id }) => id === 'crash')?.error?.message).toContain('smaller tiles and on the CPU, too');
    expect(new Set(readdirSync(bench.out))).toEqual(new Set(['a', 'b', 'c', 'd', 'e', 'f']));
  });

  it('does a photo with smaller tiles when the engine has too little memory for it', async () => {
    const queue = await new Bench().queue(scriptedEngine(), ['large-untiled', 'oom-untiled', 'a']);
    await queue.run(forever);
    expect(states(queue)).toEqual({ 'large-untiled': 'done', 'oom-untiled': 'done', a: 'done' });
  });

  it('leaves an accelerator that fails: the rest goes to the CPU at once, and the person is told once', async () => {
    const bench = new Bench();
    const names = Array.from({ length: 12 }, (_, i) => `adapter-${i}`);
    const queue = await bench.queue(scriptedEngine(), names);
    await queue.run(forever);
    expect(new Set(Object.values(states(queue)))).toEqual(new Set(['done']));
    const warnings = bench.events.filter((event) => event.type === 'warning');
    expect(warnings.map((event) => event.message)).toEqual([
      'there is no adapter; photos are denoised on the CPU instead',
    ]);
    // Only those that were in hand when the first one failed.
    expect(readdirSync(bench.folder).filter((name) => name.endsWith('.refused')).length).toBeLessThanOrEqual(4);
  });

  it('does a photo again that was in the engine when it died once', async () => {
    const queue = await new Bench().queue(scriptedEngine(), ['slow-1', 'crash-once', 'slow-2']);
    await queue.run(forever);
    expect(states(queue)).toEqual({ 'slow-1': 'done', 'crash-once': 'done', 'slow-2': 'done' });
  });

  it('leaves all photos waiting when the engine does not start', async () => {
    const broken: Engine = { call: () => Promise.reject(new EngineUnavailable('engine/crashed', 'does not start')) };
    const bench = new Bench();
    const queue = await bench.queue(broken, ['a', 'b', 'c', 'd', 'e', 'f']);
    await expect(queue.run(forever)).rejects.toBeInstanceOf(EngineUnavailable);
    expect(new Set(Object.values(states(queue)))).toEqual(new Set(['waiting']));
    const next = await bench.queue(scriptedEngine(), ['a', 'b']);
    await next.run(forever);
    expect(states(next)).toEqual({ a: 'done', b: 'done' });
  });

  it('reports a fraction that never goes back, over all attempts', async () => {
    const bench = new Bench();
    const queue = await bench.queue(scriptedEngine(), ['slow-crash-once', 'slow-1']);
    await queue.run(forever);
    const last = new Map<string, number>();
    for (const event of bench.events) {
      if (event.type === 'warning') continue;
      expect(event.item.fraction).toBeGreaterThanOrEqual(last.get(event.item.id) ?? 0);
      last.set(event.item.id, event.item.fraction);
    }
    expect([...last.values()]).toEqual([1, 1]);
  });
});

describe('a queue under control', () => {
  it('pauses and goes on', async () => {
    const bench = new Bench();
    const queue = await bench.queue(scriptedEngine(), ['slow-1', 'slow-2', 'slow-3', 'slow-4', 'a', 'b']);
    const run = queue.run(forever);
    queue.pause();
    await expect.poll(() => Object.values(states(queue)).filter((state) => state === 'done').length).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(states(queue)).toMatchObject({ a: 'waiting', b: 'waiting' });
    queue.resume();
    await run;
    expect(new Set(Object.values(states(queue)))).toEqual(new Set(['done']));
  });

  it('cancels one photo in hand, one that waits, and goes on with the rest', async () => {
    const queue = await new Bench().queue(scriptedEngine(), ['slow-1', 'slow-2', 'slow-3', 'slow-4', 'a', 'b']);
    const run = queue.run(forever);
    await queue.cancel(['a']);
    await expect.poll(() => queue.items[0]!.pixels).toBeGreaterThan(0);
    await queue.cancel(['slow-1']);
    await run;
    expect(states(queue)).toEqual({
      'slow-1': 'cancelled',
      'slow-2': 'done',
      'slow-3': 'done',
      'slow-4': 'done',
      a: 'cancelled',
      b: 'done',
    });
  });

  it('cancels everything', async () => {
    const queue = await new Bench().queue(scriptedEngine(), ['slow-1', 'slow-2', 'slow-3', 'slow-4', 'slow-5']);
    const run = queue.run(forever);
    await expect.poll(() => queue.items[0]!.pixels).toBeGreaterThan(0);
    await queue.cancelAll();
    await run;
    expect(new Set(Object.values(states(queue)))).toEqual(new Set(['cancelled']));
  });

  it('stops at an abort and goes on in another process where it was', async () => {
    const bench = new Bench();
    const names = ['a', 'b', 'slow-1', 'slow-2', 'slow-3', 'slow-4', 'c'];
    const controller = new AbortController();
    const queue = await bench.queue(scriptedEngine(), names);
    const run = queue.run(controller.signal);
    await expect.poll(() => states(queue)['b']).toBe('done');
    controller.abort();
    await run;
    expect(states(queue)).toMatchObject({ a: 'done', b: 'done', 'slow-1': 'waiting', c: 'waiting' });
    const next = await bench.queue(scriptedEngine(), names);
    await next.run(forever);
    expect(states(next)).toMatchObject({ a: 'already-done', b: 'already-done', 'slow-1': 'done', c: 'done' });
  });

  it('shares the work with another process: every photo is done once, by one of them', async () => {
    const bench = new Bench();
    const names = Array.from({ length: 12 }, (_, index) => `photo-${index}`);
    const queues = [
      await bench.queue(scriptedEngine(), names),
      await bench.queue(scriptedEngine(), names, 'overwrite'),
    ];
    await Promise.all(queues.map((queue) => queue.run(forever)));
    for (const name of names) {
      const ends = queues.map((queue) => states(queue)[name]);
      expect(ends.toSorted()).toEqual(['done', 'done-elsewhere']);
    }
    expect(readdirSync(join(bench.folder, 'state', 'claims'))).toEqual([]);
  });

  it('says once when its journal cannot be written, and does the photos', async () => {
    const bench = new Bench();
    const store = await QueueStore.open(join(bench.folder, 'state'));
    await store.close();
    const queue = new Queue(scriptedEngine(), (event) => bench.events.push(event));
    await queue.add([bench.item('a', 'skip'), bench.item('b', 'skip')], store);
    await queue.run(forever);
    expect(states(queue)).toEqual({ a: 'done', b: 'done' });
    const warnings = bench.events.filter((event) => event.type === 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain('journal cannot be written');
  });

  it('skips a file of somebody else, and fails a photo whose folder cannot be made', async () => {
    const bench = new Bench();
    mkdirSync(bench.out);
    writeFileSync(join(bench.out, 'a'), 'not ours');
    writeFileSync(join(bench.out, 'file'), '');
    const queue = await bench.queue(scriptedEngine(), ['a', 'b']);
    const store = await QueueStore.open(join(bench.folder, 'other-state'));
    onTestFinished(() => store.close());
    await queue.add([{ ...bench.item('c', 'skip'), output: join(bench.out, 'file', 'c') }], store);
    await queue.run(forever);
    expect(states(queue)).toEqual({ a: 'exists', b: 'done', c: 'output/failed' });
  });
});
