import { describe, expect, it } from 'vitest';
import { PRIORITY, PriorityMutex, type Pause, type Priority } from '../../../main/engine/mutex.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A mutex with pieces of work that note what they do and go on a step at a time. */
function scene() {
  const mutex = new PriorityMutex();
  const log: string[] = [];
  const steps = new Map<string, () => void>();
  const step = async (name: string): Promise<void> => {
    steps.get(name)?.();
    await settled();
  };
  const start = (name: string, priority: Priority, signal = new AbortController().signal): Promise<void> =>
    mutex
      .run(priority, signal, async (pause: Pause) => {
        for (let tile = 1; tile <= 2; tile++) {
          if (await pause()) log.push(`${name} resumes`);
          log.push(`${name} ${tile}`);
          await new Promise<void>((go) => steps.set(name, go));
        }
      })
      .catch((error: unknown) => void log.push(`${name}: ${(error as { code: string }).code}`));
  return { mutex, log, step, start };
}

describe('PriorityMutex', () => {
  it('runs one at a time, equals in the order in which they came', async () => {
    const { log, step, start } = scene();
    void start('a', PRIORITY.photo);
    void start('b', PRIORITY.photo);
    void start('c', PRIORITY.photo);
    for (const name of ['a', 'a', 'b', 'b', 'c', 'c']) await settled().then(() => step(name));
    expect(log).toEqual(['a 1', 'a 2', 'b 1', 'b 2', 'c 1', 'c 2']);
  });

  it('lets a preview in between two tiles, and goes on before those that came later', async () => {
    const { log, step, start } = scene();
    void start('photo', PRIORITY.photo);
    void start('next', PRIORITY.photo);
    await settled();
    void start('preview', PRIORITY.preview);
    for (const name of ['photo', 'preview', 'preview', 'photo', 'next', 'next']) await settled().then(() => step(name));
    expect(log).toEqual(['photo 1', 'preview 1', 'preview 2', 'photo resumes', 'photo 2', 'next 1', 'next 2']);
  });

  it('lets a measurement wait for everything', async () => {
    const { log, step, start } = scene();
    void start('measure', PRIORITY.measure);
    await settled();
    void start('photo', PRIORITY.photo);
    for (const name of ['measure', 'photo', 'photo', 'measure']) await settled().then(() => step(name));
    expect(log).toEqual(['measure 1', 'photo 1', 'photo 2', 'measure resumes', 'measure 2']);
  });

  it('answers an abort of who waits at once, before its turn and in a pause, and is free afterwards', async () => {
    const { log, step, start } = scene();
    const [waiting, paused] = [new AbortController(), new AbortController()];
    void start('paused', PRIORITY.measure, paused.signal);
    await settled();
    void start('photo', PRIORITY.photo);
    await step('paused');
    void start('waiting', PRIORITY.photo, waiting.signal);
    await settled();
    waiting.abort();
    paused.abort();
    await settled();
    expect(log).toEqual(['paused 1', 'photo 1', 'waiting: engine/cancelled', 'paused: engine/cancelled']);
    await step('photo');
    await step('photo');
    void start('late', PRIORITY.measure);
    await settled();
    expect(log.slice(-2)).toEqual(['photo 2', 'late 1']);
    await start('gone', PRIORITY.preview, AbortSignal.abort());
    expect(log.at(-1)).toBe('gone: engine/cancelled');
  });

  it('is free again after work that failed', async () => {
    const mutex = new PriorityMutex();
    const { signal } = new AbortController();
    const fails = mutex.run(PRIORITY.photo, signal, () => Promise.reject(new Error('broken')));
    await expect(fails).rejects.toThrow('broken');
    expect(await mutex.run(PRIORITY.photo, signal, () => Promise.resolve(1))).toBe(1);
  });
});
