import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { ImageId } from '../../../preload/contract.js';
import { ImageRegistry, RAW_PIXELS } from '../../../main/app/images.js';
import { tempFolder } from '../../support/temp-folder.js';

function files(...names: string[]): string[] {
  const folder = tempFolder();
  return names.map((name) => {
    const path = join(folder, name);
    writeFileSync(path, name);
    return path;
  });
}

describe('the image registry', () => {
  it('serves what was registered under ids that tell nothing and are never the same', () => {
    const registry = new ImageRegistry();
    const pool = registry.pool({ bytes: 100, count: 10, ownsFiles: false });
    const first = pool.add('/cache/a.jpg', 'image/jpeg', 1);
    const again = pool.add('/cache/a.jpg', 'image/jpeg', 1);
    expect(again).not.toBe(first);
    expect(ImageId.safeParse(first).success).toBe(true);
    expect(registry.resolve(first)).toEqual({ file: '/cache/a.jpg', contentType: 'image/jpeg' });
  });

  it.each(['/cache/a.jpg', '../a.jpg', 'a.jpg', '', '__proto__', 'constructor', 'f'.repeat(32), null, 7, ['x'], {}])(
    'resolves %j to nothing',
    (id) => {
      const registry = new ImageRegistry();
      registry.pool({ bytes: 100, count: 10, ownsFiles: false }).add('/cache/a.jpg', 'image/jpeg', 1);
      expect(registry.resolve(id)).toBeNull();
    },
  );

  it('lets the least recently used go, by bytes and by number, and deletes the files that are its own', async () => {
    const [a, b, c, d] = files('a', 'b', 'c', 'd') as [string, string, string, string];
    const registry = new ImageRegistry();
    const pool = registry.pool({ bytes: 100, count: 2, ownsFiles: true });
    const first = pool.add(a, RAW_PIXELS, 40);
    const second = pool.add(b, RAW_PIXELS, 40);
    expect(registry.resolve(first)).not.toBeNull();
    const third = pool.add(c, RAW_PIXELS, 40);
    expect([first, second, third].map((id) => registry.resolve(id) !== null)).toEqual([true, false, true]);
    const large = pool.add(d, RAW_PIXELS, 90);
    expect([first, third, large].map((id) => pool.has(id))).toEqual([false, false, true]);
    await vi.waitFor(() => {
      expect([a, b, c, d].map((file) => existsSync(file))).toEqual([false, false, false, true]);
    });
  });

  it('serves a single image that is larger than its pool', () => {
    const registry = new ImageRegistry();
    const id = registry.pool({ bytes: 10, count: 1, ownsFiles: false }).add('/cache/big', RAW_PIXELS, 1000);
    expect(registry.resolve(id)).not.toBeNull();
  });

  it('leaves files alone that are not its own, and other pools', () => {
    const [a] = files('a') as [string];
    const registry = new ImageRegistry();
    const one = registry.pool({ bytes: 10, count: 1, ownsFiles: false });
    const other = registry.pool({ bytes: 10, count: 1, ownsFiles: false });
    const kept = other.add('/cache/kept', RAW_PIXELS, 5);
    const id = one.add(a, RAW_PIXELS, 5);
    other.remove(id);
    expect(registry.resolve(id)).not.toBeNull();
    one.remove(id);
    expect(registry.resolve(id)).toBeNull();
    expect(existsSync(a)).toBe(true);
    expect(registry.resolve(kept)).not.toBeNull();
  });
});
