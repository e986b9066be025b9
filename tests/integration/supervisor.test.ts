import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineDeath, EngineUnavailable } from '../../main/app/engine-errors.js';
import { scripted, scriptedEngine } from '../support/scripted-engine.js';
import { tempFolder } from '../support/temp-folder.js';

const forever = new AbortController().signal;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a supervised engine', () => {
  it('answers calls, several at once', async () => {
    const engine = scriptedEngine();
    const answers = await Promise.all([
      engine.call(forever, 'denoise', scripted('a')),
      engine.call(forever, 'denoise', scripted('slow')),
      engine.call(forever, 'models', {}),
    ]);
    expect(answers.map((answer) => ('ms' in answer ? answer.ms : answer))).toEqual([1, 1, []]);
  });

  it('gives progress that stays in [0,1] and never goes back, whatever the engine sends', async () => {
    const seen: number[] = [];
    await scriptedEngine().call(forever, 'denoise', scripted('slow'), ({ fraction }) => seen.push(fraction));
    expect(seen).toEqual([0.2, 0.6, 0.6, 1, 1]);
  });

  it('passes the error of one call on, and the others are not touched by it', async () => {
    const engine = scriptedEngine();
    const good = engine.call(forever, 'denoise', scripted('slow'));
    await expect(engine.call(forever, 'denoise', scripted('damaged'))).rejects.toMatchObject({
      code: 'input/damaged',
      message: 'the file is cut short',
    });
    await expect(good).resolves.toMatchObject({ width: 10 });
  });

  it('refuses an answer that is not in the schema, for that call alone', async () => {
    const engine = scriptedEngine();
    const good = engine.call(forever, 'denoise', scripted('slow'));
    await expect(engine.call(forever, 'denoise', scripted('malformed'))).rejects.toMatchObject({
      code: 'engine/internal',
    });
    await expect(good).resolves.toBeDefined();
  });

  it.each([
    ['crash', 'engine/crashed', 'SIGSEGV'],
    ['throw', 'engine/crashed', 'TypeError: a driver went away'],
    ['oom', 'engine/out-of-memory', 'ran out of memory'],
    ['badalloc', 'engine/out-of-memory', 'ran out of memory'],
    ['garbage', 'engine/crashed', 'not in the protocol'],
  ])(
    'rejects calls in flight when the engine dies of %s, and starts again for the next',
    async (input, code, words) => {
      const engine = scriptedEngine();
      const beside = engine.call(forever, 'denoise', scripted('slow'));
      const faulty = engine.call(forever, 'denoise', scripted(input));
      for (const call of [faulty, beside]) {
        const error: unknown = await call.catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(EngineDeath);
        expect(error).toMatchObject({ code, message: expect.stringContaining(words) as string });
      }
      await expect(engine.call(forever, 'denoise', scripted('a'))).resolves.toMatchObject({ width: 10 });
    },
  );

  it('keeps what the engine printed, for diagnosis', async () => {
    const engine = scriptedEngine();
    await engine.call(forever, 'denoise', scripted('throw')).catch(() => undefined);
    expect(engine.log.tail).toContain('a driver went away');
  });

  it('cancels a call and goes on with the others; the same call can be made again', async () => {
    const engine = scriptedEngine();
    const controller = new AbortController();
    const other = engine.call(forever, 'denoise', scripted('slow'));
    const call = engine.call(controller.signal, 'denoise', scripted('slow'));
    setTimeout(() => {
      controller.abort();
    }, 50);
    await expect(call).rejects.toMatchObject({ code: 'engine/cancelled' });
    await expect(other).resolves.toBeDefined();
    await expect(engine.call(forever, 'denoise', scripted('slow'))).resolves.toBeDefined();
  });

  it('makes no call for a signal that is aborted already', async () => {
    await expect(scriptedEngine().call(AbortSignal.abort(), 'models', {})).rejects.toMatchObject({
      code: 'engine/cancelled',
    });
  });

  it('kills an engine that does not stop when asked, and starts another', async () => {
    const engine = scriptedEngine({ cancelGraceMs: 200 });
    const controller = new AbortController();
    await engine.call(forever, 'models', {});
    const call = engine.call(controller.signal, 'denoise', scripted('block'));
    setTimeout(() => {
      controller.abort();
    }, 100);
    await expect(call).rejects.toMatchObject({ code: 'engine/cancelled' });
    await expect(engine.call(forever, 'denoise', scripted('a'))).resolves.toBeDefined();
  });

  it('kills an engine that gives no sign of life', async () => {
    const engine = scriptedEngine({ stallMs: 300 });
    await expect(engine.call(forever, 'denoise', scripted('block'))).rejects.toMatchObject({
      code: 'engine/crashed',
      message: expect.stringContaining('no sign of life') as string,
    });
  });

  it('says why when the engine does not start, and does not start it for every photo', async () => {
    vi.stubEnv('FAKE_ENGINE_START', 'broken');
    const engine = scriptedEngine();
    const error: unknown = await engine.call(forever, 'models', {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect((error as Error).message).toBe('the engine does not start: Error: libvips is not there');
    const before = performance.now();
    await expect(engine.call(forever, 'models', {})).rejects.toBe(error);
    expect(performance.now() - before).toBeLessThan(50);

    vi.stubEnv('FAKE_ENGINE_START', '');
    await new Promise((resolve) => setTimeout(resolve, 320));
    await expect(engine.call(forever, 'models', {})).resolves.toEqual([]);
  });

  it('tries a start again that failed', async () => {
    const counter = join(tempFolder(), 'starts');
    writeFileSync(counter, '2');
    vi.stubEnv('FAKE_ENGINE_START', `flaky:${counter}`);
    await expect(scriptedEngine().call(forever, 'models', {})).resolves.toEqual([]);
  });

  it('does not wait for ever for an engine that never becomes ready', async () => {
    vi.stubEnv('FAKE_ENGINE_START', 'mute');
    await expect(scriptedEngine({ startMs: 300 }).call(forever, 'models', {})).rejects.toMatchObject({
      message: expect.stringContaining('not ready after 0.3 s') as string,
    });
  });

  it('shuts down cleanly, even with calls in flight or an engine that does not listen', async () => {
    const engine = scriptedEngine({ shutdownMs: 200 });
    await engine.call(forever, 'models', {});
    const call = engine.call(forever, 'denoise', scripted('block')).catch((reason: unknown) => reason);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await engine.shutdown();
    expect(await call).toMatchObject({ code: 'engine/cancelled' });
    await expect(engine.call(forever, 'models', {})).rejects.toMatchObject({ code: 'engine/cancelled' });
  });
});
