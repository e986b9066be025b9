import { beforeEach, describe, expect, it } from 'vitest';
import { GuardedSession } from '../../../main/engine/guarded-session.js';
import type { RuntimeSession, RuntimeTensor } from '../../../main/engine/runtime.js';
import type { ProviderFault } from '../../../preload/engine-protocol.js';

type Tensors = Record<string, RuntimeTensor>;

const answer = (pixel: number, statistic = 1): Tensors => ({
  result: { type: 'uint8', dims: [2, 2, 1], data: Uint8Array.of(pixel, 10, 20, 30) },
  statistics: { type: 'float32', dims: [1], data: Float32Array.of(statistic) },
});
const RIGHT = answer(100);

let runs: { accelerator: number; cpu: number; released: number };
let faults: ProviderFault[];
beforeEach(() => {
  runs = { accelerator: 0, cpu: 0, released: 0 };
  faults = [];
});

/** A session over an accelerator that gives what it is told, taking so many milliseconds for a run. */
function guarded(give: (run: number) => Tensors, { cpuMs = 0 } = {}): GuardedSession {
  const session = (kind: 'accelerator' | 'cpu', run: (count: number) => Tensors, ms: number): RuntimeSession => ({
    inputNames: ['pixels'],
    outputNames: ['result', 'statistics'],
    run: async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return run(++runs[kind]);
    },
    release: () => {
      runs.released++;
      return Promise.resolve();
    },
  });
  return new GuardedSession(session('accelerator', give, 2), {
    provider: 'webgpu',
    model: 'f00',
    openCpu: () => Promise.resolve(session('cpu', () => RIGHT, cpuMs)),
    onFault: (fault) => faults.push(fault),
  });
}

async function runTimes(session: GuardedSession, times: number): Promise<Tensors[]> {
  const outputs: Tensors[] = [];
  for (let i = 0; i < times; i++) outputs.push(await session.run({}));
  return outputs;
}

describe('a guarded session', () => {
  it('compares the first tile, then goes on with the accelerator alone', async () => {
    const session = guarded(() => answer(101), { cpuMs: 40 });
    expect(await runTimes(session, 5)).toEqual(Array(5).fill(answer(101)));
    expect(runs).toMatchObject({ accelerator: 5, cpu: 1 });
    expect(faults).toEqual([]);
  });

  it('compares now and then, the oftener the cheaper it is', async () => {
    await runTimes(
      guarded(() => RIGHT, { cpuMs: 0 }),
      200,
    );
    // A comparison of a millisecond or so is due after some ten runs of two.
    expect(runs.cpu).toBeGreaterThan(2);
    expect(runs.cpu).toBeLessThan(200);
  });

  it.each<[string, (run: number) => Tensors, ProviderFault['kind'], RegExp]>([
    [
      'fails',
      () => {
        throw new Error('the device was lost');
      },
      'failed',
      /device was lost/,
    ],
    ['gives what is no number', () => answer(100, NaN), 'wrong', /no numbers/],
    ['gives what is infinite', () => answer(100, Infinity), 'wrong', /no numbers/],
    ['gives wrong pixels', () => answer(110), 'wrong', /off by up to 10\.0/],
    ['measures wrongly', () => answer(100, 1.2), 'wrong', /wrong numbers/],
    ['leaves something out', () => ({ result: RIGHT['result']! }), 'wrong', /wrong numbers/],
  ])(
    'leaves an accelerator that %s at the first tile, which the processor does again',
    async (_, give, kind, words) => {
      const session = guarded(give);
      expect(await runTimes(session, 3)).toEqual([RIGHT, RIGHT, RIGHT]);
      expect(runs).toMatchObject({ accelerator: 1, cpu: 3, released: 1 });
      expect(faults).toEqual([
        { provider: 'webgpu', model: 'f00', kind, message: expect.stringMatching(words) as string },
      ]);
    },
  );

  it('leaves one that fails later, in the middle of a photo', async () => {
    const session = guarded((run) => (run < 4 ? RIGHT : answer(100, NaN)), { cpuMs: 40 });
    expect(await runTimes(session, 6)).toEqual(Array(6).fill(RIGHT));
    expect(runs).toMatchObject({ accelerator: 4, cpu: 4 });
    expect(faults).toHaveLength(1);
  });

  it('finds out in time that numbers went wrong later on', async () => {
    const session = guarded((run) => answer(run < 3 ? 100 : 200));
    const outputs = await runTimes(session, 100);
    expect(outputs.at(-1)).toEqual(RIGHT);
    expect(faults.map(({ kind }) => kind)).toEqual(['wrong']);
  });

  it('releases what it has opened', async () => {
    const session = guarded(() => RIGHT);
    await session.run({});
    await session.release();
    expect(runs.released).toBe(2);
  });
});
