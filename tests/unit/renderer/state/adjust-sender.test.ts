import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_DENOISE, type DenoiseSettings } from '../../../../preload/contract.js';
import { AdjustSender, SEND_INTERVAL_MS, type Changes, type Slot } from '../../../../renderer/state/adjust-sender.js';
import { photoId } from './photos.js';

const a = photoId(1);
const b = photoId(2);
const strength = (value: number): DenoiseSettings => ({ ...DEFAULT_DENOISE, strength: value });
const one = (slot: Slot, settings: DenoiseSettings | null): Changes => new Map([[slot, settings]]);

interface Sent {
  readonly changes: Changes;
  readonly accept: () => void;
  readonly refuse: () => void;
}

function setUp() {
  const sent: Sent[] = [];
  const confirmed: Slot[][] = [];
  const refused: Changes[] = [];
  const sender = new AdjustSender({
    send: (changes) =>
      new Promise((resolve, reject) => {
        sent.push({
          changes,
          accept: resolve,
          refuse: () => {
            reject(new Error('no'));
          },
        });
      }),
    confirmed: (slots) => confirmed.push([...slots]),
    refused: (before) => refused.push(before),
  });
  return { sent, confirmed, refused, sender };
}

describe('sending the sliders', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends only the newest of many values, and not before it is time', async () => {
    const { sender, sent } = setUp();
    for (let index = 1; index <= 30; index++) sender.push(one(a, strength(index / 20)), one(a, null), false);
    await vi.advanceTimersByTimeAsync(SEND_INTERVAL_MS - 1);
    expect(sent).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.changes.get(a)).toEqual(strength(1.5));
  });

  it('has one request under way at a time', async () => {
    const { sender, sent, confirmed } = setUp();
    sender.push(one(a, strength(0.1)), one(a, null), true);
    sender.push(one(a, strength(0.2)), one(a, strength(0.1)), true);
    sender.push(one(b, strength(0.3)), one(b, null), true);
    expect(sent).toHaveLength(1);
    sent[0]!.accept();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(2);
    expect([...sent[1]!.changes.keys()]).toEqual([a, b]);
    // The first answer is about a value that is no longer the newest.
    expect(confirmed).toEqual([[]]);
    sent[1]!.accept();
    await vi.advanceTimersByTimeAsync(0);
    expect(confirmed[1]).toEqual([a, b]);
    expect(sender.idle).toBe(true);
  });

  it('puts back what the host has, when it refuses', async () => {
    const { sender, sent, refused } = setUp();
    sender.push(one(a, strength(0.1)), one(a, null), true);
    sent[0]!.accept();
    await vi.advanceTimersByTimeAsync(0);
    sender.push(one(a, strength(0.2)), one(a, strength(0.1)), true);
    sender.push(one(a, strength(0.3)), one(a, strength(0.2)), false);
    sent[1]!.refuse();
    await vi.advanceTimersByTimeAsync(10 * SEND_INTERVAL_MS);
    expect(refused).toHaveLength(1);
    expect(refused[0]!.get(a)).toEqual(strength(0.1));
    expect(sent).toHaveLength(2);
    expect(sender.idle).toBe(true);
  });

  it('remembers, between two requests, what the first has brought to the host', async () => {
    const { sender, sent, refused } = setUp();
    sender.push(one(a, strength(0.1)), one(a, null), true);
    sender.push(one(a, strength(0.2)), one(a, strength(0.1)), true);
    sent[0]!.accept();
    await vi.advanceTimersByTimeAsync(0);
    sent[1]!.refuse();
    await vi.advanceTimersByTimeAsync(0);
    expect(refused[0]!.get(a)).toEqual(strength(0.1));
  });
});
