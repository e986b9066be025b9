import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULT_DENOISE, type PhotoEntry, type PhotoId } from '../../../../preload/contract.js';
import { connect } from '../../../../renderer/host.js';
import {
  forget,
  holdAdjustments,
  releaseAdjustments,
  startLibrary,
  useLibrary,
} from '../../../../renderer/state/library.js';
import { fakeBridge, type FakeBridge } from '../../../support/fake-bridge.js';
import { photoEntry } from '../photo-entries.js';

let fake: FakeBridge;
const [a, b, c] = ['a', 'b', 'c'].map((name) => photoEntry(name)) as [PhotoEntry, PhotoEntry, PhotoEntry];
const shown = (): string[] => [...useLibrary.getState().photos.values()].map(({ name }) => name);
const noiseOf = (photo: PhotoId) => useLibrary.getState().photos.get(photo)?.noise;

beforeEach(async () => {
  vi.useFakeTimers();
  fake = fakeBridge(({ name }) =>
    name === 'library.list'
      ? { ok: true, result: { photos: [], problems: [], scan: { active: false, found: 0 } } }
      : undefined,
  );
  connect(fake.bridge);
  useLibrary.setState({ photos: new Map() });
  await startLibrary();
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

it('shows the first change at once and those that follow together, the last of each photo', () => {
  let changes = 0;
  const off = useLibrary.subscribe(() => changes++);
  fake.emit('library.added', { photos: [a] });
  expect(shown()).toEqual(['a']);
  fake.emit('library.added', { photos: [b] });
  fake.emit('library.changed', { photos: [{ ...b, noise: 5 }] });
  fake.emit('library.changed', { photos: [{ ...b, noise: 9 }] });
  expect(shown()).toEqual(['a']);
  vi.runAllTimers();
  expect(shown()).toEqual(['a', 'b']);
  expect(noiseOf(b.id)).toBe(9);
  expect(changes).toBe(2);
  // After a rest the next is shown at once again.
  fake.emit('library.added', { photos: [c] });
  expect(shown()).toEqual(['a', 'b', 'c']);
  off();
});

it('does not bring back what was removed while changes of it were waiting', () => {
  fake.emit('library.added', { photos: [a] });
  fake.emit('library.added', { photos: [b] });
  fake.emit('library.removed', { photos: [b.id] });
  fake.emit('library.changed', { photos: [{ ...b, noise: 5 }] });
  vi.runAllTimers();
  expect(shown()).toEqual(['a']);
  forget([a.id]);
  expect(shown()).toEqual([]);
});

it('keeps what a slider holds over changes that were waiting and that come', () => {
  const mine = { ...DEFAULT_DENOISE, strength: 0.3 };
  fake.emit('library.added', { photos: [a] });
  fake.emit('library.changed', { photos: [{ ...a, noise: 5 }] });
  holdAdjustments(new Map([[a.id, mine]]));
  expect(useLibrary.getState().photos.get(a.id)).toMatchObject({ noise: 5, adjustments: mine });
  fake.emit('library.changed', { photos: [{ ...a, noise: 6 }] });
  vi.runAllTimers();
  expect(useLibrary.getState().photos.get(a.id)).toMatchObject({ noise: 6, adjustments: mine });
  releaseAdjustments([a.id]);
});
