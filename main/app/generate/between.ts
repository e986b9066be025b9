import { basename, extname } from 'node:path';
import type { CallParams, CallResult, GeneratedExport } from '../../../preload/contract.js';
import type { OutputFile } from '../../../preload/generate/generate-calls.js';
import { numberedNames } from '../generated-names.js';
import type { Library } from '../library/library.js';
import { safeName } from '../safe-name.js';
import { NewestWins } from '../view/newest-wins.js';
import type { Deliveries } from './deliveries.js';
import type { GeneratedPictures } from './generated-pictures.js';
import type { GenerationDesk } from './generation-desk.js';

/** Longest side of a frame on the screen, in pixels. */
const FRAME_PX = 480;
const MAX_STEM_CHARS = 40;

export interface BetweenOptions {
  readonly desk: GenerationDesk;
  readonly library: Library;
  readonly pictures: GeneratedPictures;
  readonly deliveries: Deliveries;
}

/** Ways between photos: frames for the screen, and files of them. */
export class Between {
  readonly #turn = new NewestWins();

  constructor(private readonly options: BetweenOptions) {}

  frames(signal: AbortSignal, request: CallParams<'generate.between'>): Promise<CallResult<'generate.between'>> {
    return this.#turn.run(signal, async (own) => {
      const { desk, pictures } = this.options;
      const { ticket, frames, closed, detail } = request;
      const photos = await this.#paths(request.photos);
      const vae = await desk.vae(request.vae);
      const outputs = await pictures.row(frames, '.jpg');
      try {
        const { files } = await desk.call(
          own,
          'interpolate',
          (runtime) => ({
            vae,
            runtime,
            photos,
            frames,
            closed,
            detail,
            side: FRAME_PX,
            // What an engine that died has written is written again.
            outputs: outputs.map(({ path }) => ({ path, overwrite: true })),
            animation: null,
          }),
          desk.progress(ticket),
        );
        return {
          frames: await Promise.all(files.map(({ output, width, height }) => pictures.serve(output, width, height))),
        };
      } catch (error) {
        await pictures.discard(outputs);
        throw error;
      }
    });
  }

  async export(signal: AbortSignal, request: CallParams<'generate.exportBetween'>): Promise<GeneratedExport> {
    const { desk, deliveries } = this.options;
    const { ticket, frames, closed, detail, side, as, framesPerSecond, export: settings } = request;
    const photos = await this.#paths(request.photos);
    const vae = await desk.vae(request.vae);
    const delivery = await deliveries.open(settings, photos[0]!);
    try {
      const stems = [photos[0]!, photos.at(-1)!].map((path) => basename(path, extname(path)).slice(0, MAX_STEM_CHARS));
      const stem = stems.join('-to-');
      const names = as === 'animation' ? [safeName(stem, '.webp')] : numberedNames(safeName(stem, ''), frames, '.png');
      const files: OutputFile[] = [];
      for (const name of names) files.push(await delivery.place(name));
      const written = await desk.call(
        signal,
        'interpolate',
        (runtime) => ({
          vae,
          runtime,
          photos,
          frames,
          closed,
          detail,
          side,
          outputs: as === 'frames' ? files : [],
          animation: as === 'animation' ? { ...files[0]!, framesPerSecond } : null,
        }),
        desk.progress(ticket),
      );
      return delivery.finish(written.files.map(({ output }) => ({ output, notes: [], error: null })));
    } catch (error) {
      await delivery.abandon();
      throw error;
    }
  }

  async #paths(photos: CallParams<'generate.between'>['photos']): Promise<string[]> {
    const records = await Promise.all(photos.map((id) => this.options.library.refresh(id)));
    return records.map(({ path }) => path);
  }
}
