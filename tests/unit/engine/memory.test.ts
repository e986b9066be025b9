import { describe, expect, it } from 'vitest';
import { ByteSemaphore, tileAreaFor } from '../../../main/engine/memory.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ByteSemaphore', () => {
  const never = new AbortController().signal;

  it('lets in what fits, first come first served, and what is too large alone', async () => {
    const semaphore = new ByteSemaphore(10);
    const entered: string[] = [];
    const enter = async (name: string, bytes: number): Promise<() => void> => {
      const leave = await semaphore.acquire(bytes, never);
      entered.push(name);
      return leave;
    };
    const first = await enter('six', 6);
    const large = enter('forty', 40);
    const last = enter('one', 1);
    await settled();
    expect(entered).toEqual(['six']);
    first();
    first(); // gives back once
    const leave = await large;
    await settled();
    expect(entered).toEqual(['six', 'forty']);
    leave();
    await last;
    expect(entered).toEqual(['six', 'forty', 'one']);
  });

  it('forgets who is aborted while it waits, and lets in those behind', async () => {
    const semaphore = new ByteSemaphore(10);
    await semaphore.acquire(6, never);
    const controller = new AbortController();
    const large = semaphore.acquire(9, controller.signal);
    const small = semaphore.acquire(4, never);
    controller.abort();
    await expect(large).rejects.toMatchObject({ code: 'engine/cancelled' });
    await small;
    await expect(semaphore.acquire(1, AbortSignal.abort())).rejects.toMatchObject({ code: 'engine/cancelled' });
  });
});

describe('tileAreaFor', () => {
  const bytesPerPixel = 1000;

  it('gives a photo larger than all the memory that the engine allows itself tiles that are worth their overlap', () => {
    const small = tileAreaFor(36e6, bytesPerPixel);
    const huge = tileAreaFor(1.5e9, bytesPerPixel);
    expect(huge).toBeLessThanOrEqual(small);
    // At the least budget, 700 MiB, half as much is left.
    expect(Math.sqrt(huge)).toBeGreaterThan(500);
    expect(tileAreaFor(3.9e9, bytesPerPixel)).toBe(huge);
  });
});
