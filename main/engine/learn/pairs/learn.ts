import { join } from 'node:path';
import type { PlanarImage } from '../../../core/noise/flat-patches.js';
import { halvedImage, meanOfPlanes } from '../../../core/noise/planar.js';
import { writePairs, type PairGroup } from '../../training/pairs.js';
import { measureCameras, type SmoothedWindow } from '../measure-noise.js';
import { PictureWriter } from '../picture-writer.js';
import { mostSteps, pairsRecipe } from '../recipe.js';
import type { Learnt, LearningRun } from '../run.js';
import { againstFrames } from '../trials.js';
import { toPlanes } from '../windows.js';
import { readScenes, type ScenePart } from './read-scenes.js';

/**
 * Learns from frames of the same scenes: from a noisy one to the clean one where there is one, else to the mean of the
 * others, whose noise is independent (Noise2Noise). Scenes are held out, and the gate is that of the other frames.
 */
export async function learnFromPairs(run: LearningRun): Promise<Learnt> {
  const { request, signal } = run;
  const { parts, photos, problems } = await readScenes(signal, request.pairs, (fraction) => {
    run.tell({ type: 'reading', fraction });
  });
  const heldOut = parts.filter((part) => part.heldOut);
  const windows = heldOut.map((part) => againstFrames(framesOf(part), part.clean && toPlanes(part.clean)));
  await run.show(windows);
  const cameras = measureCameras(parts.map(differenceOf));
  const round = { round: 1, rounds: 1 };
  run.tell({
    ...{ type: 'measured', ...round, photos, windows: parts.length, heldOut: heldOut.length },
    ...{ cameras, problems: [...problems] },
  });
  const folder = await run.folder(1);
  const pairs = join(folder, 'pairs.json');
  await writePairs(pairs, await writeParts(run, join(folder, 'pairs'), parts));
  const recipe = pairsRecipe({
    ...{ net: run.parent, pairs, rate: request.rate, seed: request.seed },
    description: 'Frames of the same scenes.',
  });
  const sources = await writeCleanest(run, join(folder, 'sources'), parts);
  const enough = mostSteps('pairs', parts.length - heldOut.length);
  const report = await run.train({ ...round, recipe, photos: sources, init: run.parent, mostSteps: enough });
  const model = await run.settle(report.model);
  return {
    model,
    photos,
    cameras,
    recipe,
    scores: report.scores,
    before: report.before,
    rounds: [1],
    verdict: await run.judge(model, windows),
  };
}

const framesOf = ({ frames }: ScenePart): PlanarImage[] => frames.map(toPlanes);

/** A part's first frame, and the same with as much less of its noise as the difference of the frames tells. */
function differenceOf({ frames, clean, camera, photo, heldOut }: ScenePart): SmoothedWindow {
  const noisy = toPlanes(frames[0]!);
  const others = clean === null ? frames.slice(1) : [clean];
  const target = meanOfPlanes(others.map(toPlanes)).data;
  // The mean of m noisy frames adds 1/m of the variance to the difference.
  const share = clean === null ? Math.sqrt(others.length / (others.length + 1)) : 1;
  const smooth = noisy.data.map((value, i) => value - share * (value - target[i]!));
  return { window: { pixels: frames[0]!, camera, photo, heldOut }, noisy, smooth: { ...noisy, data: smooth } };
}

/** Writes the parts as pictures, and gives the list of them. */
async function writeParts(run: LearningRun, folder: string, parts: readonly ScenePart[]): Promise<PairGroup[]> {
  const writer = await PictureWriter.in(folder);
  const groups: PairGroup[] = [];
  for (const [index, { frames, clean, heldOut }] of parts.entries()) {
    const name = String(index).padStart(4, '0');
    const paths: string[] = [];
    for (const [number, frame] of frames.entries()) {
      run.goOn();
      paths.push(await writer.write(`${name}-${number + 1}`, frame));
    }
    groups.push({
      frames: paths,
      clean: clean === null ? null : await writer.write(`${name}-clean`, clean),
      heldOut,
    });
  }
  return groups;
}

/** Writes what the general mix of noise is put on: the clean frame or the mean of all, denoised; and the same at half size. */
async function writeCleanest(run: LearningRun, folder: string, parts: readonly ScenePart[]): Promise<string[]> {
  const writer = await PictureWriter.in(folder);
  await run.withNet(run.parent, async (net) => {
    for (const [index, part] of parts.entries()) {
      if (part.heldOut) continue;
      run.goOn();
      const name = String(index).padStart(4, '0');
      const image = part.clean ? toPlanes(part.clean) : await net.denoise(meanOfPlanes(framesOf(part)), 1);
      await writer.write(name, image);
      await writer.write(`${name}-half`, halvedImage(image));
    }
  });
  return writer.paths;
}
