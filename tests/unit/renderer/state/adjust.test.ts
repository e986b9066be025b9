import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  DEFAULT_DENOISE,
  type CallParams,
  type DenoiseSettings,
  type PhotoId,
  type Reply,
} from '../../../../preload/contract.js';
import { connect } from '../../../../renderer/host.js';
import { EMPTY_HISTORY } from '../../../../renderer/state/adjust-history.js';
import { SEND_INTERVAL_MS } from '../../../../renderer/state/adjust-sender.js';
import * as adjust from '../../../../renderer/state/adjust.js';
import { startLibrary, useLibrary } from '../../../../renderer/state/library.js';
import { useSelection } from '../../../../renderer/state/selection.js';
import { useSession } from '../../../../renderer/state/session.js';
import { fakeBridge, type AskedCall } from '../../../support/fake-bridge.js';
import { photoEntry, photoId, showPhotos } from './photos.js';

const [a, b, c] = [photoId(1), photoId(2), photoId(3)];
const own = { ...DEFAULT_DENOISE, luma: 0.5 };
const settings = (id: PhotoId): DenoiseSettings | null => useLibrary.getState().photos.get(id)!.adjustments;
const defaults = (): DenoiseSettings => useSession.getState().preferences.adjustments;
const everything = () => [settings(a), settings(b), settings(c), defaults()];

let refuse = false;
let asked: AskedCall[] = [];
let emit: (name: 'library.changed', payload: unknown) => void;

const sent = (): CallParams<'library.adjust'>['changes'][] =>
  asked
    .filter(({ name }) => name === 'library.adjust')
    .map(({ params }) => (params as CallParams<'library.adjust'>).changes);

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(10 * SEND_INTERVAL_MS);
}

beforeEach(async () => {
  vi.useFakeTimers();
  refuse = false;
  const answer = ({ name }: AskedCall): Reply | undefined => {
    if (name === 'library.list') {
      return { ok: true, result: { photos: [], problems: [], scan: { active: false, found: 0 } } };
    }
    return refuse ? { ok: false, error: { code: 'engine/internal', message: 'the disk is full' } } : undefined;
  };
  const fake = fakeBridge(answer);
  connect(fake.bridge);
  await startLibrary();
  asked = fake.asked;
  emit = fake.emit;
  showPhotos([photoEntry(1), photoEntry(2, { adjustments: own }), photoEntry(3)], [a, b]);
  adjust.useAdjust.setState({ history: EMPTY_HISTORY, clipboard: null });
});

afterEach(async () => {
  await settle();
  vi.useRealTimers();
});

describe('a drag', () => {
  it('shows at once, is sent seldom, and is one step', async () => {
    for (let value = 1; value <= 50; value++) {
      adjust.change({ strength: value / 100 }, 'strength');
      expect(settings(a)!.strength).toBe(value / 100);
      await vi.advanceTimersByTimeAsync(10);
    }
    adjust.endChange();
    await settle();
    expect(sent().length).toBeLessThan(6);
    expect(sent().at(-1)).toEqual([
      { photos: [a], adjustments: { ...DEFAULT_DENOISE, strength: 0.5 } },
      { photos: [b], adjustments: { ...own, strength: 0.5 } },
    ]);
    adjust.undo();
    expect(everything()).toEqual([null, own, null, DEFAULT_DENOISE]);
    await settle();
    expect(sent().at(-1)).toEqual([
      { photos: [a], adjustments: null },
      { photos: [b], adjustments: own },
    ]);
  });

  it('is not thrown back by what the host says of an earlier moment of it', async () => {
    adjust.change({ strength: 0.2 }, 'strength');
    await vi.advanceTimersByTimeAsync(SEND_INTERVAL_MS);
    adjust.change({ strength: 0.3 }, 'strength');
    emit('library.changed', {
      photos: [photoEntry(1, { adjustments: { ...DEFAULT_DENOISE, strength: 0.2 }, noise: 7 })],
    });
    expect(settings(a)!.strength).toBe(0.3);
    expect(useLibrary.getState().photos.get(a)!.noise).toBe(7);
    adjust.endChange();
    await settle();
    emit('library.changed', { photos: [photoEntry(1, { adjustments: own })] });
    expect(settings(a)).toEqual(own);
  });

  it('that the host refuses is taken back and said, together with its step', async () => {
    adjust.applySettings({ ...DEFAULT_DENOISE, detail: 0.4 });
    await settle();
    refuse = true;
    adjust.changeOnce({ strength: 2 }, 'strength');
    expect(settings(a)!.strength).toBe(2);
    await settle();
    expect(settings(a)).toEqual({ ...DEFAULT_DENOISE, detail: 0.4 });
    expect(useSession.getState().notices.map(({ message }) => message)).toEqual(['the disk is full']);
    refuse = false;
    adjust.undo();
    expect(everything()).toEqual([null, own, null, DEFAULT_DENOISE]);
  });
});

describe('what is changed', () => {
  it('is the defaults when nothing is selected', async () => {
    useSelection.setState({ selected: new Set() });
    adjust.changeOnce({ chroma: 1.5 }, 'chroma');
    await settle();
    expect(everything()).toEqual([null, own, null, { ...DEFAULT_DENOISE, chroma: 1.5 }]);
    expect(sent()).toEqual([]);
    expect(asked.at(-1)).toEqual({
      name: 'preferences.set',
      params: { adjustments: { ...DEFAULT_DENOISE, chroma: 1.5 } },
    });
    adjust.undo();
    expect(defaults()).toEqual(DEFAULT_DENOISE);
  });

  it('goes back to the defaults by a reset, one control or all', () => {
    adjust.resetControl('luma');
    // The first photo has nothing of its own, so there is nothing to put back.
    expect([settings(a), settings(b)]).toEqual([null, DEFAULT_DENOISE]);
    adjust.undo();
    adjust.resetAll();
    expect([settings(a), settings(b)]).toEqual([null, null]);
    adjust.undo();
    expect([settings(a), settings(b)]).toEqual([null, own]);
  });

  it('can be copied from the photo in hand and pasted', () => {
    adjust.copySettings(b);
    useSelection.setState({ selected: new Set([a, c]) });
    adjust.pasteSettings();
    expect(everything()).toEqual([own, own, own, DEFAULT_DENOISE]);
    adjust.undo();
    adjust.applyTo([a, b, c], b);
    expect(everything()).toEqual([own, own, own, DEFAULT_DENOISE]);
  });

  it('is left as it was by a preset that the pointer only rests on', async () => {
    adjust.preview({ strength: 2 });
    adjust.preview({ strength: 0.1 });
    expect(settings(b)).toEqual({ ...own, strength: 0.1 });
    adjust.endPreview();
    await settle();
    expect(everything()).toEqual([null, own, null, DEFAULT_DENOISE]);
    expect(sent()).toEqual([]);
    adjust.preview({ strength: 2 });
    adjust.applyPatch({ strength: 2 }, 'preset');
    adjust.undo();
    expect(everything()).toEqual([null, own, null, DEFAULT_DENOISE]);
  });

  it('comes back photo by photo, also when one of them has been removed', () => {
    adjust.changeOnce({ strength: 2 }, 'strength');
    useLibrary.setState(({ photos }) => ({ photos: new Map([...photos].filter(([id]) => id !== a)) }));
    adjust.undo();
    expect(useLibrary.getState().photos.has(a)).toBe(false);
    expect(settings(b)).toEqual(own);
  });
});

describe('undo', () => {
  const value = fc.integer({ min: 0, max: 40 }).map((tenths) => tenths / 20);
  const key = fc.constantFrom('strength' as const, 'luma' as const, 'chroma' as const);
  const action = fc.oneof(
    fc.tuple(key, fc.array(value, { minLength: 1, maxLength: 5 })).map(([control, values]) => () => {
      for (const next of values) adjust.change({ [control]: next }, control);
      adjust.endChange();
    }),
    fc.constant(adjust.resetAll),
    key.map((control) => () => {
      adjust.resetControl(control);
    }),
    fc.constantFrom(a, b, c).map((id) => () => {
      adjust.copySettings(id);
      adjust.pasteSettings();
    }),
    fc.constant(() => {
      adjust.applyTo([a, b, c], b);
    }),
  );
  const move = fc.record({ select: fc.subarray([a, b, c]), act: action, waitMs: fc.integer({ min: 0, max: 2000 }) });

  it('restores everything, and redo brings everything back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
        const start = everything();
        adjust.useAdjust.setState({ history: EMPTY_HISTORY, clipboard: null });
        for (const { select, act, waitMs } of moves) {
          useSelection.setState({ selected: new Set(select) });
          act();
          await vi.advanceTimersByTimeAsync(waitMs);
        }
        const end = everything();
        while (adjust.useAdjust.getState().history.past.length > 0) adjust.undo();
        expect(everything()).toEqual(start);
        while (adjust.useAdjust.getState().history.future.length > 0) adjust.redo();
        expect(everything()).toEqual(end);
        await settle();
      }),
      { numRuns: 60 },
    );
  });
});
