import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf, inUse, NO_PROMOTIONS, promote, rollBack } from '../../../main/app/model-promotions.js';

const AT = '2026-05-17T14:03:09.000Z';
const id = (n: number): string => String(n).padStart(12, '0');

describe('promotions', () => {
  it('name one version at a time, each name its own', () => {
    const once = promote(NO_PROMOTIONS, 'night', id(1), AT);
    const both = promote(once, 'day', id(2), AT);
    expect([inUse(both, 'night'), inUse(both, 'day'), inUse(both, 'toString')]).toEqual([id(1), id(2), null]);
    expect(inUse(NO_PROMOTIONS, 'night')).toBeNull();
  });

  it('are not repeated', () => {
    const once = promote(NO_PROMOTIONS, 'night', id(1), AT);
    expect(promote(once, 'night', id(1), AT)).toBe(once);
  });

  it('are taken back one by one, the last first, also where one was taken back before', () => {
    let now = [1, 2, 3].reduce((before, n) => promote(before, 'night', id(n), AT), NO_PROMOTIONS);
    now = rollBack(now, 'night', AT)!;
    expect(inUse(now, 'night')).toBe(id(2));
    now = promote(now, 'night', id(4), AT);
    const seen = [];
    for (let next = rollBack(now, 'night', AT); next !== null; next = rollBack(next, 'night', AT)) {
      seen.push(inUse(next, 'night'));
      now = next;
    }
    expect(seen).toEqual([id(2), id(1), null]);
    expect(historyOf(now, 'night').map(({ what, version }) => `${what} ${version}`)).toEqual([
      `promoted ${id(1)}`,
      `promoted ${id(2)}`,
      `promoted ${id(3)}`,
      `rolled-back ${id(2)}`,
      `promoted ${id(4)}`,
      `rolled-back ${id(2)}`,
      `rolled-back ${id(1)}`,
      'rolled-back null',
    ]);
  });

  it('behave like a stack, and what was done is only ever added to', () => {
    const action = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(null));
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        let promotions = NO_PROMOTIONS;
        const stack: string[] = [];
        for (const version of actions) {
          const before = historyOf(promotions, 'n');
          if (version !== null) {
            promotions = promote(promotions, 'n', id(version), AT);
            if (stack.at(-1) !== id(version)) stack.push(id(version));
          } else {
            const back = rollBack(promotions, 'n', AT);
            expect(back === null).toBe(stack.length === 0);
            promotions = back ?? promotions;
            stack.pop();
          }
          expect(inUse(promotions, 'n')).toBe(stack.at(-1) ?? null);
          expect(historyOf(promotions, 'n').slice(0, before.length)).toEqual(before);
        }
      }),
    );
  });
});
