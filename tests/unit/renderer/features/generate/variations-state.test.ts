import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallParams, PhotoId, VariationSheet } from '../../../../../preload/contract.js';
import { DEFAULT_PREFERENCES } from '../../../../../preload/contract.js';
import type * as Variations from '../../../../../renderer/features/generate/variations/variations-state.js';
import { fakeBridge, type FakeBridge } from '../../../../support/fake-bridge.js';

/** The state is the window's own: each test has its modules afresh. */
type State = typeof Variations;
type Sent = CallParams<'generate.variations'>;

const A = 'a'.repeat(32) as PhotoId;
const B = 'b'.repeat(32) as PhotoId;
const sha256 = '0'.repeat(64);
const denoise = { settings: DEFAULT_PREFERENCES.adjustments, sha256 };

/** What the engine would make: pictures named by what determines them. */
function sheetOf({ photo, parent, kind, strength, seed, count }: Sent): VariationSheet {
  const picture = (name: string) => ({ image: `${photo[0]!}${name}` as never, width: 480, height: 320 });
  return {
    base: picture('base'),
    variations: Array.from({ length: count }, (_, index) => ({
      picture: picture(JSON.stringify([parent, kind, strength, seed, index])),
      name: `variation ${index + 1}`,
      recipe: {
        version: 1,
        made: 'variation',
        vae: { encoder: sha256, decoder: sha256 },
        photo: { name: 'a.jpg', sha256 },
        steps: [...parent, { kind: 'around', seed, index, strength }],
        denoise,
      },
      distance: 3,
    })),
  };
}

describe('variations in the window', () => {
  let state: State;
  let fake: FakeBridge;
  let hold: Promise<void> = Promise.resolve();
  const sent = (): Sent[] =>
    fake.asked.filter(({ name }) => name === 'generate.variations').map(({ params }) => params as Sent);
  const images = () => state.useVariations.getState().sheet?.variations.map(({ picture }) => picture.image);
  const ready = () =>
    vi.waitFor(() => {
      const { job, sheet } = state.useVariations.getState();
      expect(job.busy || sheet === null).toBe(false);
    });

  beforeEach(async () => {
    hold = Promise.resolve();
    vi.resetModules();
    fake = fakeBridge(async ({ name, params }) => {
      await hold;
      if (name === 'generate.variations') return { ok: true, result: sheetOf(params as Sent) };
      if (name === 'generate.look')
        return { ok: true, result: { picture: { image: 'large', width: 960, height: 640 }, base: 'largebase' } };
      return { ok: true, result: {} };
    });
    const { connect } = await import('../../../../../renderer/host.js');
    const { useSession } = await import('../../../../../renderer/state/session.js');
    connect(fake.bridge);
    useSession.setState({ preferences: DEFAULT_PREFERENCES });
    state = await import('../../../../../renderer/features/generate/variations/variations-state.js');
  });

  it('are the same for the same seed, and asked for once', async () => {
    state.showPhoto(A);
    await ready();
    const first = images();
    state.reroll();
    await ready();
    expect(images()).not.toEqual(first);
    state.changeSheet({ seed: 1 });
    await ready();
    expect(images()).toEqual(first);
    expect(sent().map(({ seed }) => seed === 1)).toEqual([true, false]);
  });

  it('are asked for anew by strength once it has come to rest', async () => {
    state.showPhoto(A);
    await ready();
    state.changeSheet({ strength: 1.4 }, false);
    state.changeSheet({ strength: 1.5 }, false);
    expect(sent()).toHaveLength(1);
    state.changeSheet({ strength: 1.5 });
    await ready();
    expect(sent().at(-1)).toMatchObject({ strength: 1.5, seed: 1 });
  });

  it('go on from one of them, and back to the same sheet without asking', async () => {
    state.showPhoto(A);
    await ready();
    const first = images();
    const { sheet } = state.useVariations.getState();
    state.varyFurther(sheet!.variations[4]!);
    await ready();
    expect(sent().at(-1)!.parent).toEqual([{ kind: 'around', seed: 1, index: 4, strength: 1 }]);
    const { tree } = state.useVariations.getState();
    state.walkTo([...tree.nodes.keys()][0]!);
    await ready();
    expect(images()).toEqual(first);
    expect(sent()).toHaveLength(2);
  });

  it('keep what is pinned and where one was for each photo', async () => {
    state.showPhoto(A);
    await ready();
    const [first, second] = state.useVariations.getState().sheet!.variations;
    state.togglePinned(first!);
    state.togglePinned(second!);
    state.togglePinned(first!);
    state.varyFurther(second!);
    await ready();
    state.showPhoto(B);
    await ready();
    expect(state.useVariations.getState().pinned.size).toBe(0);
    expect(sent().at(-1)).toMatchObject({ photo: B, parent: [] });
    state.showPhoto(A);
    await ready();
    expect([...state.useVariations.getState().pinned.values()]).toEqual([second]);
    expect(state.useVariations.getState().tree.nodes.size).toBe(2);
  });

  it('show the newest request alone', async () => {
    let go: () => void = () => undefined;
    state.showPhoto(A);
    await ready();
    hold = new Promise((resolve) => (go = resolve));
    state.changeSheet({ seed: 2 });
    state.changeSheet({ seed: 3 });
    const { ticket } = sent()[1]!;
    fake.emit('generate.progress', { ticket, fraction: 0.9 });
    expect(state.useVariations.getState().job).toEqual({ busy: true, fraction: null, error: null });
    fake.emit('generate.progress', { ticket: sent()[2]!.ticket, fraction: 0.4 });
    expect(state.useVariations.getState().job.fraction).toBe(0.4);
    go();
    await ready();
    expect(images()![0]).toContain(',3,');
  });

  it('say what went wrong, and come when it is tried again', async () => {
    let broken = true;
    vi.spyOn(fake.bridge.calls, 'generate.variations').mockImplementation((_, params) =>
      Promise.resolve(
        broken
          ? { ok: false, error: { code: 'input/damaged', message: 'it is damaged' } }
          : { ok: true, result: sheetOf(params as Sent) },
      ),
    );
    state.showPhoto(A);
    await vi.waitFor(() => {
      expect(state.useVariations.getState().job.error).toMatchObject({ code: 'input/damaged' });
    });
    broken = false;
    await state.loadSheet();
    expect(state.useVariations.getState()).toMatchObject({ job: { error: null }, sheet: {} });
  });

  it('are looked at larger; a look that was closed is not opened by its answer', async () => {
    state.showPhoto(A);
    await ready();
    const [first] = state.useVariations.getState().sheet!.variations;
    await state.lookAt(first!);
    expect(state.useVariations.getState().look).toMatchObject({ picture: 'large', base: 'largebase' });
    const late = state.lookAt(first!);
    state.closeLook();
    await late;
    expect(state.useVariations.getState().look).toBeNull();
  });
});
