import { basename } from 'node:path';
import type { z } from 'zod';
import { TrainingRun } from '../../../preload/contract.js';
import type { LearningNews } from '../../../preload/learn/learn-call.js';
import type { TrainingNews } from '../../../preload/training/train-call.js';

/** What the window is shown of a run, gathered from the engine's news: pure. */

/** Points that are kept of the loss: enough to draw it. */
const MOST_POINTS = 400;
/** The set of what is held out that has the photos' own noise. */
const OWN_NOISE = 'recipe';

export const Progress = TrainingRun.pick({
  phase: true,
  round: true,
  rounds: true,
  step: true,
  fraction: true,
  msPerStep: true,
  found: true,
  leftOut: true,
  cameras: true,
  curves: true,
  vae: true,
});
export type Progress = z.infer<typeof Progress>;

export const NO_PROGRESS: Progress = {
  phase: 'starting',
  round: 1,
  rounds: 1,
  step: 0,
  fraction: 0,
  msPerStep: null,
  found: null,
  leftOut: [],
  cameras: [],
  curves: { loss: [], heldOut: [], rounds: [] },
  vae: null,
};

/** The progress after a piece of news. */
export function hearNews(before: Progress, news: LearningNews): Progress {
  switch (news.type) {
    case 'reading':
      return { ...before, phase: news.fraction < 1 ? 'reading' : 'measuring' };
    case 'measured': {
      const { round, rounds, photos, windows, heldOut, cameras } = news;
      const leftOut = news.problems.map(({ path, message }) => ({
        name: basename(path),
        message: message.replaceAll(path, basename(path)),
      }));
      return {
        ...before,
        ...{ phase: 'training', round, rounds, cameras, leftOut },
        found: { photos, windows, heldOut },
        // The last round ended where the run is; one that goes on passes through rounds whose ends are known.
        curves:
          before.curves.rounds.length >= round - 1
            ? before.curves
            : { ...before.curves, rounds: [...before.curves.rounds, before.step] },
      };
    }
    case 'training':
      return hearTraining(before, news.round, news.rounds, news.news);
    case 'samples':
      return before;
    case 'judged':
      return { ...before, phase: 'judging', fraction: 1 };
  }
}

function hearTraining(before: Progress, round: number, rounds: number, news: TrainingNews): Progress {
  const { curves } = before;
  const from = round === 1 ? 0 : (curves.rounds[round - 2] ?? 0);
  switch (news.type) {
    case 'started': {
      // A run that goes on from a checkpoint does again what came after it.
      const step = from + news.step;
      if (curves.rounds.length >= round) return { ...before, phase: 'training', round, rounds, step };
      const kept = <T extends { readonly step: number }>(points: readonly T[]): T[] =>
        points.filter((point) => point.step <= step);
      const cut = { ...curves, loss: kept(curves.loss), heldOut: kept(curves.heldOut) };
      return { ...before, phase: 'training', round, rounds, step, curves: cut };
    }
    case 'step': {
      const step = from + news.step;
      const phase = news.fraction < 1 ? 'training' : round < rounds ? 'measuring' : 'judging';
      return {
        ...before,
        ...{ phase, round, rounds, step, msPerStep: news.msPerStep },
        fraction: (round - 1 + news.fraction) / rounds,
        curves: { ...curves, loss: thinned([...curves.loss, { step, loss: news.loss }]) },
      };
    }
    case 'evaluated': {
      const psnr = news.scores[OWN_NOISE];
      const at = from + news.step;
      const step = Math.max(before.step, at);
      if (psnr === undefined) return { ...before, step };
      return { ...before, step, curves: { ...curves, heldOut: [...curves.heldOut, { step: at, psnr }] } };
    }
    case 'checkpoint':
      return before;
  }
}

/** As it is, or, where there are too many points, each two of them as their mean. */
function thinned(points: readonly { step: number; loss: number }[]): { step: number; loss: number }[] {
  if (points.length <= MOST_POINTS) return [...points];
  return Array.from({ length: Math.floor(points.length / 2) }, (_, index) => {
    const [first, second] = [points[2 * index]!, points[2 * index + 1]!];
    return { step: second.step, loss: (first.loss + second.loss) / 2 };
  });
}
