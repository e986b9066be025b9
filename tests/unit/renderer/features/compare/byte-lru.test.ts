import { describe, expect, it } from 'vitest';
import { ByteLru } from '../../../../../renderer/features/compare/byte-lru.js';

describe('ByteLru', () => {
  const make = () => {
    const evicted: string[] = [];
    return { evicted, lru: new ByteLru<string, string>(100, (value) => evicted.push(value)) };
  };

  it('forgets what was not used for longest', () => {
    const { lru, evicted } = make();
    lru.set('a', 'A', 40);
    lru.set('b', 'B', 40);
    expect(lru.get('a')).toBe('A');
    lru.set('c', 'C', 40);
    expect(evicted).toEqual(['B']);
    expect(lru.bytes).toBe(80);
    expect([lru.has('a'), lru.has('b'), lru.has('c')]).toEqual([true, false, true]);
  });

  it('keeps the newest even where it is too large, and tells of every value that leaves', () => {
    const { lru, evicted } = make();
    lru.set('a', 'A', 40);
    lru.set('b', 'B', 500);
    expect(evicted).toEqual(['A']);
    lru.set('b', 'B2', 10);
    expect(evicted).toEqual(['A', 'B']);
    lru.clear();
    expect(evicted).toEqual(['A', 'B', 'B2']);
    expect(lru.bytes).toBe(0);
  });
});
