import { writeFileSync } from 'node:fs';
import { GraphBuilder } from '../../main/core/onnx/builder.js';
import { encodeModel } from '../../main/core/onnx/codec.js';
import { modelOf } from '../../main/core/onnx/model.js';
import { float32Tensor } from '../../main/core/onnx/tensor.js';
import type { NewModelCard } from '../../preload/models/card.js';

/** A denoiser of one weight: it multiplies by `gain`. Another gain is another file of the same size. */
export function tinyDenoiser(gain = 0.9): Uint8Array {
  const b = new GraphBuilder();
  const image = b.input('image', 'float32', ['n', 3, 'h', 'w']);
  const weight = b.initializer('weight', float32Tensor([1], [gain]));
  return encodeModel(modelOf(b.build({ denoised: b.op('Mul', [image, weight]) }, 'tiny')));
}

/**
 * A denoiser that blurs: noise is gone where a photo is even, so that it can be measured there. It has weights to train, and
 * costs nothing beside a shipped one.
 */
export function blurringDenoiser(): Uint8Array {
  const b = new GraphBuilder();
  const image = b.input('image', 'float32', ['n', 3, 'h', 'w']);
  const taps = BLUR_PX ** 2;
  const box = float32Tensor([3, 1, BLUR_PX, BLUR_PX], new Array<number>(3 * taps).fill(1 / taps));
  const pads = new Array<number>(4).fill((BLUR_PX - 1) / 2);
  const denoised = b.op('Conv', [image, b.initializer('blur', box)], { group: 3, pads });
  return encodeModel(modelOf(b.build({ denoised }, 'blurring')));
}

/** Side of its window. */
const BLUR_PX = 7;

/** Writes a denoiser that blurs, and gives its path. */
export function writeBlur(path: string): string {
  writeFileSync(path, blurringDenoiser());
  return path;
}

/** Writes a denoiser of one weight, and gives its path. */
export function writeDenoiser(path: string, gain?: number): string {
  writeFileSync(path, tinyDenoiser(gain));
  return path;
}

/** A card as a training run writes it. */
export function newCard(name: string, changes: Partial<NewModelCard> = {}): NewModelCard {
  return {
    name,
    created: '2026-05-17T14:03:09.000Z',
    parent: { name: 'fast', sha256: 'ab'.repeat(32) },
    base: 'fast',
    recipe: { kind: 'noisy', training: { steps: 2, nested: { list: [1, null, 'x'] } } },
    data: {
      photos: 12,
      cameras: [{ make: 'Canon', model: 'Canon EOS R5', isoFrom: 1600, isoTo: 6400, photos: 12 }],
    },
    steps: 2000,
    seconds: 600,
    curves: {
      loss: [1, 0.6, 0.4, 0.35].map((loss, step) => ({ step: step * 100, loss })),
      evaluations: [{ step: 300, scores: { 'held out': 33.1 } }],
    },
    scores: { parent: { 'held out': 32.5 }, child: { 'held out': 33.1 } },
    gate: {
      passed: true,
      reasons: ['0.60 dB better on held-out photos'],
      measures: [{ name: 'psnr', parent: 32.5, child: 33.1, better: true }],
    },
    notes: [],
    ...changes,
  };
}
