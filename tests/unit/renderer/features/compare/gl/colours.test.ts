import { expect, it } from 'vitest';
import { parseHex } from '../../../../../../renderer/features/compare/gl/colours.js';

it('reads the colours of the tokens', () => {
  expect(parseHex(' #ff0033 ')).toEqual([1, 0, 0.2]);
  expect(parseHex('red')).toEqual([0, 0, 0]);
});
