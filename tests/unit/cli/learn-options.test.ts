import { describe, expect, it } from 'vitest';
import { parseLearnOptions, type RawLearnOptions } from '../../../main/cli/learn-command.js';

const refusal = (photos: readonly string[], raw: RawLearnOptions): unknown => {
  try {
    return parseLearnOptions(photos, raw);
  } catch (error) {
    return error;
  }
};

describe('parseLearnOptions', () => {
  it('learns from photos, by refining unless it is told otherwise, or from pairs', () => {
    expect(parseLearnOptions(['a.jpg'], {})).toMatchObject({ photos: ['a.jpg'], pairs: [], recipe: 'refine' });
    expect(parseLearnOptions(['a.jpg'], { recipe: 'blind-spot' })).toMatchObject({ recipe: 'blind-spot' });
    expect(parseLearnOptions([], { pairs: ['tripod'] })).toMatchObject({ photos: [], pairs: ['tripod'] });
  });

  it.each<[string, readonly string[], RawLearnOptions, RegExp]>([
    ['nothing', [], {}, /name noisy photos to learn from, or folders with --pairs/],
    ['photos and pairs', ['a.jpg'], { pairs: ['b'] }, /either photos or --pairs/],
    ['pairs and clean photos', [], { pairs: ['b'], clean: ['c'] }, /--clean is for noisy photos/],
    ['blind spots and clean photos', ['a.jpg'], { recipe: 'blind-spot', clean: ['c'] }, /for noisy photos alone/],
    ['blind spots and pairs', [], { recipe: 'blind-spot', pairs: ['c'] }, /for noisy photos alone/],
    ['an unknown recipe', ['a.jpg'], { recipe: 'magic' }, /--recipe/],
  ])('refuses %s', (_, photos, raw, message) => {
    expect(refusal(photos, raw)).toMatchObject({
      code: 'usage/invalid',
      message: expect.stringMatching(message) as string,
    });
  });
});
