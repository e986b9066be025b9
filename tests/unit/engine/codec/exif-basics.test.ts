import { describe, expect, it } from 'vitest';
import { exifBasics } from '../../../../main/engine/codec/exif-basics.js';
import { exifBlock } from '../../../support/exif-block.js';

describe('exifBasics', () => {
  it('reads camera, dates and exposure, with and without the JPEG prefix', () => {
    const block = exifBlock();
    const expected = {
      IFD0: {
        ImageDescription: 'A cup of coffee',
        Make: 'Canon',
        Model: 'Canon EOS R5',
        DateTime: '2024:05:17 14:03:09',
        Copyright: '(c) 2024 Hong',
      },
      IFD2: {
        ExposureTime: '1/250',
        FNumber: '28/10',
        ISOSpeedRatings: '3200',
        DateTimeOriginal: '2024:05:17 14:03:09',
        DateTimeDigitized: '2024:05:17 14:03:09',
        FocalLength: '50/1',
        LensModel: 'RF50mm F1.2 L USM',
      },
    };
    expect(exifBasics(block)).toEqual(expected);
    expect(exifBasics(Buffer.concat([Buffer.from('Exif\0\0'), block]))).toEqual(expected);
  });

  it('never throws on a damaged block', () => {
    const block = exifBlock();
    for (let length = 0; length < block.length; length += 7) exifBasics(block.subarray(0, length));
    for (let at = 0; at < block.length; at++) {
      const bad = Buffer.from(block);
      bad[at] = 0xff;
      exifBasics(bad);
    }
  });
});
