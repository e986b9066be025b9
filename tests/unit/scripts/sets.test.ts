import { describe, expect, it } from 'vitest';
import { classify } from '../../../scripts/bench/sets.js';

describe('classify', () => {
  it('knows pairs by their names and groups them by camera', () => {
    const names = ['Sony_4-5_toy_11_real.JPG', 'Sony_4-5_toy_11_mean.JPG', 'Nikon_1_real.JPG', 'LICENSE.txt'];
    expect(classify('/data/polyu/', names, Infinity)).toEqual({
      kind: 'pairs',
      name: 'polyu',
      pairs: [
        {
          noisy: '/data/polyu/Sony_4-5_toy_11_real.JPG',
          clean: '/data/polyu/Sony_4-5_toy_11_mean.JPG',
          group: 'Sony',
        },
      ],
    });
  });

  it('takes a folder without pairs as clean photos, in order, up to the limit', () => {
    expect(classify('/data/cbsd', ['0006.png', '0000.png', '0003.png', 'notes.md'], 2)).toEqual({
      kind: 'clean',
      name: 'cbsd',
      photos: ['/data/cbsd/0000.png', '/data/cbsd/0003.png'],
    });
  });
});
