import { join } from 'node:path';
import { writeBank } from '../training/bank-file.js';
import { measureNoise, smoothWindows } from './measure-noise.js';
import { mostSteps, noiseRecipe } from './recipe.js';
import type { Learnt, LearningRun } from './run.js';
import { writeSources } from './sources.js';
import { recorrupted } from './trials.js';
import { readWindows } from './windows.js';

/**
 * Learns from noisy photos: their noise is measured with the parent, put on the photos as it denoises them, or on clean
 * photos, and learnt to be taken away. A second round from the better model was measured to gain nothing.
 */
export async function learnByRefining(run: LearningRun): Promise<Learnt> {
  const { request, signal } = run;
  const round = { round: 1, rounds: 1 };
  const { windows, photos, problems } = await readWindows(signal, request.photos, (fraction) => {
    run.tell({ type: 'reading', fraction });
  });
  const hasClean = request.clean.length > 0;
  const folder = await run.folder(1);
  const { measured, smoothed, sources } = await run.withNet(run.parent, async (net) => {
    const smoothed = await smoothWindows(run, windows, net);
    const measured = measureNoise(smoothed, request.seed);
    const sources = hasClean ? request.clean : await writeSources(signal, folder, smoothed, net);
    return { measured, smoothed, sources };
  });
  const { cameras } = measured;
  const heldOut = recorrupted(smoothed, measured, request.seed);
  await run.show(heldOut);
  const bank = join(folder, 'noise.bin');
  await writeBank(bank, measured.bank);
  run.tell({
    ...{ type: 'measured', ...round, photos, windows: windows.length, heldOut: heldOut.length },
    ...{ cameras: [...cameras], problems: [...problems] },
  });
  const recipe = noiseRecipe({ net: run.parent, bank, rate: request.rate, seed: request.seed, clean: hasClean });
  // Clean photos are as many as there are: they are not soon known by heart.
  const enough = hasClean ? {} : { mostSteps: mostSteps('noise', windows.length - heldOut.length) };
  const report = await run.train({ ...round, recipe, photos: sources, init: run.parent, ...enough });
  const model = await run.settle(report.model);
  return {
    model,
    photos,
    cameras,
    recipe,
    scores: report.scores,
    before: report.before,
    rounds: [1],
    verdict: await run.judge(model, heldOut),
  };
}
