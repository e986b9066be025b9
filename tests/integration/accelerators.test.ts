import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EIGHT_BITS } from '../../main/app/accelerators/accelerators.js';
import { probePicture } from '../../main/core/image/probe-picture.js';
import { compareDecoded } from '../../main/engine/compare.js';
import { decodeImage } from '../../main/engine/codec.js';
import { ModelStore } from '../../main/engine/models.js';
import { openSession } from '../../main/engine/runtime.js';
import { SessionCache } from '../../main/engine/sessions.js';
import {
  DEFAULT_DENOISE,
  DEFAULT_ENCODE,
  DEFAULT_RUNTIME,
  type Provider,
  type RuntimeSettings,
  type Verdict,
} from '../../preload/contract.js';
import type { DenoiseRequest } from '../../preload/engine-protocol.js';
import { acceleratorBench, ENGINE, never, WEBGPU, withFault } from '../support/accelerators.js';
import { faultyOpen, type Fault } from '../support/faulty-provider.js';
import { writeDenoiser } from '../support/model-files.js';
import { MODELS, writeNoisyPng } from '../support/photos.js';
import { idOf, QueueBench } from '../support/queue-bench.js';
import { tempFolder } from '../support/temp-folder.js';

/** Accelerators with faults in real engines: the graphs are the shipped ones, the processes real, the device is not. */

const VARIANT = { type: 'uint8', channels: 3, neutral: false, blind: true, secondPass: false, detail: false } as const;

const test = (bench: ReturnType<typeof acceleratorBench>): Promise<Verdict> =>
  bench.accelerators.test(never, WEBGPU, bench.model, { asked: true });

describe('a trial of an accelerator', () => {
  it.each<[Fault, Verdict['state'], RegExp]>([
    ['refuses', 'failed', /no adapter/],
    ['throws', 'failed', /device was lost/],
    ['out-of-memory', 'failed', /failed to allocate/],
    ['nan', 'wrong', /255/],
    ['garbage', 'wrong', /off by up to \d+/],
    ['crash', 'crashed', /SIGSEGV/],
    ['exit', 'crashed', /exit code 3/],
  ])('that %s: %s', async (fault, state, reason) => {
    withFault(fault);
    const bench = acceleratorBench();
    const verdict = await test(bench);
    expect(verdict).toMatchObject({ state, reason: expect.stringMatching(reason) as string });
    // It is remembered, and not tried again by itself.
    expect(await bench.accelerators.test(never, WEBGPU, bench.model, { asked: false })).toEqual(verdict);
    expect(await bench.accelerators.choose(never, bench.model, DEFAULT_RUNTIME)).toBeNull();
  });

  it('that hangs is killed in time', async () => {
    withFault('hang');
    const bench = acceleratorBench({ timeoutMs: 4000 });
    expect(await test(bench)).toEqual({ state: 'timed-out', seconds: 4 });
    // The engine that others use is none the worse.
    expect(await bench.engine.call(never, 'runtime', {})).toMatchObject({
      providers: expect.arrayContaining(['cpu']) as Provider[],
    });
  });

  it('that is right passes, with its speed and the tile that is fastest', async () => {
    withFault('none');
    const bench = acceleratorBench();
    const verdict = await test(bench);
    expect(verdict).toMatchObject({ state: 'passed', maxDifference: 0 });
    expect(await bench.accelerators.list(never, [bench.model])).toMatchObject([
      { provider: 'webgpu', model: bench.model, verdict },
    ]);
    withFault('refuses');
    // Asked for again, a test takes the place of what was known.
    expect(await test(bench)).toMatchObject({ state: 'failed' });
  });

  it('that is stopped leaves what was known', async () => {
    withFault('hang');
    const bench = acceleratorBench();
    await bench.pass('webgpu');
    const abort = new AbortController();
    setTimeout(() => {
      abort.abort();
    }, 1000);
    const trial = bench.accelerators.test(abort.signal, WEBGPU, bench.model, { asked: true });
    await expect(trial).rejects.toMatchObject({ code: 'engine/cancelled' });
    expect(await bench.accelerators.choose(never, bench.model, DEFAULT_RUNTIME)).toEqual({ ...WEBGPU, tile: 256 });
  });
});

describe('8 bits on the processor', () => {
  const OPEN = { precision: 'auto' } as const;

  it('are tried as accelerators are, where a model has them', async () => {
    const { accelerators, model } = acceleratorBench({ entry: ENGINE });
    const verdict = await accelerators.test(never, EIGHT_BITS, 'fast', { asked: false });
    expect(verdict).toMatchObject({ state: 'passed' });
    if (verdict.state !== 'passed') return;
    expect(verdict.maxDifference).toBeGreaterThan(0);
    expect(verdict.maxDifference).toBeLessThanOrEqual(12);
    const known = await accelerators.list(never, ['fast', model]);
    expect(known.filter(({ precision }) => precision === 'int8')).toEqual([
      { ...EIGHT_BITS, model: 'fast', verdict, chosen: verdict.speed >= 1.5 },
    ]);
    expect(await accelerators.test(never, EIGHT_BITS, model, { asked: true })).toEqual({ state: 'untested' });
  });

  it('are used where the precision is left open and they are worth it, and nowhere else', async () => {
    const { accelerated, passInEightBits } = acceleratorBench({ entry: ENGINE });
    const folder = tempFolder();
    const input = join(folder, 'noisy.png');
    await writeNoisyPng(input, 'coffee', 200, 120);
    let results = 0;
    const denoised = async (runtime: Partial<RuntimeSettings>, model = 'fast'): Promise<Buffer> => {
      const output = join(folder, `result-${++results}.png`);
      await accelerated.call(never, 'denoise', {
        ...{ input, output, overwrite: false, encode: DEFAULT_ENCODE, settings: { ...DEFAULT_DENOISE, model } },
        runtime: { ...DEFAULT_RUNTIME, ...runtime },
      });
      return readFileSync(output);
    };
    const float = await denoised({ precision: 'float' });
    const int8 = await denoised({ precision: 'int8' });
    expect(int8.equals(float)).toBe(false);
    expect((await denoised(OPEN)).equals(float)).toBe(true);
    await passInEightBits(1.4);
    expect((await denoised(OPEN)).equals(float)).toBe(true);
    await passInEightBits(2);
    expect((await denoised(OPEN)).equals(int8)).toBe(true);
    expect((await denoised({ ...OPEN, provider: 'cpu' })).equals(int8)).toBe(true);
    expect((await denoised({})).equals(float)).toBe(true);
    const own = join(folder, 'own.onnx');
    copyFileSync(join(MODELS, 'denoise-fast.onnx'), own);
    expect((await denoised(OPEN, own)).equals(float)).toBe(true);
  });
});

describe('an accelerator that failed at work', () => {
  it('rests, ever longer, and is used again by the same process; one that gave wrong numbers is not', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const store = new ModelStore(MODELS);
    const nets = [
      await store.denoiser(writeDenoiser(join(tempFolder(), 'tiny.onnx'))),
      await store.estimator(),
    ] as const;
    let fault: Fault = 'none';
    const opened: Provider[] = [];
    const told: string[] = [];
    const sessions = new SessionCache({
      open: (model, options) => {
        opened.push(options.provider);
        return faultyOpen(openSession, fault)(model, options);
      },
      onFault: ({ kind }) => told.push(kind),
    });
    const pixels = { type: 'uint8', dims: [64, 64, 3], data: probePicture(64) } as const;
    const one = { type: 'float32', dims: [1], data: Float32Array.of(1) } as const;
    /** Whether a tile is done by the accelerator, and what is told on the way. */
    const tile = async (with_: Fault, minutes = 0): Promise<[boolean, string[]]> => {
      vi.advanceTimersByTime(minutes * 60_000);
      fault = with_;
      told.length = 0;
      const runtime = { ...DEFAULT_RUNTIME, provider: 'webgpu' } as const;
      const session = await sessions.denoise(...nets, VARIANT, runtime, 64);
      await session.run({ pixels, luma_weight: one, chroma_weight: one });
      return [sessions.providerFor(nets[0], runtime) === 'webgpu', [...told]];
    };
    expect(await tile('none')).toEqual([true, []]);
    await sessions.clear();
    expect(await tile('out-of-memory')).toEqual([false, ['failed']]);
    expect(await tile('none', 9.9)).toEqual([false, []]);
    expect(await tile('none', 0.2)).toEqual([true, []]);
    await sessions.clear();
    expect(await tile('refuses')).toEqual([false, ['failed']]);
    expect(await tile('none', 59)).toEqual([false, []]);
    expect(await tile('garbage', 2)).toEqual([false, ['wrong']]);
    expect(await tile('none', 100_000)).toEqual([false, []]);
    await sessions.clear();
    expect(opened.filter((provider) => provider === 'webgpu')).toHaveLength(5);
  });
});

describe('an accelerator at work', () => {
  const noisy = async (): Promise<string> => {
    const path = join(tempFolder(), 'noisy.png');
    await writeNoisyPng(path, 'coffee', 420, 300);
    return path;
  };
  const request = (
    model: string,
    input: string,
    output: string,
    provider: 'auto' | 'cpu' = 'auto',
  ): DenoiseRequest => ({
    input,
    output,
    overwrite: true,
    settings: { ...DEFAULT_DENOISE, model },
    encode: DEFAULT_ENCODE,
    runtime: { ...DEFAULT_RUNTIME, provider },
  });

  it.each<[Fault, number, 'failed' | 'wrong' | null]>([
    ['none', 0, null],
    ['throws', 2, 'failed'],
    ['out-of-memory', 1, 'failed'],
    ['nan', 1, 'wrong'],
    ['garbage', 0, 'wrong'],
    ['refuses', 0, 'failed'],
  ])(
    'that goes wrong (%s after %i tiles): the photo is as the processor makes it, and it is told once',
    async (fault, after, kind) => {
      withFault(fault, after);
      const bench = acceleratorBench();
      await bench.pass('webgpu');
      const input = await noisy();
      const [cpu, first, second] = ['cpu', 'first', 'second'].map((name) => join(tempFolder(), `${name}.png`));
      await bench.engine.call(never, 'denoise', request(bench.model, input, cpu!, 'cpu'));
      await bench.accelerated.call(never, 'denoise', request(bench.model, input, first!));
      await bench.accelerated.call(never, 'denoise', request(bench.model, input, second!));
      const wanted = await decodeImage(cpu!);
      for (const file of [first, second]) {
        expect(compareDecoded(wanted, await decodeImage(file!)).maxDifference).toBeLessThanOrEqual(1);
      }
      expect(bench.faults.map((told) => told.kind)).toEqual(kind === null ? [] : [kind]);
      await expect
        .poll(() => bench.accelerators.choose(never, bench.model, DEFAULT_RUNTIME))
        .toEqual(kind === null ? { ...WEBGPU, tile: 256 } : null);
    },
  );

  it.each<Fault>(['crash', 'exit'])(
    'that takes the engine down (%s): all photos are made by the processor',
    async (fault) => {
      withFault(fault, 1);
      const bench = acceleratorBench();
      await bench.pass('webgpu');
      const input = await noisy();
      const names = ['a.png', 'b.png', 'c.png'];
      const queue = new QueueBench(...names);
      for (const name of names) {
        copyFileSync(input, queue.path(name));
        queue.settings.set(idOf(name), { ...DEFAULT_DENOISE, model: bench.model });
      }
      const service = queue.service(bench.accelerated);
      await service.start(names.map(idOf), queue.export());
      expect(await queue.settled(service)).toEqual({ 'a.png': 'done', 'b.png': 'done', 'c.png': 'done' });
      expect(queue.events('app.notice')).toMatchObject([{ code: 'engine/provider' }]);
      expect(await bench.accelerators.list(never, [bench.model])).toMatchObject([
        { verdict: { state: 'crashed' }, chosen: false },
      ]);
    },
  );
});
