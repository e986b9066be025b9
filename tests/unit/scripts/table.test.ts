import { expect, it } from 'vitest';
import { table } from '../../../scripts/support/table.js';

it('puts words to the left and numbers to the right', () => {
  const text = table([
    ['photo', 'PSNR', 'difference', 'verdict'],
    ['chelsea', '9.50', '-0.010', 'ok'],
    ['coffee', '30.25', '', 'DIFFERS'],
  ]);
  expect(text.split('\n')).toEqual([
    'photo     PSNR  difference  verdict',
    '-------  -----  ----------  -------',
    'chelsea   9.50      -0.010  ok',
    'coffee   30.25              DIFFERS',
  ]);
});
