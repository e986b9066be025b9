import { describe, expect, it } from 'vitest';
import { DEFAULT_RUNTIME, type RuntimeSettings } from '../../../preload/contract.js';
import { describeAttempts, firstAttempt, nextAttempt, type Attempt } from '../../../main/app/retry.js';
import type { ErrorCode } from '../../../main/core/errors.js';

/** All attempts at an item that always fails the same way. */
function ladder(runtime: RuntimeSettings, code: ErrorCode): Attempt[] {
  const attempts = [firstAttempt(runtime)];
  for (let next = nextAttempt(attempts[0]!, code); next !== null; next = nextAttempt(next, code)) attempts.push(next);
  return attempts;
}

describe('attempts at an item', () => {
  it.each(['engine/out-of-memory', 'engine/crashed'] as const)(
    'after %s: smaller tiles, then the CPU, then no more',
    (code) => {
      expect(ladder(DEFAULT_RUNTIME, code).map(({ runtime }) => runtime)).toEqual([
        { provider: 'auto', threads: null, tile: null, precision: 'float' },
        { provider: 'auto', threads: null, tile: 320, precision: 'float' },
        { provider: 'cpu', threads: null, tile: 320, precision: 'float' },
      ]);
    },
  );

  it('does not try the CPU twice', () => {
    expect(
      ladder({ provider: 'cpu', threads: 2, tile: 1000, precision: 'float' }, 'engine/crashed').map(
        ({ runtime }) => runtime.tile,
      ),
    ).toEqual([1000, 496]);
  });

  it('goes straight to the CPU when the accelerator fails', () => {
    const runtimes = ladder({ ...DEFAULT_RUNTIME, provider: 'webgpu' }, 'engine/provider').map(
      ({ runtime }) => runtime,
    );
    expect(runtimes.map(({ provider, tile }) => [provider, tile])).toEqual([
      ['webgpu', null],
      ['cpu', null],
    ]);
  });

  it.each(['input/damaged', 'output/disk-full', 'model/invalid', 'engine/internal'] as const)(
    'does not repeat %s',
    (code) => {
      expect(ladder(DEFAULT_RUNTIME, code)).toHaveLength(1);
    },
  );

  it('says what was tried', () => {
    expect(ladder(DEFAULT_RUNTIME, 'engine/crashed').map(describeAttempts)).toEqual([
      '',
      ' (with smaller tiles, too)',
      ' (with smaller tiles and on the CPU, too)',
    ]);
  });
});
