import type { CallParams, CallResult, DenoiseSettings, GeneratedExport, PhotoId } from '../../../preload/contract.js';
import type { ExportedVariation, OutputFile } from '../../../preload/generate/generate-calls.js';
import type { VariationSteps } from '../../../preload/generate/recipe.js';
import type { z } from 'zod';
import { AUTO_MODEL, modelForPreview } from '../auto-model.js';
import { resolvedChoice } from '../choose-model.js';
import { variationName } from '../generated-names.js';
import type { Library } from '../library/library.js';
import type { ModelLibrary } from '../model-library.js';
import { NewestWins } from '../view/newest-wins.js';
import type { Deliveries } from './deliveries.js';
import type { GeneratedPictures } from './generated-pictures.js';
import type { GenerationDesk } from './generation-desk.js';

/** Longest side of a variation on a sheet, in pixels. */
const SHEET_PX = 480;
/** Of one that is looked at closely: a photo of 12 megapixels is shrunk so far that its noise need not be removed first. */
const LOOK_PX = 960;

type Steps = z.infer<typeof VariationSteps>;

export interface VariationsOptions {
  readonly desk: GenerationDesk;
  readonly library: Library;
  readonly models: Pick<ModelLibrary, 'promoted' | 'forUse'>;
  /** How a photo is denoised: its own settings, or the defaults. */
  readonly settingsOf: (photo: PhotoId) => DenoiseSettings;
  readonly pictures: GeneratedPictures;
  readonly deliveries: Deliveries;
}

/** Variations of photos: sheets of small ones, one that is looked at, files at full resolution. */
export class Variations {
  /** Sheets and looks: whoever looks at one waits for no other. */
  readonly #turn = new NewestWins();

  constructor(private readonly options: VariationsOptions) {}

  sheet(signal: AbortSignal, request: CallParams<'generate.variations'>): Promise<CallResult<'generate.variations'>> {
    return this.#turn.run(signal, async (own) => {
      const { ticket, photo, ...wanted } = request;
      const report = await this.#preview(own, ticket, photo, { ...wanted, side: SHEET_PX });
      const { pictures } = this.options;
      const variations = [];
      for (const { file, width, height, name, recipe, distance } of report.variations) {
        variations.push({ picture: await pictures.serve(file, width, height), name, recipe, distance });
      }
      const { width, height } = report.variations[0] ?? { width: SHEET_PX, height: SHEET_PX };
      return { base: await pictures.serve(report.base, width, height), variations };
    });
  }

  look(signal: AbortSignal, request: CallParams<'generate.look'>): Promise<CallResult<'generate.look'>> {
    return this.#turn.run(signal, async (own) => {
      const { ticket, vae, photo, steps } = request;
      // A step of no strength stays where the steps before it lead.
      const still = { kind: 'around', count: 1, strength: 0, seed: 0 } as const;
      const report = await this.#preview(own, ticket, photo, { ...still, vae, parent: steps, side: LOOK_PX });
      const { file, width, height } = report.variations[0]!;
      const { image: base } = await this.options.pictures.serve(report.base, width, height);
      return { picture: await this.options.pictures.serve(file, width, height), base };
    });
  }

  async export(
    signal: AbortSignal,
    { ticket, vae: chosen, photo: id, items, export: settings }: CallParams<'generate.exportVariations'>,
  ): Promise<GeneratedExport> {
    const { desk, library, deliveries } = this.options;
    const photo = await library.refresh(id);
    const denoise = await this.#denoising(signal, id, photo.path);
    const vae = await desk.vae(chosen);
    const delivery = await deliveries.open(settings, photo.path);
    try {
      const files: { steps: Steps; output: OutputFile }[] = [];
      for (const { name, steps } of items) {
        const label = fileLabel(name, steps);
        files.push({ steps, output: await delivery.place(variationName(photo.path, label, settings.encode.format)) });
      }
      let left = files;
      const done: ExportedVariation[] = [];
      const request = { vae, photo: photo.path, settings: denoise, encode: settings.encode };
      await desk
        .call(
          signal,
          'exportVariations',
          // After a death of the engine those that are written are not written again.
          (runtime) => ({ ...request, runtime, items: left }),
          desk.progress(ticket),
          (file) => {
            done.push(file);
            left = left.filter(({ output }) => output.path !== file.output);
          },
        )
        .catch((error: unknown) => {
          if (left.length > 0) throw error;
        });
      return delivery.finish(done);
    } catch (error) {
      await delivery.abandon();
      throw error;
    }
  }

  async #preview(
    signal: AbortSignal,
    ticket: number,
    id: PhotoId,
    { vae: chosen, ...wanted }: Omit<CallParams<'generate.variations'>, 'ticket' | 'photo'> & { readonly side: number },
  ) {
    const { desk, library, pictures } = this.options;
    const photo = await library.refresh(id);
    const settings = await this.#denoising(signal, id, photo.path);
    const vae = await desk.vae(chosen);
    const folder = await pictures.ready();
    return desk.call(
      signal,
      'variations',
      (runtime) => ({ vae, runtime, photo: photo.path, settings, folder, sheet: null, ...wanted }),
      desk.progress(ticket),
    );
  }

  /** A photo's settings with the model as the engine knows it. */
  async #denoising(signal: AbortSignal, id: PhotoId, input: string): Promise<DenoiseSettings> {
    const { desk, models, settingsOf } = this.options;
    const settings = settingsOf(id);
    const { camera } =
      settings.model === AUTO_MODEL ? await desk.engine.call(signal, 'camera', { input }) : { camera: null };
    const chosen = await modelForPreview({ model: settings.model, camera }, models);
    return { ...settings, ...resolvedChoice(settings, chosen) };
  }
}

/** Longest part of a file's name that its steps are written in, in characters. */
const MAX_LABEL_CHARS = 80;

/** What a variation's file is called after its photo's name: what it is, and the seed that it can be made again by. */
export function fileLabel(name: string, steps: Steps): string {
  const parts = steps.map((step) => (step.kind === 'around' ? `${step.seed}.${step.index + 1}` : step.name));
  const label = parts.length === 0 ? name : parts.join('-');
  // Steps of its own are many only in a deep tree: the last ones tell it from its neighbours.
  return label.slice(-MAX_LABEL_CHARS);
}
