import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../main/app/diagnose.js';
import { EngineDeath } from '../../../main/app/engine-errors.js';
import { AppError } from '../../../main/app/errors.js';
import type { EngineInfo } from '../../../preload/contract.js';
import { FakeEngine } from '../../support/fake-engine.js';

const provider = (name: EngineInfo['providers'][number]['name'], present: boolean, works: boolean) => ({
  name,
  present,
  works,
  detail: works ? 'ok' : 'not tried',
});

const info: EngineInfo = {
  pid: 1,
  versions: {},
  providers: [provider('cpu', true, true), provider('webgpu', true, false), provider('cuda', true, false)],
  memory: { totalBytes: 1, freeBytes: 1, budgetBytes: 1 },
  threads: 1,
  formats: [],
};
const absent = { ...info, providers: [provider('cpu', true, true), provider('dml', false, false)] };

describe('diagnosing an engine', () => {
  it('tries the accelerators that are present one by one; one that takes the engine down costs its own line', async () => {
    const engine = new FakeEngine({
      info: ({ runtime }) => {
        if (runtime.provider === 'webgpu') throw new EngineDeath('engine/crashed', 'the engine ended by SIGSEGV');
        return runtime.provider === 'cuda' ? { ...info, providers: [provider('cuda', true, true)] } : info;
      },
    });
    const { providers } = await diagnose(engine, new AbortController().signal);
    expect(providers.map(({ name, works, detail }) => [name, works, detail])).toEqual([
      ['cpu', true, 'ok'],
      ['webgpu', false, 'the engine ended by SIGSEGV'],
      ['cuda', true, 'ok'],
    ]);
  });

  it('does not try what is not there', async () => {
    const engine = new FakeEngine({ info: () => absent });
    expect(await diagnose(engine, new AbortController().signal)).toEqual(absent);
    expect(engine.calls).toHaveLength(1);
  });

  it('ends when it is cancelled', async () => {
    const controller = new AbortController();
    const engine = new FakeEngine({
      info: ({ runtime }) => {
        if (runtime.provider === 'auto') return info;
        controller.abort();
        throw new AppError('engine/cancelled', 'cancelled');
      },
    });
    await expect(diagnose(engine, controller.signal)).rejects.toMatchObject({ code: 'engine/cancelled' });
    expect(engine.calls).toHaveLength(2);
  });
});
