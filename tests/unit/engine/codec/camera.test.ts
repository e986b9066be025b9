import { describe, expect, it } from 'vitest';
import { cameraInfo } from '../../../../main/engine/codec/camera.js';
import { exifBlock } from '../../../support/exif-block.js';

describe('cameraInfo', () => {
  it('reads camera, lens and exposure as numbers', () => {
    expect(cameraInfo(exifBlock())).toEqual({
      make: 'Canon',
      model: 'Canon EOS R5',
      lens: 'RF50mm F1.2 L USM',
      iso: 3200,
      exposureTime: 1 / 250,
      aperture: 2.8,
      focalLength: 50,
      takenAt: '2024-05-17T14:03:09',
    });
  });

  it('has nothing to say without EXIF, or of a block that is no EXIF', () => {
    expect(cameraInfo(null)).toBeNull();
    expect(cameraInfo(Buffer.from('nothing of the kind'))).toBeNull();
  });

  it('never throws on a damaged block, and gives no numbers that are none', () => {
    const block = exifBlock();
    for (let length = 0; length < block.length; length += 5) cameraInfo(block.subarray(0, length));
    for (let at = 0; at < block.length; at++) {
      const bad = Buffer.from(block);
      bad[at] = 0;
      const info = cameraInfo(bad);
      for (const value of [info?.iso, info?.exposureTime, info?.aperture, info?.focalLength]) {
        expect(value ?? 1).toBeGreaterThan(0);
        expect(Number.isFinite(value ?? 1)).toBe(true);
      }
    }
  });
});
