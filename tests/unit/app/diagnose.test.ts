import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../main/app/diagnose.js';
import type { Accelerator, EngineInfo, Verdict } from '../../../preload/contract.js';
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
  providers: [provider('cpu', true, true), provider('webgpu', true, false), provider('dml', false, false)],
  memory: { totalBytes: 1, freeBytes: 1, budgetBytes: 1 },
  threads: 1,
  formats: [],
};

const webgpu = (model: string, verdict: Verdict): Accelerator => ({
  provider: 'webgpu',
  precision: 'float',
  model,
  verdict,
  chosen: false,
});

describe('diagnosing an engine', () => {
  it('says of accelerators what is known, and tries none', async () => {
    const engine = new FakeEngine({ info: () => info });
    const known: Accelerator[] = [
      // What 8 bits are worth says nothing of the processor itself.
      { ...webgpu('fast', { state: 'wrong', reason: 'off' }), provider: 'cpu', precision: 'int8' },
      webgpu('quality', { state: 'timed-out', seconds: 9 }),
      webgpu('fast', { state: 'passed', speed: 3, tile: 512, maxDifference: 1 }),
    ];
    const { providers } = await diagnose(engine, new AbortController().signal, known);
    expect(providers.map(({ name, works, detail }) => [name, works, detail])).toEqual([
      ['cpu', true, 'ok'],
      ['webgpu', true, 'works'],
      ['dml', false, 'not tried'],
    ]);
    expect(engine.calls.map(({ params }) => params)).toMatchObject([{ runtime: { provider: 'cpu' } }]);
  });

  it('says why one does not work with any model', async () => {
    const engine = new FakeEngine({ info: () => info });
    const known = [webgpu('fast', { state: 'crashed', reason: 'the engine ended by SIGSEGV' })];
    const { providers } = await diagnose(engine, new AbortController().signal, known);
    expect(providers[1]).toMatchObject({ works: false, detail: 'not used: the engine ended by SIGSEGV' });
  });
});
