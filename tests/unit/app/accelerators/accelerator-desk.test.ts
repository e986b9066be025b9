import { describe, expect, it, onTestFinished } from 'vitest';
import { AcceleratorDesk } from '../../../../main/app/accelerators/accelerator-desk.js';
import { Duty } from '../../../../main/app/duty.js';
import type { EventName } from '../../../../preload/contract.js';
import type { ModelSummary, ProviderFault } from '../../../../preload/engine-protocol.js';
import { FakeEngine } from '../../../support/fake-engine.js';
import { tempFolder } from '../../../support/temp-folder.js';

const fault = (model: string): ProviderFault => ({
  provider: 'webgpu',
  model,
  kind: 'wrong',
  message: 'the webgpu provider gave wrong numbers',
});

function bench() {
  const told: { readonly name: EventName; readonly payload: unknown }[] = [];
  const desk = new AcceleratorDesk({
    state: tempFolder(),
    engine: new FakeEngine({
      runtime: () => ({ version: '1.30.0', providers: ['cpu', 'webgpu'] }),
      models: () =>
        ['quality', 'fast'].map(
          (name) =>
            ({
              name,
              kind: 'denoiser',
              sha256: `of ${name}`,
              int8: name === 'fast' ? 'of fast in 8 bits' : null,
            }) as ModelSummary,
        ),
    }),
    launch: () => {
      throw new Error('nothing is tried here');
    },
    duty: new Duty(),
    isBusy: () => false,
    emit: (name, payload) => told.push({ name, payload }),
    report: () => undefined,
  });
  onTestFinished(() => desk.close());
  return { desk, told };
}

describe("the window's accelerators", () => {
  it('are listed with each shipped model', async () => {
    const list = await bench().desk.list(new AbortController().signal);
    expect(list.map(({ provider, precision, model, verdict }) => [provider, precision, model, verdict.state])).toEqual([
      ['webgpu', 'float', 'quality', 'untested'],
      ['webgpu', 'float', 'fast', 'untested'],
      ['cpu', 'int8', 'fast', 'untested'],
    ]);
  });

  it('that are given up at work are remembered, shown, and told of once', async () => {
    const { desk, told } = bench();
    await desk.fault(fault('of quality'));
    await desk.fault(fault('of fast'));
    expect(told.filter(({ name }) => name === 'app.notice')).toMatchObject([
      { payload: { level: 'warning', code: 'engine/provider' } },
    ]);
    await expect
      .poll(() => told.at(-1))
      .toMatchObject({
        name: 'accelerators.changed',
        payload: {
          accelerators: [
            { verdict: { state: 'wrong' } },
            { verdict: { state: 'wrong' } },
            { precision: 'int8', verdict: { state: 'untested' } },
          ],
        },
      });
  });
});
