import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LearningNews, LearningReport } from '../../preload/learn/learn-call.js';
import type { EngineParams } from '../../preload/engine-protocol.js';
import { tinyDenoiser } from './model-files.js';

/** News and reports of learning, as an engine would give them. */

const profile = {
  brightness: [0.2, 0.8],
  sigma: [
    [0.01, 0.02],
    [0.01, 0.02],
    [0.01, 0.02],
  ] as [number[], number[], number[]],
  correlation: { across: [1, 0.5], down: [1, 0.4] },
  channels: [0.1, 0.1, 0.1] as [number, number, number],
  patches: 40,
};

export const CAMERA = { make: 'Canon', model: 'Canon EOS 80D', iso: 6400, photos: 3, profile };

export const measured = (round: number, path = '/photos/bad.jpg'): LearningNews => ({
  type: 'measured',
  ...{ round, rounds: 2, photos: 3, windows: 12, heldOut: 3 },
  cameras: [CAMERA],
  problems: [{ path, message: `${path} is too small` }],
});

export const started = (round: number, step: number): LearningNews => ({
  type: 'training',
  ...{ round, rounds: 2 },
  news: { type: 'started', step, photos: 9, heldOut: 3, problems: [], parameters: 1, memory: 1 },
});

export const stepped = (round: number, step: number, fraction: number, loss = 0.001): LearningNews => ({
  type: 'training',
  ...{ round, rounds: 2 },
  news: {
    type: 'step',
    ...{ step, fraction, loss, parts: {}, learningRate: 1e-4, gradientNorm: 1, msPerStep: 200, waiting: 0 },
  },
});

export const evaluated = (round: number, step: number, psnr: number): LearningNews => ({
  type: 'training',
  ...{ round, rounds: 2 },
  news: { type: 'evaluated', step, scores: { recipe: psnr, 'gaussian-25': 30 }, best: true },
});

/** What an engine answers that has learnt: its model lies in the run's folder. */
export function learningReport({ out, model }: EngineParams<'learn'>, passed: boolean): LearningReport {
  const file = join(out, 'learnt.onnx');
  writeFileSync(file, tinyDenoiser(passed ? 0.7 : 0.6));
  return {
    model: file,
    parent: { model, sha256: 'ab'.repeat(32) },
    method: 'noisy',
    ...{ steps: 20, seconds: 6, photos: 3, cameras: [CAMERA], scores: { recipe: 33 }, before: { recipe: 32 } },
    curves: { loss: [{ step: 20, loss: 0.1 }], evaluations: [{ step: 20, scores: { recipe: 33 } }] },
    recipe: null,
    verdict: {
      passed,
      measures: [{ name: 'significance', unit: 'standard errors', parent: 0, child: passed ? 4 : 0, ok: passed }],
      reasons: passed ? [] : ['on held-out photos its error is not clearly lower'],
    },
  };
}
