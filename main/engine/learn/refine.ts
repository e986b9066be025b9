import { join } from 'node:path';
import type { CameraNoise } from '../../../preload/learn/profile.js';
import type { TrainingRecipe } from '../../../preload/training/recipe.js';
import type { Scores, TrainingReport } from '../../../preload/training/train-call.js';
import { writeBank } from '../training/bank-file.js';
import { measureNoise, smoothWindows } from './measure-noise.js';
import { noiseRecipe } from './recipe.js';
import type { Learnt, LearningRun } from './run.js';
import { writeSources } from './sources.js';
import { recorrupted } from './trials.js';
import { readWindows } from './windows.js';
import type { GateWindow } from './gate.js';

/** Rounds of measuring and training where there are noisy photos alone: a second one was measured to gain nothing. */
const ROUNDS = 1;

/**
 * Learns from noisy photos, in rounds: their noise is measured with the model as it is, put on the photos as it denoises
 * them, and learnt to be taken away; the next round starts from the better model. With clean photos there is one round,
 * and the noise is put on those.
 */
export async function learnByRefining(run: LearningRun): Promise<Learnt> {
  const { request, signal } = run;
  const windows = await readWindows(signal, request.photos, (fraction) => {
    run.tell({ type: 'reading', fraction });
  });
  const hasClean = request.clean.length > 0;
  const rounds = hasClean ? 1 : ROUNDS;
  // Of the first round: the parent's noise is what the gate's is made of.
  let heldOut: GateWindow[] = [];
  let cameras: readonly CameraNoise[] = [];
  let before: Scores = {};
  let last: { report: TrainingReport; recipe: TrainingRecipe } | null = null;
  for (let round = 1; round <= rounds; round++) {
    const init = last?.report.model ?? run.parent;
    const folder = await run.folder(round);
    const { measured, smoothed, photos } = await run.withNet(init, async (net) => {
      const smoothed = await smoothWindows(run, windows.windows, net);
      const measured = measureNoise(smoothed, request.seed + round);
      const photos = hasClean ? request.clean : await writeSources(signal, folder, smoothed, net);
      return { measured, smoothed, photos };
    });
    if (round === 1) {
      heldOut = recorrupted(smoothed, measured, request.seed);
      cameras = measured.cameras;
      await run.show(heldOut);
    }
    const bank = join(folder, 'noise.bin');
    await writeBank(bank, measured.bank);
    const { windows: parts, photos: count, problems } = windows;
    run.tell({
      ...{ type: 'measured', round, rounds, photos: count, windows: parts.length, heldOut: heldOut.length },
      ...{ cameras: [...cameras], problems: [...problems] },
    });
    const recipe = noiseRecipe({ net: init, bank, rate: request.rate, seed: request.seed, clean: hasClean });
    const report = await run.train({ round, rounds, recipe, photos, init });
    if (round === 1) before = report.before;
    last = { report, recipe };
  }
  const { report, recipe } = last!;
  const model = await run.settle(report.model);
  return {
    model,
    photos: windows.photos,
    cameras,
    recipe,
    scores: report.scores,
    before,
    rounds: Array.from({ length: rounds }, (_, index) => index + 1),
    verdict: await run.judge(model, heldOut),
  };
}
