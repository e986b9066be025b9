import type { EngineParams, EngineResult } from '../../../preload/engine-protocol.js';
import type { ExportedVariation } from '../../../preload/generate/generate-calls.js';
import type { VariationRecipe } from '../../../preload/generate/recipe.js';
import { AppError, toWireError } from '../../core/errors.js';
import { refuseTarget, writeAtomically } from '../atomic-file.js';
import { carrierRoom } from '../codec/carrier.js';
import { allocatePixels } from '../codec/pixel-buffer.js';
import { encodeImage, type DecodedImage } from '../codec.js';
import { denoiseInPlace } from '../denoise-image.js';
import { settleSettings } from '../model-fit.js';
import { PRIORITY } from '../mutex.js';
import type { Give, Report } from '../service.js';
import { applyWhole, PhotoChanges } from './changes.js';
import { denoisedWith, identify } from './content.js';
import { markingPacket } from './marking.js';
import { stopIfAborted, type Workbench } from './workbench.js';

/** Variations at full resolution: the photo is denoised once, each change applied to a copy. */

/** Share of a call's progress that denoising is. */
const DENOISE_SHARE = 0.7;

/** Writes the variations of one photo. One that fails stops no other. */
export async function exportVariations(
  signal: AbortSignal,
  request: EngineParams<'exportVariations'>,
  report: Report,
  give: Give<'exportVariations'>,
  bench: Workbench,
): Promise<EngineResult<'exportVariations'>> {
  const startedAt = performance.now();
  const { photo: path, runtime, items } = request;
  const photo = await identify(path);
  return bench.decoded(signal, path, report, async (image) => {
    const size = image.width * image.height;
    const { vae, changes, places, noise, denoise } = await bench.infer(PRIORITY.photo, signal, async (pause) => {
      const vae = await bench.vaes.open(request.vae, runtime);
      const changes = await PhotoChanges.of(vae, image);
      const places = [];
      for (const { steps } of items) places.push(await changes.follow(steps).catch(failure));
      const { settings } = await settleSettings(signal, image, request.settings, runtime, bench.nets, pause);
      const denoise = await denoisedWith(settings, runtime, bench.nets.models);
      const { noise } = await denoiseInPlace(
        signal,
        image,
        settings,
        runtime,
        bench.nets,
        (fraction) => {
          report('denoise', DENOISE_SHARE * fraction, size * fraction);
        },
        pause,
      );
      return { vae, changes, places, noise, denoise };
    });
    const done: ExportedVariation[] = [];
    for (const [index, { steps, output }] of items.entries()) {
      stopIfAborted(signal);
      const recipe: VariationRecipe = {
        version: 1,
        made: 'variation',
        vae: vae.hashes,
        photo,
        steps,
        denoise,
      };
      const rules = { overwrite: output.overwrite, source: path };
      const write = async (): Promise<string[]> => {
        const place = places[index]!;
        if (place instanceof AppError) throw place;
        await refuseTarget(output.path, rules);
        const field = changes.fit(place, image);
        const copy = index === items.length - 1 ? image : copyOf(image);
        if (field !== null) await applyWhole(signal, copy, field);
        const mark = markingPacket(recipe);
        const { notes } = await writeAtomically(output.path, rules, (temp) =>
          encodeImage(copy, image.source, temp, request.encode, signal, mark),
        );
        return notes;
      };
      const outcome = await write().catch(failure);
      if (outcome instanceof AppError && outcome.code === 'engine/cancelled') throw outcome;
      const failed = outcome instanceof AppError;
      const item = {
        output: output.path,
        recipe,
        notes: failed ? [] : outcome,
        error: failed ? toWireError(outcome) : null,
      };
      done.push(item);
      give(item);
      report('encode', DENOISE_SHARE + ((1 - DENOISE_SHARE) * done.length) / items.length, size);
    }
    return { width: image.width, height: image.height, noise, items: done, ms: performance.now() - startedAt };
  });
}

const failure = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  throw error;
};

function copyOf(image: DecodedImage): DecodedImage {
  const data = allocatePixels(image.data.length, image.depth, carrierRoom(image.source));
  data.set(image.data);
  return { ...image, data };
}
