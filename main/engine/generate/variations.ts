import { join } from 'node:path';
import type { EngineParams, EngineResult } from '../../../preload/engine-protocol.js';
import type { VariationRecipe, VariationStep } from '../../../preload/generate/recipe.js';
import type { VariationPreview } from '../../../preload/generate/generate-calls.js';
import { writeCacheFile } from '../atomic-file.js';
import { encodePicture, type DecodedImage, type Picture } from '../codec.js';
import { denoiseInPlace } from '../denoise-image.js';
import { settleSettings } from '../model-fit.js';
import { PRIORITY, type Pause } from '../mutex.js';
import type { Report } from '../service.js';
import { choosePrecision } from '../sessions.js';
import { applyWhole, PhotoChanges } from './changes.js';
import type { Compass } from './compass.js';
import { contentName, denoisedWith, identify } from './content.js';
import { writePicture } from './interpolate.js';
import { markingPacket } from './marking.js';
import { contactSheet } from './pictures.js';
import { shownPicture, shrunk } from './squares.js';
import type { Vae } from './vae.js';
import { breathe, stopIfAborted, type Workbench } from './workbench.js';

/** Small pictures of variations of a photo, as the full ones will look. */

/** A photo that is shrunk by more than this has its noise averaged away: below, the small one is denoised. */
const SHRINK_AGAINST_NOISE = 4;

type Request = EngineParams<'variations'>;

/** What the sheets of a photo start from. */
interface Start {
  /** The photo at the previews' size, as stored, without its noise. */
  readonly small: Picture;
  readonly source: DecodedImage['source'];
  readonly changes: PhotoChanges;
  /** What it was denoised with. */
  readonly denoise: VariationRecipe['denoise'];
}

/**
 * The photos varied last: another strength, seed or parent then needs neither their pixels nor the denoiser. They go with
 * their VAE, whose sessions they use.
 */
const starts = new WeakMap<Vae, Map<string, Start>>();
const MOST_STARTS = 4;

/** Makes the previews of one photo. */
export async function previewVariations(
  signal: AbortSignal,
  request: Request,
  report: Report,
  bench: Workbench,
): Promise<EngineResult<'variations'>> {
  const startedAt = performance.now();
  const photo = await identify(request.photo);
  const denoiser = await bench.nets.models.denoiser(request.settings.model, choosePrecision(request.runtime));
  const key = contentName(photo.sha256, request.side, request.settings, denoiser.sha256);
  const open = (): Promise<Vae> => bench.vaes.open(request.vae, request.runtime);
  const made = async (vae: Vae, start: Start): Promise<EngineResult<'variations'>> => {
    const { base, variations } = await sheetOf(signal, request, { vae, start, photo }, report);
    return { photo, base, variations, ms: performance.now() - startedAt };
  };
  const again = await bench.infer(PRIORITY.preview, signal, async () => {
    const vae = await open();
    const start = starts.get(vae)?.get(key);
    return start === undefined ? null : made(vae, start);
  });
  if (again !== null) return again;
  return bench.decoded(signal, request.photo, report, (image) =>
    bench.infer(PRIORITY.preview, signal, async (pause) => {
      const vae = await open();
      const changes = await PhotoChanges.of(vae, image);
      const { runtime, side } = request;
      const { settings } = await settleSettings(signal, image, request.settings, runtime, bench.nets, pause);
      const small = await smallPhoto(signal, image, { side, settings, runtime }, bench, pause);
      const denoise = await denoisedWith(settings, runtime, bench.nets.models);
      const start = { small, source: image.source, changes, denoise };
      keepStart(vae, key, start);
      return made(vae, start);
    }),
  );
}

function keepStart(vae: Vae, key: string, start: Start): void {
  const kept = starts.get(vae) ?? new Map<string, Start>();
  starts.set(vae, kept.set(key, start));
  if (kept.size > MOST_STARTS) kept.delete(kept.keys().next().value!);
}

interface Material {
  readonly vae: Vae;
  readonly start: Start;
  readonly photo: VariationRecipe['photo'];
}

async function sheetOf(
  signal: AbortSignal,
  request: Request,
  { vae, start, photo }: Material,
  report: Report,
): Promise<Pick<EngineResult<'variations'>, 'base' | 'variations'>> {
  const { small, source, changes, denoise } = start;
  const parent = await changes.follow(request.parent);
  const steps = await stepsOf(request, parent);
  const base = await shownPicture(small, source);
  const pictures: Picture[] = [];
  const variations: VariationPreview[] = [];
  for (const { name, step } of steps) {
    stopIfAborted(signal);
    const recipe: VariationRecipe = {
      version: 1,
      made: 'variation',
      vae: vae.hashes,
      photo,
      steps: [...request.parent, step],
      denoise,
    };
    const picture = await changed(signal, start, await parent.after(step));
    const file = await writePreview(request.folder, picture, recipe, request.side);
    const { width, height } = picture;
    variations.push({ recipe, name, file, width, height, distance: rootMeanSquare(base, picture) });
    pictures.push(picture);
    report('generate', variations.length / steps.length, 0);
    await breathe();
  }
  const file = await writePreview(request.folder, base, null, request.side, [photo.sha256, request.settings]);
  if (request.sheet !== null) {
    const recipes = variations.map(({ recipe }) => recipe);
    const mark = markingPacket({ version: 1, made: 'sheet', vae: vae.hashes, variations: recipes });
    await writePicture(request.sheet, contactSheet(pictures), mark);
  }
  return { base: file, variations };
}

/** The photo at the previews' size, without noise: denoised where shrinking alone does not do it. */
async function smallPhoto(
  signal: AbortSignal,
  image: DecodedImage,
  { side, settings, runtime }: Pick<Request, 'side' | 'settings' | 'runtime'>,
  bench: Workbench,
  pause: Pause,
): Promise<Picture> {
  const small = shrunk(image, side);
  if (image.width / small.width >= SHRINK_AGAINST_NOISE) return small;
  const copy: DecodedImage = { ...small, channels: 3, depth: 8, source: image.source };
  await denoiseInPlace(signal, copy, settings, runtime, bench.nets, () => undefined, pause);
  return small;
}

async function stepsOf(
  { kind, count, seed, strength }: Request,
  parent: Compass,
): Promise<{ readonly name: string; readonly step: VariationStep }[]> {
  if (kind === 'around') {
    return Array.from({ length: count }, (_, index) => ({
      name: `variation ${index + 1}`,
      step: { kind: 'around', seed, index, strength },
    }));
  }
  const named = (await parent.named()).slice(0, count);
  return named.map(({ name }) => ({ name, step: { kind: 'direction', name, strength } }));
}

async function changed(signal: AbortSignal, { small, source, changes }: Start, place: Compass): Promise<Picture> {
  const field = changes.fit(place, small);
  const copy: Picture = { ...small, data: small.data.slice() };
  if (field !== null) await applyWhole(signal, copy, field);
  return shownPicture(copy, source);
}

async function writePreview(
  folder: string,
  picture: Picture,
  recipe: VariationRecipe | null,
  side: number,
  key: unknown = recipe,
): Promise<string> {
  const file = join(folder, `${contentName(key, side)}.jpg`);
  const mark = recipe === null ? null : markingPacket(recipe);
  await writeCacheFile(file, await encodePicture(picture, 'jpeg', mark));
  return file;
}

function rootMeanSquare(a: Picture, b: Picture): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += (a.data[i]! - b.data[i]!) ** 2;
  return Math.sqrt(sum / a.data.length);
}
