import type { RuntimeSettings } from '../../preload/contract.js';
import type { ErrorCode } from '../core/errors.js';

/** Side of the tile that is tried when the engine's own choice was too much: a sixteenth of its usual pixels. */
const RETRY_TILE_PX = 320;
const SMALLEST_TILE_PX = 64;

/** One way to run an item, and how many were tried before it. */
export interface Attempt {
  readonly number: number;
  readonly runtime: RuntimeSettings;
}

/** The first attempt: as the person asked. */
export const firstAttempt = (runtime: RuntimeSettings): Attempt => ({ number: 0, runtime });

/**
 * What to try after a failure: once with smaller tiles, then once on the CPU if it was not on it; null when nothing is
 * left, or when trying again would change nothing.
 */
export function nextAttempt(last: Attempt, code: ErrorCode): Attempt | null {
  const { number, runtime } = last;
  const onCpu = runtime.provider === 'cpu';
  const cpu = (): Attempt | null => (onCpu ? null : { number: 2, runtime: { ...runtime, provider: 'cpu' } });
  switch (code) {
    case 'engine/out-of-memory':
    case 'engine/crashed':
      if (number === 0) return { number: 1, runtime: { ...runtime, tile: smallerTile(runtime.tile) } };
      return number === 1 ? cpu() : null;
    case 'engine/provider':
      // The accelerator itself failed: smaller tiles will not bring it back.
      return number < 2 ? cpu() : null;
    default:
      return null;
  }
}

/** What was tried before giving up, to be put behind the reason. */
export function describeAttempts({ number, runtime }: Attempt): string {
  if (number === 0) return '';
  if (runtime.provider === 'cpu' && number === 2) return ' (with smaller tiles and on the CPU, too)';
  return ' (with smaller tiles, too)';
}

/** A smaller tile, a multiple of 8 as the models need. */
function smallerTile(tile: number | null): number {
  if (tile === null) return RETRY_TILE_PX;
  return Math.max(SMALLEST_TILE_PX, Math.floor(tile / 2 / 8) * 8);
}
