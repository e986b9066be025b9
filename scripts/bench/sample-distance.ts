import { createRandom } from '../../main/core/image/random.js';
import { frechetDistance, standardiser } from '../../main/core/latent/frechet.js';
import { pictureFeatures } from '../../main/core/latent/features.js';
import { fitMixture, sampleMixture } from '../../main/core/latent/mixture.js';
import { decodeImage } from '../../main/engine/codec.js';
import { squareOf } from '../../main/engine/generate/squares.js';
import type { Vae } from '../../main/engine/generate/vae.js';

/** How far samples are from photos. */
export interface SampleDistances {
  /** From samples of the mixture prior. */
  readonly mixture: number;
  /** From samples of N(0, I). */
  readonly normal: number;
  /** From the photos that the prior was fitted to, which no sample comes nearer than. */
  readonly photos: number;
  readonly components: number;
}

/**
 * Frechet distances of plain picture statistics (`pictureFeatures`, each in standard deviations over the photos) from photos
 * that the prior has not seen: every second one is kept from it.
 */
export async function measureSamples(
  vae: Vae,
  paths: readonly string[],
  samples: number,
  seed = 1,
): Promise<SampleDistances> {
  const latents: Float32Array[] = [];
  const [seen, unseen]: [Float64Array[], Float64Array[]] = [[], []];
  for (const [index, path] of paths.entries()) {
    const data = await squareOf(await decodeImage(path), vae.side);
    const features = pictureFeatures({ side: vae.side, data });
    if (index % 2 === 1) unseen.push(features);
    else {
      seen.push(features);
      latents.push((await vae.encode(data)).mean);
    }
  }
  const prior = fitMixture(latents, createRandom(seed));
  const random = createRandom(seed + 1);
  const [mixture, normal]: [Float64Array[], Float64Array[]] = [[], []];
  for (let i = 0; i < samples; i++) {
    mixture.push(pictureFeatures(await vae.decode(sampleMixture(prior, random))));
    normal.push(pictureFeatures(await vae.decode(Float64Array.from({ length: vae.size }, () => random.normal()))));
  }
  const scale = standardiser(unseen);
  const reference = unseen.map(scale);
  const from = (set: readonly Float64Array[]): number => frechetDistance(set.map(scale), reference);
  return {
    mixture: from(mixture),
    normal: from(normal),
    photos: from(seen),
    components: prior.components.length,
  };
}
