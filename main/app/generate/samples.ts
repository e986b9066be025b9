import type { CallParams, CallResult, GeneratedExport } from '../../../preload/contract.js';
import type { OutputFile } from '../../../preload/generate/generate-calls.js';
import { SAMPLE_PX } from '../../../preload/generate/limits.js';
import type { Library } from '../library/library.js';
import { NewestWins } from '../view/newest-wins.js';
import type { Deliveries } from './deliveries.js';
import type { GeneratedPictures } from './generated-pictures.js';
import type { GenerationDesk } from './generation-desk.js';

export interface SamplesOptions {
  readonly desk: GenerationDesk;
  readonly library: Library;
  readonly pictures: GeneratedPictures;
  readonly deliveries: Deliveries;
  /** Folder where latents of photos are kept. */
  readonly latents: string;
}

/** New pictures from the prior of photos. */
export class Samples {
  readonly #turn = new NewestWins();

  constructor(private readonly options: SamplesOptions) {}

  make(signal: AbortSignal, request: CallParams<'generate.samples'>): Promise<CallResult<'generate.samples'>> {
    return this.#turn.run(signal, async (own) => {
      const { desk, library, pictures, latents } = this.options;
      const { ticket, seed, count } = request;
      const photos = request.photos.map((id) => library.get(id).path);
      const vae = await desk.vae(request.vae);
      const outputs = await pictures.row(count, '.jpg');
      try {
        const { files, components, problems } = await desk.call(
          own,
          'sample',
          (runtime) => ({
            vae,
            runtime,
            photos,
            seed,
            side: SAMPLE_PX,
            outputs: outputs.map(({ path }) => ({ path, overwrite: true })),
            indices: null,
            cache: latents,
          }),
          desk.progress(ticket),
        );
        return {
          pictures: await Promise.all(files.map(({ output, width, height }) => pictures.serve(output, width, height))),
          components,
          unused: problems.length,
        };
      } catch (error) {
        await pictures.discard(outputs);
        throw error;
      }
    });
  }

  async export(signal: AbortSignal, request: CallParams<'generate.exportSamples'>): Promise<GeneratedExport> {
    const { desk, library, deliveries, latents } = this.options;
    const { ticket, seed, indices, export: settings } = request;
    const photos = request.photos.map((id) => library.get(id).path);
    const vae = await desk.vae(request.vae);
    const delivery = await deliveries.open(settings, photos[0] ?? null);
    try {
      const outputs: OutputFile[] = [];
      for (const index of indices) outputs.push(await delivery.place(`sample-${seed}.${index + 1}.png`));
      const { files } = await desk.call(
        signal,
        'sample',
        (runtime) => ({ vae, runtime, photos, seed, side: SAMPLE_PX, outputs, indices, cache: latents }),
        desk.progress(ticket),
      );
      return delivery.finish(files.map(({ output }) => ({ output, notes: [], error: null })));
    } catch (error) {
      await delivery.abandon();
      throw error;
    }
  }
}
