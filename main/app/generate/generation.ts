import { join } from 'node:path';
import type { DenoiseSettings, PhotoId } from '../../../preload/contract.js';
import type { Download } from '../export/downloads.js';
import type { GenerationCallName } from '../../../preload/contract/generate-names.js';
import type { Handlers } from '../handlers.js';
import type { ImagePool } from '../images.js';
import type { Library } from '../library/library.js';
import type { ModelLibrary } from '../model-library.js';
import type { Platform } from '../platform.js';
import { Between } from './between.js';
import { Deliveries, type DeliveriesOptions } from './deliveries.js';
import { GeneratedPictures } from './generated-pictures.js';
import { GenerationDesk, type DeskOptions } from './generation-desk.js';
import { LibraryMaps } from './library-map.js';
import { Samples } from './samples.js';
import { Variations } from './variations.js';

export interface GenerationOptions extends DeskOptions, Omit<DeliveriesOptions, 'folder'> {
  readonly library: Library;
  readonly models: Pick<ModelLibrary, 'promoted' | 'forUse'>;
  readonly settingsOf: (photo: PhotoId) => DenoiseSettings;
  /** For previews; owns its files. */
  readonly images: ImagePool;
  /** Folder of this process alone. */
  readonly session: string;
  /** Folder where latents of photos are kept for good; the command's own, too. */
  readonly latents: string;
}

/** Everything behind the window's Generate view. */
export class Generation {
  readonly #variations: Variations;
  readonly #between: Between;
  readonly #samples: Samples;
  readonly #maps: LibraryMaps;
  readonly #deliveries: Deliveries;

  constructor(options: GenerationOptions) {
    const { library, models, settingsOf, latents, session } = options;
    const desk = new GenerationDesk(options);
    const pictures = new GeneratedPictures(join(session, 'generated'), options.images);
    this.#deliveries = new Deliveries({ ...options, folder: join(session, 'generated-downloads') });
    const common = { desk, library, pictures, deliveries: this.#deliveries };
    this.#variations = new Variations({ ...common, models, settingsOf });
    this.#between = new Between(common);
    this.#samples = new Samples({ ...common, latents });
    this.#maps = new LibraryMaps({ ...common, latents });
  }

  /** A zip that an export prepared, once; null: none of this id. */
  takeDownload(id: string): Promise<Download | null> {
    return this.#deliveries.takeDownload(id);
  }

  /** What answers the window's requests. */
  handlers(platform: Pick<Platform, 'reveal'>): Pick<Handlers, GenerationCallName> {
    return {
      'generate.variations': (request, signal) => this.#variations.sheet(signal, request),
      'generate.look': (request, signal) => this.#variations.look(signal, request),
      'generate.exportVariations': (request, signal) => this.#variations.export(signal, request),
      'generate.between': (request, signal) => this.#between.frames(signal, request),
      'generate.exportBetween': (request, signal) => this.#between.export(signal, request),
      'generate.samples': (request, signal) => this.#samples.make(signal, request),
      'generate.exportSamples': (request, signal) => this.#samples.export(signal, request),
      'generate.map': (request, signal) => this.#maps.map(signal, request),
      'generate.points': (request, signal) => this.#maps.points(signal, request),
      'generate.reveal': () =>
        Promise.resolve().then(() => {
          platform.reveal(this.#deliveries.last);
          return {};
        }),
    };
  }
}
