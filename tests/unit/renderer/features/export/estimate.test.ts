import { describe, expect, it } from 'vitest';
import { DEFAULT_ENCODE } from '../../../../../preload/contract.js';
import { estimateBytes } from '../../../../../renderer/features/export/estimate.js';

const photo = { bytes: 8e6, width: 6000, height: 4000, format: 'jpeg' } as const;

describe('the size of results', () => {
  it('is that of the originals when the format stays', () => {
    expect(estimateBytes({ bytes: 16e6, photos: 2 }, [photo, photo], DEFAULT_ENCODE)).toBe(16e6);
    expect(estimateBytes({ bytes: 16e6, photos: 2 }, [photo, photo], { ...DEFAULT_ENCODE, format: 'jpeg' })).toBe(16e6);
  });

  it('follows the pixels when the format changes, and doubles with the depth', () => {
    const png = { ...DEFAULT_ENCODE, format: 'png' } as const;
    const shallow = estimateBytes({ bytes: 8e6, photos: 1 }, [photo], png);
    expect(shallow).toBe(48e6);
    expect(estimateBytes({ bytes: 8e6, photos: 1 }, [photo], { ...png, bitDepth: 16 })).toBe(2 * shallow);
  });

  it('shrinks with the quality', () => {
    const sizes = [null, 90, 60].map((quality) =>
      estimateBytes({ bytes: 8e6, photos: 1 }, [{ ...photo, format: 'tiff' }], {
        ...DEFAULT_ENCODE,
        format: 'jpeg',
        quality,
      }),
    );
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(new Set(sizes).size).toBe(3);
  });

  it('takes the host at its word where the window knows no photo, and the size on disk where it knows no pixels', () => {
    expect(estimateBytes({ bytes: 5e6, photos: 3 }, [], DEFAULT_ENCODE)).toBe(5e6);
    const unseen = { ...photo, width: null, height: null };
    expect(estimateBytes({ bytes: 8e6, photos: 1 }, [unseen], { ...DEFAULT_ENCODE, format: 'png' })).toBe(8e6);
  });
});
