import type { TrainingNews } from '../../preload/training/train-call.js';

/** News of a VAE's training, as an engine would give them. */

export const vaeStarted = (step: number, path = '/photos/bad.jpg'): TrainingNews => ({
  type: 'started',
  ...{ step, photos: 7, heldOut: 2, parameters: 1, memory: 1 },
  problems: [{ path, message: `${path} is too small` }],
});

export const vaeStepped = (step: number, fraction: number, parts: Record<string, number> = {}): TrainingNews => ({
  type: 'step',
  ...{ step, fraction, loss: 0.2, learningRate: 1e-4, gradientNorm: 1, msPerStep: 200, waiting: 0 },
  parts: { reconstruction: 1 / step, kl: 20, active: 5, latents: 6, warmup: 1, ...parts },
});

export const vaeEvaluated = (step: number, psnr: number): TrainingNews => ({
  type: 'evaluated',
  step,
  scores: { psnr, kl: 20, active: 5, sharpness: 0.1, objective: 0.2 },
  best: true,
});
