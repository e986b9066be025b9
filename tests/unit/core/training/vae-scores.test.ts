import { expect, it } from 'vitest';
import { countActive, gradientEnergy, meanKl, meanPsnr } from '../../../../main/core/training/vae-scores.js';

it('measures PSNR image by image', () => {
  const wanted = Float32Array.of(0, 0, 0, 0);
  // Errors of 0.1 (20 dB) and 0.01 (40 dB).
  expect(meanPsnr(Float32Array.of(0.1, -0.1, 0.01, 0.01), wanted, 2)).toBeCloseTo(30, 4);
  expect(meanPsnr(wanted, wanted, 2)).toBeCloseTo(100, 6);
});

it('measures the divergence from the prior in nats', () => {
  expect(meanKl(Float32Array.of(0, 0), Float32Array.of(0, 0), 1)).toBe(0);
  // (1 + e^-2 - 1 + 2) / 2 and 0, of two codes of one latent.
  const kl = meanKl(Float32Array.of(1, 0), Float32Array.of(-2, 0), 2);
  expect(kl).toBeCloseTo((1 + Math.exp(-2) - 1 + 2) / 4, 6);
});

it('counts latents whose mean varies by more than 0.01 over the codes', () => {
  const [still, moving] = [0.09, 0.11];
  const means = Float32Array.of(5 + still, moving, 5 - still, -moving, 5 + still, moving, 5 - still, -moving);
  expect(countActive(means, 2)).toBe(1);
});

it('sums squared differences to the right and down, plane by plane', () => {
  expect(gradientEnergy(Float32Array.of(0, 1, 0, 3), 2)).toBe(1 + 9 + 0 + 4);
  expect(gradientEnergy(Float32Array.of(0, 0, 0, 0, 7, 7, 7, 7), 2)).toBe(0);
});
