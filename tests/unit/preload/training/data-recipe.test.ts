import { describe, expect, it } from 'vitest';
import { DataRecipe } from '../../../../preload/training/data-recipe.js';

const issuesOf = (recipe: unknown): string[] =>
  (DataRecipe.safeParse(recipe).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('DataRecipe', () => {
  it('is that of the model card unless it says otherwise', () => {
    const { crop, batch, grey, flips, noise } = DataRecipe.parse({});
    expect({ crop, batch, grey, flips }).toEqual({ crop: 96, batch: 16, grey: 0.04, flips: true });
    expect(noise).toMatchObject({
      gaussian: { share: 0.4, sigma: [0, 60], low: { share: 0.15, sigma: [0, 10] }, clipped: 0.3 },
      channels: { share: 0.08, varying: 0.5 },
      grain: { share: 0.1, sigma: [3, 40], blur: [0.4, 1.3] },
      camera: {
        share: 0.42,
        gamma: [1.8, 2.6],
        exposure: [0.3, 1.1],
        whiteBalance: [1.2, 2.4],
        shot: [1e-4, 1.5e-2],
        read: { slope: 2.18, offset: 1.2, spread: 0.3 },
        mosaic: 0.7,
        colourMatrix: 0.5,
        blur: { share: 0.35, sigma: [0.35, 1] },
        blotches: { blur: [1.2, 3.5] },
      },
      jpeg: { share: 0.45, quality: [55, 98] },
    });
  });

  it('fills in what a part leaves out', () => {
    const { noise } = DataRecipe.parse({ noise: { camera: { blotches: { share: 0.4 } } } });
    expect(noise.camera.blotches).toEqual({ share: 0.4, blur: [1.2, 3.5], strength: [0.2, 0.8] });
    expect(noise.camera.share).toBe(0.42);
  });

  it.each([
    [{ crop: 100 }, 'crop: is a multiple of 16'],
    [{ noise: { grain: { sigma: [30, 10] } } }, 'noise.grain.sigma: is [low, high]: low may not exceed high'],
    [{ noise: { jpeg: { quality: [90, 60] } } }, 'noise.jpeg.quality: is [low, high]: low may not exceed high'],
    [
      {
        noise: { gaussian: { share: 0 }, channels: { share: 0 }, grain: { share: 0 }, camera: { share: 0 } },
      },
      'noise: has no kind of noise with a share above 0',
    ],
  ])('refuses %j', (recipe, message) => {
    expect(issuesOf(recipe)).toEqual([message]);
  });

  it.each([
    [{ batch: 0 }, 'batch'],
    [{ crop: 16 }, 'crop'],
    [{ noise: { camera: { shot: [0, 1] } } }, 'noise.camera.shot.0'],
    [{ noise: { gaussian: { clipped: 1.5 } } }, 'noise.gaussian.clipped'],
    [{ heldOut: { most: 0 } }, 'heldOut.most'],
    [{ longestSide: 10 }, 'longestSide'],
    [{ noise: { camera: { demosaic: 1 } } }, 'noise.camera'],
  ])('refuses %j, naming %s', (recipe, path) => {
    const issues = issuesOf(recipe);
    expect(issues).toHaveLength(1);
    expect(issues[0]!.startsWith(`${path}: `)).toBe(true);
  });
});
