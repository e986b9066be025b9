import { describe, expect, it } from 'vitest';
import { displayWidth, table } from '../../../main/cli/table.js';
import { bytes, count, duration, megapixels, printable, shownPath } from '../../../main/cli/text.js';

describe('text for people', () => {
  it('is one printable line, whatever a file is called', () => {
    expect(printable('a\nb\t\u001b[31mred\u202e\u0007')).toBe('a\\nb\\t\\e[31mred\\u202e\\u0007');
    expect(printable('한국 "📷"')).toBe('한국 "📷"');
  });

  it('shows paths below the current folder from there', () => {
    expect(shownPath('/home/me/photos/a.jpg', '/home/me')).toBe('photos/a.jpg');
    expect(shownPath('/home/you/a.jpg', '/home/me')).toBe('/home/you/a.jpg');
    expect(shownPath('/home/me', '/home/me')).toBe('/home/me');
    expect(shownPath('/home/me/..hidden', '/home/me')).toBe('/home/me/..hidden');
  });

  it.each([
    [0, '0.0 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_600, '1 min 00 s'],
    [61_000, '1 min 01 s'],
    [3_599_400, '59 min 59 s'],
    [7_860_000, '2 h 11 min'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('counts', () => {
    expect([count(0, 'photo'), count(1, 'photo'), count(2, 'photo')]).toEqual(['0 photos', '1 photo', '2 photos']);
    expect([bytes(0), bytes(999), bytes(1000), bytes(26_144_624), bytes(999_600), bytes(25e12)]).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '26.1 MB',
      '1.0 MB',
      '25.0 TB',
    ]);
    expect(megapixels(24_000_000)).toBe('24.0 MP');
  });
});

describe('a table', () => {
  it('lines columns up, wide characters included', () => {
    const rows = [
      { name: '한국.jpg', size: '1' },
      { name: 'a.jpg', size: '1000' },
    ];
    const lines = table(rows, [
      { title: 'photo', value: ({ name }) => name },
      { title: 'size', value: ({ size }) => size, align: 'right' },
    ]);
    expect(lines).toEqual(['photo     size', '한국.jpg     1', 'a.jpg     1000']);
    expect(displayWidth('📷é')).toBe(3);
  });
});
