import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gradientCorrelation, haloOf } from '../../main/core/latent/detail.js';
import { decodeImage, type DecodedImage } from '../../main/engine/codec.js';
import { applyWhole, PhotoChanges } from '../../main/engine/generate/changes.js';
import { VaeStore, type Vae } from '../../main/engine/generate/vae.js';
import { EngineService } from '../../main/engine/service.js';
import { DEFAULT_DENOISE, DEFAULT_RUNTIME } from '../../preload/contract.js';
import type { VariationsRequest } from '../../preload/generate/generate-calls.js';
import type { VariationStep } from '../../preload/generate/recipe.js';
import { ROOT } from '../support/cli.js';
import { SAMPLES } from '../support/images.js';
import { printFinding, timeFinding, type Finding } from './finding.js';
import { writeLargePhoto } from './photos.js';
import { measureSamples } from './sample-distance.js';

/**
 * `npm run bench -- generate [--data DIR]`: what previews cost, how much detail variations keep, and, with a folder of
 * photos, how far samples of the priors are from photos.
 */

const PREVIEWS_BUDGET_MS = 5000;
const MEGAPIXELS = 12;
const LEAST_CORRELATION = 0.98;
/** Share of the change that may differ beside an edge, texture included. */
const MOST_HALO = 0.25;
/** Photos of the folder that variations are measured on. */
const MEASURED_PHOTOS = 12;
const SEEDS = [1, 2, 3] as const;

const signal = new AbortController().signal;
const unheard = (): undefined => undefined;

/** True when each figure keeps to its budget. */
export async function benchGenerate(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: { data: { type: 'string' }, samples: { type: 'string', default: '200' } },
  });
  const models = path.join(ROOT, 'models');
  const vae = await new VaeStore(models).open(null, DEFAULT_RUNTIME);
  const findings: Finding[] = [];
  const tell = (found: readonly Finding[]): void => {
    found.forEach(printFinding);
    findings.push(...found);
  };
  tell(await previewTimes(models));
  const photos = values.data === undefined ? [] : await photosIn(values.data);
  const own = (await photosIn(SAMPLES)).concat(everyNth(photos, MEASURED_PHOTOS));
  tell(await detailKept(vae, own));
  if (photos.length > 1) tell([await sampleDistance(vae, photos, Number(values.samples))]);
  else console.log('samples: not measured; --data names a folder of photos');
  return findings.every(({ ok }) => ok);
}

async function photosIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => /\.(jpe?g|png|webp|tiff?)$/i.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

const everyNth = (list: readonly string[], count: number): string[] =>
  list.filter((_, i) => i % Math.max(1, Math.floor(list.length / count)) === 0).slice(0, count);

/** The first time with opening the models, then again, as when someone moves the slider. */
async function previewTimes(models: string): Promise<Finding[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-bench-'));
  try {
    const photo = path.join(folder, 'large.jpg');
    await writeLargePhoto(photo, MEGAPIXELS, 1);
    const findings: Finding[] = [];
    for (const kind of ['around', 'directions'] as const) {
      const service = new EngineService(models);
      for (const when of ['first', 'again'] as const) {
        const request: VariationsRequest = {
          vae: null,
          runtime: DEFAULT_RUNTIME,
          photo,
          parent: [],
          kind,
          count: 9,
          strength: 1,
          seed: 1,
          settings: DEFAULT_DENOISE,
          folder,
          side: 480,
          sheet: null,
        };
        const start = performance.now();
        await service.variations(signal, request, unheard);
        const what = `9 previews of ${MEGAPIXELS} megapixels, ${kind}, ${when}`;
        findings.push(timeFinding(what, performance.now() - start, PREVIEWS_BUDGET_MS));
      }
    }
    return findings;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Detail and halos at the default strength, the worst over all photos and seeds. */
async function detailKept(vae: Vae, photos: readonly string[]): Promise<Finding[]> {
  let [least, most, sum, count] = [1, 0, 0, 0];
  for (const photo of photos) {
    const image = await decodeImage(photo);
    const changes = await PhotoChanges.of(vae, image);
    const correlations: number[] = [];
    for (const seed of SEEDS) {
      const step: VariationStep = { kind: 'around', seed, index: 0, strength: 1 };
      const varied = await apply(image, changes, step);
      correlations.push(gradientCorrelation(image, varied));
      const halo = haloOf(image, varied);
      most = Math.max(most, halo);
      sum += halo;
      count++;
    }
    least = Math.min(least, ...correlations);
    console.log(`  ${path.basename(photo)}: gradient correlation ${correlations.map((x) => x.toFixed(4)).join(' ')}`);
  }
  return [
    {
      what: `least gradient correlation of ${count} variations`,
      figure: least.toFixed(4),
      budget: `at least ${LEAST_CORRELATION}`,
      ok: least >= LEAST_CORRELATION,
    },
    {
      what: 'halo at strong edges, mean over variations',
      figure: `${(sum / count).toFixed(2)} of the change (largest ${most.toFixed(2)})`,
      budget: `under ${MOST_HALO}`,
      ok: sum / count < MOST_HALO,
    },
  ];
}

async function apply(image: DecodedImage, changes: PhotoChanges, step: VariationStep): Promise<DecodedImage> {
  const copy = { ...image, data: image.data.slice() };
  const field = changes.fit(await changes.follow([step]), image);
  if (field !== null) await applyWhole(signal, copy, field);
  return copy;
}

async function sampleDistance(vae: Vae, photos: readonly string[], samples: number): Promise<Finding> {
  const found = await measureSamples(vae, photos, samples);
  console.log(
    `  ${photos.length} photos, half of them seen: a mixture of ${found.components}; Frechet distance of picture statistics ` +
      `from the unseen half: mixture ${found.mixture.toFixed(2)}, N(0, I) ${found.normal.toFixed(2)}, seen photos ${found.photos.toFixed(2)}`,
  );
  return {
    what: "samples' distance from photos, mixture beside N(0, I)",
    figure: `${(found.mixture / found.normal).toFixed(2)}x`,
    budget: 'under 1x',
    ok: found.mixture < found.normal,
  };
}
