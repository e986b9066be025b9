import { describe, expect, it, vi } from 'vitest';
import { Duty } from '../../../../main/app/duty.js';
import { EngineDeath } from '../../../../main/app/engine-errors.js';
import { AppError } from '../../../../main/app/errors.js';
import { Measuring } from '../../../../main/app/library/measuring.js';
import { DEFAULT_RUNTIME, type PhotoId } from '../../../../preload/contract.js';
import type { EngineParams, EngineResult } from '../../../../preload/engine-protocol.js';
import { FakeEngine, later, untilAborted, type Answers, type Later } from '../../../support/fake-engine.js';
import { LibraryBench } from '../../../support/library.js';

const measured = (sigma: number): EngineResult<'measure'> => ({
  noise: { sigma, perChannel: [sigma], low: sigma, high: sigma },
});

class Bench extends LibraryBench {
  readonly duty = new Duty();
  readonly engine: FakeEngine;
  readonly measuring: Measuring;

  constructor(files: readonly string[], answer: NonNullable<Answers['measure']>) {
    super(...files);
    this.engine = new FakeEngine({ measure: answer });
    const { library, engine, duty } = this;
    this.measuring = new Measuring({ library, engine, duty, runtime: () => DEFAULT_RUNTIME });
  }

  inputs = (): string[] =>
    this.engine.calls.map(({ params }) => (params as EngineParams<'measure'>).input.slice(this.root.length + 1));
  settled = (count: number) =>
    vi.waitFor(() => {
      expect(this.engine.calls).toHaveLength(count);
    });
}

/** Lets everything run that could. */
const calm = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('measuring noise', () => {
  it('goes through what is wanted in order, one at a time, and leaves out what is known', async () => {
    let running = 0;
    const bench = new Bench(['a.jpg', 'b.jpg', 'c.jpg'], async () => {
      expect(++running).toBe(1);
      await calm();
      running--;
      return measured(9);
    });
    const ids = await bench.add();
    bench.library.learn(ids['b.jpg']!, { noise: 3 });
    bench.measuring.want([ids['c.jpg']!, ids['b.jpg']!, 'f'.repeat(32) as PhotoId, ids['a.jpg']!, ids['c.jpg']!]);
    await bench.settled(2);
    await vi.waitFor(() => {
      expect(bench.entry('a.jpg').noise).toBe(9);
    });
    expect(bench.inputs()).toEqual(['c.jpg', 'a.jpg']);
    expect(bench.entry('b.jpg').noise).toBe(3);
  });

  it('forgets what was wanted before', async () => {
    const gates: Later<undefined>[] = [];
    const bench = new Bench(['a.jpg', 'b.jpg', 'c.jpg'], async () => {
      const gate = later();
      gates.push(gate);
      await gate.promise;
      return measured(1);
    });
    const ids = await bench.add();
    bench.measuring.want([ids['a.jpg']!, ids['b.jpg']!]);
    await bench.settled(1);
    bench.measuring.want([ids['c.jpg']!]);
    gates[0]!.resolve(undefined);
    await bench.settled(2);
    gates[1]!.resolve(undefined);
    await calm();
    expect(bench.inputs()).toEqual(['a.jpg', 'c.jpg']);
  });

  it('gives way at once to what is urgent, and takes the same photo up again', async () => {
    let isSlow = true;
    const bench = new Bench(['a.jpg'], (_, signal) => (isSlow ? untilAborted(signal) : measured(2)));
    const ids = await bench.add();
    bench.measuring.want([ids['a.jpg']!]);
    await bench.settled(1);
    const [first, second] = [bench.duty.begin(), bench.duty.begin()];
    expect(bench.engine.calls[0]?.signal.aborted).toBe(true);
    isSlow = false;
    first();
    first();
    await calm();
    expect(bench.engine.calls).toHaveLength(1);
    second();
    await vi.waitFor(() => {
      expect(bench.entry('a.jpg').noise).toBe(2);
    });
    expect(bench.entry('a.jpg').error).toBeNull();
  });

  it('says of a file why it cannot be measured, and goes on', async () => {
    const bench = new Bench(['a.jpg', 'b.jpg'], ({ input }) => {
      if (input.endsWith('a.jpg')) throw new AppError('input/damaged', 'cut short');
      return measured(4);
    });
    const ids = await bench.add();
    bench.measuring.want(Object.values(ids));
    await vi.waitFor(() => {
      expect(bench.entry('b.jpg').noise).toBe(4);
    });
    expect(bench.entry('a.jpg').error?.code).toBe('input/damaged');
  });

  it('leaves a photo alone that the engine died of twice', async () => {
    const bench = new Bench(['a.jpg', 'b.jpg'], ({ input }) => {
      if (input.endsWith('a.jpg')) throw new EngineDeath('engine/crashed', 'the engine ended');
      return measured(4);
    });
    const ids = await bench.add();
    bench.measuring.want(Object.values(ids));
    await vi.waitFor(() => {
      expect(bench.entry('b.jpg').noise).toBe(4);
    });
    bench.measuring.want(Object.values(ids));
    await calm();
    expect(bench.inputs()).toEqual(['a.jpg', 'a.jpg', 'b.jpg']);
  });

  it('ends with the program', async () => {
    const bench = new Bench(['a.jpg', 'b.jpg'], (_, signal) => untilAborted(signal));
    const ids = await bench.add();
    bench.measuring.want(Object.values(ids));
    await bench.settled(1);
    bench.measuring.close();
    await calm();
    expect(bench.engine.calls).toHaveLength(1);
  });
});
