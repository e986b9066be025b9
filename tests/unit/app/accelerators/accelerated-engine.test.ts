import { describe, expect, it } from 'vitest';
import { AcceleratedEngine } from '../../../../main/app/accelerators/accelerated-engine.js';
import type { Open } from '../../../../main/app/accelerators/accelerators.js';
import type { Choice } from '../../../../main/app/accelerators/verdict.js';
import { EngineDeath } from '../../../../main/app/engine-errors.js';
import { AppError } from '../../../../main/app/errors.js';
import { DEFAULT_RUNTIME, type RuntimeSettings } from '../../../../preload/contract.js';
import type { DenoiseRequest, EngineParams } from '../../../../preload/engine-protocol.js';
import { FakeEngine } from '../../../support/fake-engine.js';
import { scripted } from '../../../support/scripted-engine.js';

const never = new AbortController().signal;
const GPU: Choice = { provider: 'webgpu', precision: 'float', tile: 1024 };
const EIGHT_BITS: Choice = { provider: 'cpu', precision: 'int8', tile: null };
const FLOAT = DEFAULT_RUNTIME;
const OPEN = { precision: 'auto' } as const;

/** The engine, what it was asked, and which deaths were put down to whom. */
function bench(choice: Choice | null, fail?: AppError) {
  const deaths: unknown[][] = [];
  const asked: Open[] = [];
  const engine = new FakeEngine({
    denoise: () => {
      if (fail !== undefined) throw fail;
      return {} as never;
    },
    measure: () => ({ noise: { sigma: 1, perChannel: [], low: 1, high: 1 } }),
  });
  const accelerated = new AcceleratedEngine(engine, {
    choose: (_signal, _model, open) => {
      asked.push(open);
      return Promise.resolve(choice);
    },
    tileOf: () => Promise.resolve(512),
    died: (...args) => {
      deaths.push(args);
      return Promise.resolve();
    },
  });
  const denoise = async (runtime: Partial<RuntimeSettings>): Promise<RuntimeSettings> => {
    await accelerated.call(never, 'denoise', { ...scripted('a.png'), runtime: { ...DEFAULT_RUNTIME, ...runtime } });
    return (engine.calls.at(-1)!.params as DenoiseRequest).runtime;
  };
  return { accelerated, denoise, deaths, engine, asked };
}

describe('an accelerated engine', () => {
  it('runs on the best accelerator by itself, with the tiles that suit it', async () => {
    expect(await bench(GPU).denoise({})).toEqual({ ...FLOAT, provider: 'webgpu', tile: 1024 });
    expect(await bench(GPU).denoise({ tile: 320 })).toMatchObject({ provider: 'webgpu', tile: 320 });
  });

  it('leaves it to the engine where there is none', async () => {
    expect(await bench(null).denoise({})).toEqual(FLOAT);
    expect(await bench(null).denoise(OPEN)).toEqual(FLOAT);
    expect(await bench(null).denoise({ ...OPEN, provider: 'cpu' })).toEqual({ ...FLOAT, provider: 'cpu' });
  });

  it('computes in 8 bits where that has proven itself, with the tiles of the processor', async () => {
    const { denoise, asked } = bench(EIGHT_BITS);
    const wanted = { ...DEFAULT_RUNTIME, provider: 'cpu', precision: 'int8' } as const;
    expect(await denoise(OPEN)).toEqual(wanted);
    expect(await denoise({ ...OPEN, provider: 'cpu', tile: 320 })).toEqual({ ...wanted, tile: 320 });
    // What is left to it is what the person left open.
    expect(await denoise({})).toMatchObject({ provider: 'cpu' });
    expect(asked.map(({ provider, precision }) => [provider, precision])).toEqual([
      ['auto', 'auto'],
      ['cpu', 'auto'],
      ['auto', 'float'],
    ]);
  });

  it('does what the person asks for', async () => {
    const { denoise, asked } = bench(GPU);
    const plain = { ...FLOAT, provider: 'cpu' } as const;
    expect(await denoise(plain)).toEqual(plain);
    expect(await denoise({ precision: 'int8' })).toEqual({ ...DEFAULT_RUNTIME, precision: 'int8' });
    expect(await denoise({ ...OPEN, provider: 'cuda' })).toMatchObject({
      provider: 'cuda',
      tile: 512,
      precision: 'float',
    });
    expect(asked).toEqual([]);
  });

  it('leaves the tiles of a preview to it', async () => {
    const { accelerated, engine } = bench(GPU);
    const job = { model: 'fast', runtime: DEFAULT_RUNTIME } as EngineParams<'preview'>;
    await accelerated.call(never, 'preview', job).catch(() => undefined);
    expect(engine.calls[0]!.params).toMatchObject({ runtime: { provider: 'webgpu', tile: null } });
  });

  it('changes nothing else', async () => {
    const { accelerated, engine } = bench(GPU);
    const params = { input: 'a', runtime: DEFAULT_RUNTIME };
    await accelerated.call(never, 'measure', params);
    expect(engine.calls[0]!.params).toBe(params);
  });

  it.each(['auto', 'webgpu'] as const)('puts a death down to the accelerator that was at it (%s)', async (provider) => {
    const { denoise, deaths } = bench(GPU, new EngineDeath('engine/crashed', 'the engine ended by SIGSEGV'));
    const failure = await denoise({ provider }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineDeath);
    expect(failure).toMatchObject({ code: 'engine/provider', message: expect.stringContaining('SIGSEGV') as string });
    expect(deaths).toMatchObject([['webgpu', 'quality', expect.stringContaining('SIGSEGV') as string]]);
  });

  it.each([
    ['of the processor', null, new EngineDeath('engine/crashed', 'the engine ended')],
    ['for want of memory', GPU, new EngineDeath('engine/out-of-memory', 'the engine ran out of memory')],
    ['of a photo', GPU, new AppError('input/damaged', 'the file is cut short')],
  ])('passes on a failure %s as it is', async (_, choice, failure) => {
    const { denoise, deaths } = bench(choice, failure);
    await expect(denoise({})).rejects.toBe(failure);
    expect(deaths).toEqual([]);
  });
});
