import { describe, expect, it } from 'vitest';
import { NO_PROGRESS, Progress } from '../../../../main/app/training/progress.js';
import { hearVaeNews, NO_VAE_PROGRESS } from '../../../../main/app/training/vae-progress.js';
import type { TrainingNews } from '../../../../preload/training/train-call.js';
import { vaeEvaluated, vaeStarted, vaeStepped } from '../../../support/vae-news.js';

const START: Progress = { ...NO_PROGRESS, vae: NO_VAE_PROGRESS };
const after = (news: readonly TrainingNews[], from = START): Progress => news.reduce(hearVaeNews, from);

describe('the progress of a VAE', () => {
  it('has the figures of the last steps, their curves, and what was found and measured', () => {
    const progress = after([
      vaeStarted(0),
      vaeEvaluated(0, 8),
      vaeStepped(4, 0.2),
      vaeStepped(9, 0.5, { adversarial: 0.7 }),
    ]);
    expect(progress).toMatchObject({ phase: 'training', step: 9, fraction: 0.5, msPerStep: 200 });
    expect(progress.leftOut).toEqual([{ name: 'bad.jpg', message: 'bad.jpg is too small' }]);
    expect(progress.vae).toMatchObject({ found: { photos: 7, heldOut: 2 }, scores: { psnr: 8 } });
    expect(progress.vae!.parts['adversarial']).toBe(0.7);
    expect(progress.vae!.curves).toEqual([
      { step: 4, reconstruction: 0.25, kl: 20, generator: null, discriminator: null },
      { step: 9, reconstruction: 1 / 9, kl: 20, generator: 0.7, discriminator: null },
    ]);
    expect(Progress.parse(progress)).toEqual(progress);
  });

  it('draws again what a run does again that goes on from a checkpoint', () => {
    const stopped = after([vaeStarted(0), vaeStepped(4, 0.2), vaeStepped(9, 0.5)]);
    const resumed = after([vaeStarted(5), vaeStepped(6, 0.3)], stopped);
    expect(resumed.vae!.curves.map(({ step }) => step)).toEqual([4, 6]);
  });

  it('keeps curves that can be drawn of however many steps, and says that nothing was held out', () => {
    const many = Array.from({ length: 3000 }, (_, index) =>
      vaeStepped(index + 1, 0.1, index < 1500 ? {} : { discriminator: 0.5 }),
    );
    const { curves, scores } = after([...many, { type: 'evaluated', step: 3000, scores: {}, best: true }]).vae!;
    expect(curves.length).toBeLessThanOrEqual(400);
    expect(curves.length).toBeGreaterThan(150);
    expect(curves[0]!.discriminator).toBeNull();
    expect(curves.at(-1)!.discriminator).toBe(0.5);
    expect(scores).toBeNull();
  });
});
