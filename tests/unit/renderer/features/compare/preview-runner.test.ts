import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImageId, PhotoId, PreviewPart, PreviewReport, PreviewRequest } from '../../../../../preload/contract.js';
import { PartStore } from '../../../../../renderer/features/compare/preview-parts.js';
import type { PreviewNeed } from '../../../../../renderer/features/compare/preview-plan.js';
import { PreviewRunner, type PreviewStatus } from '../../../../../renderer/features/compare/preview-runner.js';

const image = 'image0000000' as ImageId;
const need = (change: Partial<PreviewNeed> = {}): PreviewNeed => ({
  photo: 'photo0000000' as PhotoId,
  level: 0,
  region: { left: 0, top: 0, width: 128, height: 128 },
  model: 'quality',
  sigma: null,
  secondPass: false,
  ...change,
});
const report: PreviewReport = {
  noise: { sigma: 5, perChannel: [5, 5, 5], low: 4, high: 6 },
  trust: null,
  maps: { image, width: 16, height: 16 },
  ms: 10,
};

interface Asked {
  readonly request: PreviewRequest;
  readonly signal: AbortSignal;
  readonly finish: (report: PreviewReport) => void;
  readonly fail: (error: unknown) => void;
}

function make() {
  const asked: Asked[] = [];
  const told: PreviewStatus[] = [];
  const store = new PartStore<string>(1e9, () => undefined);
  const runner: PreviewRunner<string> = new PreviewRunner(store, {
    request: (request, signal) =>
      new Promise((finish, fail) => {
        asked.push({ request, signal, finish, fail });
        signal.addEventListener('abort', () => {
          fail(new Error('cancelled'));
        });
      }),
    loadPart: ({ region, draft, second }) =>
      Promise.resolve({ region, draft, image: 'i', first: 'f', second: second === null ? null : 's' }),
    loadMap: (_, region) => Promise.resolve({ region, texture: 'm', values: new Uint8Array(4) }),
    onChange: (status) => told.push(status),
  });
  const part = ({ request }: Asked, change: Partial<PreviewPart> = {}): void => {
    const { ticket, level, region, secondPass } = request;
    runner.part({
      ticket,
      level,
      region,
      draft: false,
      image,
      first: image,
      second: secondPass ? image : null,
      ...change,
    });
  };
  const last = () => told.at(-1);
  return { asked, runner, part, state: () => last()?.state, error: () => last()?.error, report: () => last()?.report };
}

const settle = () => vi.advanceTimersByTimeAsync(200);

describe('PreviewRunner', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks once the view has settled, and tells how far it is', async () => {
    const { asked, runner, part, state } = make();
    for (let left = 0; left <= 640; left += 64) {
      runner.want(need({ region: { left, top: 0, width: 128, height: 128 } }));
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(asked).toHaveLength(0);
    await settle();
    expect(asked.map(({ request }) => request.region.left)).toEqual([640]);
    expect(state()).toBe('waiting');
    part(asked[0]!, { draft: true });
    await settle();
    expect(state()).toBe('draft');
    part(asked[0]!);
    asked[0]!.finish(report);
    await settle();
    expect(state()).toBe('done');
    expect(asked).toHaveLength(1);
  });

  it('drops older work at once for other work', async () => {
    const { asked, runner } = make();
    runner.want(need());
    await settle();
    runner.want(need({ sigma: 20 }));
    expect(asked[0]!.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.map(({ request }) => request.sigma)).toEqual([null, 20]);
    expect(asked[1]!.request.ticket).toBeGreaterThan(asked[0]!.request.ticket);
  });

  it('asks after a move for what is missing alone, and for nothing where it has been before', async () => {
    const { asked, runner, part, state } = make();
    runner.want(need());
    await settle();
    part(asked[0]!);
    asked[0]!.finish(report);
    await settle();
    runner.want(need({ region: { left: 64, top: 0, width: 128, height: 128 } }));
    await settle();
    expect(asked[1]!.request.region).toEqual({ left: 128, top: 0, width: 64, height: 128 });
    part(asked[1]!);
    asked[1]!.finish(report);
    await settle();
    runner.want(need({ photo: 'photo1111111' as PhotoId }));
    runner.want(need());
    await settle();
    expect(asked).toHaveLength(2);
    expect(state()).toBe('done');
  });

  it('tells of work that is there already what was reported of it, not of what came between', async () => {
    const { asked, runner, part, report: told } = make();
    const fit = { used: 'fallback', fallback: 'fast', trust: { model: 0.3, fallback: 0.6 } } as const;
    runner.want(need());
    await settle();
    part(asked[0]!);
    asked[0]!.finish({ ...report, fit });
    await settle();
    runner.want(need({ fallback: 'none' }));
    await settle();
    part(asked[1]!);
    asked[1]!.finish(report);
    await settle();
    expect(told()?.fit).toBeUndefined();
    runner.want(need());
    await settle();
    expect(asked.map(({ request }) => request.fallback)).toEqual([undefined, 'none']);
    expect(told()?.fit).toEqual(fit);
  });

  it('goes on with work under way that already covers what a move uncovers', async () => {
    const { asked, runner } = make();
    runner.want(need({ region: { left: 0, top: 0, width: 256, height: 128 } }));
    await settle();
    runner.want(need());
    await settle();
    expect(asked).toHaveLength(1);
    expect(asked[0]!.signal.aborted).toBe(false);
  });

  it('keeps finished parts of work that was given up', async () => {
    const { asked, runner, part } = make();
    runner.want(need());
    await settle();
    part(asked[0]!, { region: { left: 0, top: 0, width: 128, height: 64 } });
    runner.want(null);
    expect(asked[0]!.signal.aborted).toBe(true);
    await settle();
    runner.want(need());
    await settle();
    expect(asked[1]!.request.region).toEqual({ left: 0, top: 64, width: 128, height: 64 });
  });

  it('says what went wrong, and asks again when told to', async () => {
    const { asked, runner, state, error, part } = make();
    runner.want(need());
    await settle();
    asked[0]!.fail(new Error('no memory'));
    await settle();
    expect(state()).toBe('error');
    expect(error()).toMatchObject({ message: 'no memory' });
    runner.retry();
    await settle();
    part(asked[1]!);
    asked[1]!.finish(report);
    await settle();
    expect(state()).toBe('done');
  });

  it('does not ask for ever for parts that do not come', async () => {
    const { asked, runner, state } = make();
    runner.want(need());
    await settle();
    asked[0]!.finish(report);
    await settle();
    expect(state()).toBe('error');
    expect(asked).toHaveLength(1);
  });
});
