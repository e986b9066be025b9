import { basename } from 'node:path';
import type { VaeProgress } from '../../../preload/contract.js';
import type { VaePoint } from '../../../preload/models/vae-card.js';
import type { TrainingNews } from '../../../preload/training/train-call.js';
import type { Progress } from './progress.js';

/** What the window is shown of a VAE's run, gathered from the engine's news: pure. */

/** Points that are kept of the curves: enough to draw them. */
const MOST_POINTS = 400;

export const NO_VAE_PROGRESS: VaeProgress = { found: null, parts: {}, curves: [], scores: null };

/** The progress after a piece of news. */
export function hearVaeNews(before: Progress, news: TrainingNews): Progress {
  const vae = before.vae ?? NO_VAE_PROGRESS;
  switch (news.type) {
    case 'started': {
      const { step, photos, heldOut, problems } = news;
      const leftOut = problems.map(({ path, message }) => ({
        name: basename(path),
        message: message.replaceAll(path, basename(path)),
      }));
      // A run that goes on from a checkpoint does again what came after it.
      const curves = vae.curves.filter((point) => point.step <= step);
      return { ...before, phase: 'training', step, leftOut, vae: { ...vae, found: { photos, heldOut }, curves } };
    }
    case 'step': {
      const { step, fraction, msPerStep, parts } = news;
      const curves = thinnedPoints([...vae.curves, pointOf(step, parts)], MOST_POINTS);
      return { ...before, phase: 'training', step, fraction, msPerStep, vae: { ...vae, parts, curves } };
    }
    case 'evaluated': {
      const { step, scores } = news;
      const found = Object.keys(scores).length > 0 ? scores : null;
      return { ...before, step: Math.max(before.step, step), vae: { ...vae, scores: found } };
    }
    case 'checkpoint':
      return before;
  }
}

const pointOf = (step: number, parts: Readonly<Record<string, number>>): VaePoint => ({
  step,
  reconstruction: parts['reconstruction'] ?? 0,
  kl: parts['kl'] ?? 0,
  generator: parts['adversarial'] ?? null,
  discriminator: parts['discriminator'] ?? null,
});

/** As they are, or, where there are more than `most`, each two of them as their mean. */
export function thinnedPoints(points: readonly VaePoint[], most: number): VaePoint[] {
  if (points.length <= most) return [...points];
  return Array.from({ length: Math.floor(points.length / 2) }, (_, index) => {
    const [first, second] = [points[2 * index]!, points[2 * index + 1]!];
    return {
      step: second.step,
      reconstruction: (first.reconstruction + second.reconstruction) / 2,
      kl: (first.kl + second.kl) / 2,
      generator: meanOf(first.generator, second.generator),
      discriminator: meanOf(first.discriminator, second.discriminator),
    };
  });
}

/** Of what there is. */
const meanOf = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : (a + b) / 2);
