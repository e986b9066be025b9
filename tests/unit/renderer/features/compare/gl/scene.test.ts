import { expect, it } from 'vitest';
import { DEFAULT_DENOISE } from '../../../../../../preload/contract.js';
import { weightsOf } from '../../../../../../renderer/features/compare/gl/scene.js';

it('weighs the parts as the engine does', () => {
  const settings = { ...DEFAULT_DENOISE, strength: 1.5, chroma: 0.5, detail: 0.3 };
  expect(weightsOf(settings, false)).toEqual({
    lumaWeights: [0.299, 0.587, 0.114],
    luma: [1, 0.5],
    chroma: [0.75, 0],
    detail: 0.3,
  });
});

it('treats a grey photo as luma alone', () => {
  const grey = weightsOf({ ...DEFAULT_DENOISE, chroma: 0 }, true);
  expect(grey.chroma).toEqual(grey.luma);
  expect(grey.lumaWeights[0]).toBeCloseTo(1 / 3);
});
