import { join } from 'node:path';
import { halvedImage, phasesOf } from '../../../core/noise/planar.js';
import { writePairs, type PairGroup } from '../../training/pairs.js';
import { measureNoise, smoothWindows, type SmoothedWindow } from '../measure-noise.js';
import { PictureWriter } from '../picture-writer.js';
import { maskedRecipe, pairsRecipe } from '../recipe.js';
import type { Learnt, LearningRun } from '../run.js';
import { recorrupted } from '../trials.js';
import { readWindows } from '../windows.js';
import { PHASE_STRIDE, taught } from './teacher.js';

/**
 * Learns from noisy photos alone without a model of their noise: a teacher learns to guess masked pixels of the photos' phases,
 * in which the noise of neighbours is hardly correlated any more (masked as in Noise2Void; phases as in AP-BSN, Lee et
 * al., CVPR 2022). What it makes of the photos is then what the model learns to make of them, the general mix beside it.
 */
export async function learnWithBlindSpots(run: LearningRun): Promise<Learnt> {
  const { request, signal } = run;
  const windows = await readWindows(signal, request.photos, (fraction) => {
    run.tell({ type: 'reading', fraction });
  });
  const smoothed = await run.withNet(run.parent, (net) => smoothWindows(run, windows.windows, net));
  const measured = measureNoise(smoothed, request.seed + 1);
  const heldOut = recorrupted(smoothed, measured, request.seed);
  const rounds = 2;
  const tell = (round: number): void => {
    run.tell({
      ...{ type: 'measured', round, rounds, photos: windows.photos, windows: smoothed.length, heldOut: heldOut.length },
      ...{ cameras: [...measured.cameras], problems: [...windows.problems] },
    });
  };
  const options = { net: run.parent, rate: request.rate, seed: request.seed };

  tell(1);
  const phases = await writePhases(run, join(await run.folder(1), 'phases'), smoothed);
  const teacher = await run.train({
    ...{ round: 1, rounds, photos: phases, init: run.parent },
    recipe: maskedRecipe(options),
  });

  tell(2);
  const folder = await run.folder(2);
  const pairs = join(folder, 'pairs.json');
  const lesson = await writeLesson(run, folder, smoothed, teacher.model);
  await writePairs(pairs, lesson.groups);
  const recipe = pairsRecipe({
    ...options,
    pairs,
    description: 'Noisy photos and what a blind-spot teacher makes of them.',
  });
  await run.show(heldOut);
  const report = await run.train({ round: 2, rounds, photos: lesson.sources, recipe, init: run.parent });
  const model = await run.settle(report.model);
  return {
    model,
    photos: windows.photos,
    cameras: measured.cameras,
    recipe,
    scores: report.scores,
    before: report.before,
    rounds: [2],
    verdict: await run.judge(model, heldOut),
  };
}

/** Writes the phases of all windows that are not held out. */
async function writePhases(run: LearningRun, folder: string, windows: readonly SmoothedWindow[]): Promise<string[]> {
  const writer = await PictureWriter.in(folder);
  for (const [index, { window, noisy }] of windows.entries()) {
    if (window.heldOut) continue;
    run.goOn();
    for (const [phase, image] of phasesOf(noisy, PHASE_STRIDE).entries()) {
      await writer.write(`${String(index).padStart(4, '0')}-${phase}`, image);
    }
  }
  return writer.paths;
}

/** Writes the windows with what the teacher makes of them, and what the general mix is put on: the latter, as it is and at half size. */
async function writeLesson(
  run: LearningRun,
  folder: string,
  windows: readonly SmoothedWindow[],
  teacher: string,
): Promise<{ groups: PairGroup[]; sources: string[] }> {
  const pairs = await PictureWriter.in(join(folder, 'pairs'));
  const sources = await PictureWriter.in(join(folder, 'sources'));
  const groups: PairGroup[] = [];
  await run.withNet(teacher, async (net) => {
    for (const [index, { window, noisy, smooth }] of windows.entries()) {
      run.goOn();
      const name = String(index).padStart(4, '0');
      const clean = await taught(net, noisy, run.request.seed, index);
      groups.push({
        frames: [await pairs.write(name, window.pixels)],
        clean: await pairs.write(`${name}-taught`, clean),
        heldOut: window.heldOut,
      });
      if (window.heldOut) continue;
      await sources.write(name, clean);
      await sources.write(`${name}-half`, halvedImage(smooth));
    }
  });
  return { groups, sources: sources.paths };
}
