import { describe, expect, it } from 'vitest';
import type { PhotoId } from '../../../../../preload/contract.js';
import { tileKey, type Tile } from '../../../../../renderer/features/compare/levels.js';
import { TileLoader } from '../../../../../renderer/features/compare/tile-loader.js';

const tile = (column: number): Tile => ({ photo: 'photo0000000' as PhotoId, level: 0, column, row: 0 });
const tiles = (...columns: number[]): Tile[] => columns.map(tile);
const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

function make() {
  const loading = new Map<number, { finish: () => void; fail: (error: Error) => void; signal: AbortSignal }>();
  const asked: number[] = [];
  const kept = new Set<string>();
  const errors: unknown[] = [];
  const loader = new TileLoader({
    has: (wanted) => kept.has(tileKey(wanted)),
    load: (wanted, signal) =>
      new Promise<void>((resolve, reject) => {
        asked.push(wanted.column);
        loading.set(wanted.column, {
          finish: () => {
            kept.add(tileKey(wanted));
            resolve();
          },
          fail: reject,
          signal,
        });
        signal.addEventListener('abort', () => {
          reject(new Error('cancelled'));
        });
      }),
    onLoaded: () => undefined,
    onError: (error) => errors.push(error),
  });
  return { loader, loading, asked, errors };
}

describe('TileLoader', () => {
  it('asks for a few at a time, the most wanted first', async () => {
    const { loader, loading, asked } = make();
    loader.want(tiles(5, 3, 1, 2, 4, 6));
    expect(asked).toEqual([5, 3, 1, 2]);
    loading.get(3)!.finish();
    await tick();
    expect(asked).toEqual([5, 3, 1, 2, 4]);
  });

  it('lets go of what left the view and turns to what came into it', async () => {
    const { loader, loading, asked, errors } = make();
    loader.want(tiles(1, 2, 3, 4));
    loader.want(tiles(4, 9));
    expect([1, 2, 3, 4].map((column) => loading.get(column)!.signal.aborted)).toEqual([true, true, true, false]);
    await tick();
    expect(asked).toEqual([1, 2, 3, 4, 9]);
    expect(errors).toEqual([]);
  });

  it('does not ask again for what failed, until it is told to', async () => {
    const { loader, loading, asked, errors } = make();
    loader.want(tiles(1));
    loading.get(1)!.fail(new Error('gone'));
    await tick();
    loader.want(tiles(1));
    expect(asked).toEqual([1]);
    expect(errors).toHaveLength(1);
    loader.forget();
    expect(asked).toEqual([1, 1]);
  });
});
