import type { EngineParams, EngineResult } from '../../../preload/engine-protocol.js';
import type { GeneratedFile } from '../../../preload/generate/generate-calls.js';
import { AppError } from '../../core/errors.js';
import { createRandom } from '../../core/image/random.js';
import { fitMixture, sampleMixture } from '../../core/latent/mixture.js';
import { sampleRandom } from '../../core/noise/sample-random.js';
import { refuseTarget } from '../atomic-file.js';
import { resizePicture } from '../codec.js';
import { PRIORITY } from '../mutex.js';
import type { Report } from '../service.js';
import { writePicture } from './interpolate.js';
import { latentsOf, requireSome } from './latents.js';
import { markingPacket } from './marking.js';
import { pictureOf } from './squares.js';
import { breathe, stopIfAborted, type Workbench } from './workbench.js';

/** New pictures, drawn from the prior of some photos or from the VAE's own. */
export async function sample(
  signal: AbortSignal,
  request: EngineParams<'sample'>,
  report: Report,
  bench: Workbench,
): Promise<EngineResult<'sample'>> {
  const { photos, seed, outputs, side, cache } = request;
  const indices = request.indices ?? outputs.map((_, index) => index);
  if (indices.length !== outputs.length) {
    throw new AppError('usage/invalid', `${outputs.length} files need as many samples, not ${indices.length}`);
  }
  for (const { path, overwrite } of outputs) await refuseTarget(path, { overwrite });
  const vae = await bench.infer(PRIORITY.photo, signal, () => bench.vaes.open(request.vae, request.runtime));
  const half: Report = (stage, fraction, pixels) => {
    report(stage, fraction / 2, pixels);
  };
  const { known, problems } = await latentsOf(signal, photos, vae, cache, half, bench);
  if (photos.length > 0) requireSome(known, 1, problems);
  const latents = known.map(({ latent }) => latent);
  const prior = latents.length > 0 ? fitMixture(latents, createRandom(seed)) : null;
  const files: GeneratedFile[] = [];
  for (const [at, output] of outputs.entries()) {
    stopIfAborted(signal);
    const index = indices[at]!;
    const random = sampleRandom(seed, index, 0);
    const latent =
      prior === null ? Float64Array.from({ length: vae.size }, () => random.normal()) : sampleMixture(prior, random);
    const decoded = await bench.infer(PRIORITY.photo, signal, () => vae.decode(latent));
    const picture = await resizePicture(pictureOf(decoded), side, side);
    const recipe = {
      version: 1 as const,
      made: 'sample' as const,
      vae: vae.hashes,
      photos: known.map(({ photo }) => photo),
      seed,
      index,
    };
    await writePicture(output, picture, markingPacket(recipe));
    files.push({ output: output.path, recipe, width: side, height: side });
    report('generate', 0.5 + (at + 1) / outputs.length / 2, 0);
    await breathe();
  }
  return { files, components: prior?.components.length ?? 0, problems };
}
