import { describe, expect, it } from 'vitest';
import { sniff } from '../../../../main/engine/codec/sniff.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('sniff', () => {
  it.each([
    ['jpeg', '\xff\xd8\xff\xe0'],
    ['png', '\x89PNG\r\n\x1a\n'],
    ['webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['tiff', 'II*\0'],
    ['tiff', 'MM\0*'],
    ['tiff', 'II+\0\x08\0\0\0'],
    ['avif', '\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf'],
    ['avif', '\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf'],
  ] as const)('knows %s', (format, head) => {
    expect(sniff(latin1(head))).toEqual({ kind: 'format', format });
  });

  it.each([
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['animated AVIF', '\0\0\0\x1cftypavis\0\0\0\0avifavis'],
    ['video', '\0\0\0\x18ftypisom\0\0\0\0mp41mp42'],
    ['SVG', '<!-- a drawing -->\n<svg xmlns="http://www.w3.org/2000/svg">'],
  ])('names %s', (name, head) => {
    expect(sniff(latin1(head))).toEqual({ kind: 'foreign', name });
  });

  it.each(['', 'x', 'RIFF\0\0\0\0WAVE', '<html><svg>', 'text'])('knows nothing of %j', (head) => {
    expect(sniff(latin1(head))).toEqual({ kind: 'unknown' });
  });
});
