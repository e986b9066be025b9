import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalOrder } from '../../../main/app/natural-order.js';

describe('naturalOrder', () => {
  it('counts as a person does', () => {
    const names = ['img10.jpg', 'IMG2.jpg', 'img2.jpg', 'img1.jpg', 'a.jpg'];
    expect(names.sort(naturalOrder)).toEqual(['a.jpg', 'img1.jpg', 'IMG2.jpg', 'img2.jpg', 'img10.jpg']);
  });

  it('is a total order: no two different names are equal, and the way back is the opposite', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(naturalOrder(a, b) === 0).toBe(a === b);
        expect(Math.sign(naturalOrder(a, b)) + Math.sign(naturalOrder(b, a))).toBe(0);
      }),
    );
  });
});
