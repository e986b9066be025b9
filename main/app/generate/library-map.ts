import type { CallParams, CallResult, PhotoId } from '../../../preload/contract.js';
import type { Library } from '../library/library.js';
import { NewestWins } from '../view/newest-wins.js';
import type { GeneratedPictures } from './generated-pictures.js';
import type { GenerationDesk } from './generation-desk.js';

/** Most similar photos that each is given. */
const NEIGHBOURS = 8;
/** Side of a picture at a point, in pixels. */
const POINT_PX = 384;

export interface LibraryMapOptions {
  readonly desk: GenerationDesk;
  readonly library: Library;
  readonly pictures: GeneratedPictures;
  /** Folder where latents of photos are kept. */
  readonly latents: string;
}

/** The map of the library, and what lies between its photos. */
export class LibraryMaps {
  readonly #mapTurn = new NewestWins();
  readonly #pointTurn = new NewestWins();

  constructor(private readonly options: LibraryMapOptions) {}

  map(
    signal: AbortSignal,
    { ticket, photos, vae: chosen }: CallParams<'generate.map'>,
  ): Promise<CallResult<'generate.map'>> {
    return this.#mapTurn.run(signal, async (own) => {
      const { desk, latents } = this.options;
      const ids = this.#idsByPath(photos);
      const vae = await desk.vae(chosen);
      const { points, explained, problems } = await desk.call(
        own,
        'latentMap',
        (runtime) => ({
          vae,
          runtime,
          photos: [...ids.keys()],
          cache: latents,
          neighbours: NEIGHBOURS,
          file: null,
          picture: null,
          side: POINT_PX,
        }),
        desk.progress(ticket),
      );
      const idOf = (path: string): PhotoId => ids.get(path)!;
      return {
        points: points.map(({ path, x, y, neighbours }) => ({
          photo: idOf(path),
          x,
          y,
          neighbours: neighbours.map(({ index, distance }) => ({ photo: idOf(points[index]!.path), distance })),
        })),
        explained,
        problems: problems.map(({ path, error }) => ({ photo: idOf(path), error })),
      };
    });
  }

  points(signal: AbortSignal, request: CallParams<'generate.points'>): Promise<CallResult<'generate.points'>> {
    return this.#pointTurn.run(signal, async (own) => {
      const { desk, pictures, latents } = this.options;
      const { ticket, points, detail } = request;
      const ids = this.#idsByPath(request.photos);
      const vae = await desk.vae(request.vae);
      const folder = await pictures.ready();
      const tell = desk.progress(ticket);
      const made = [];
      for (const [index, { x, y }] of points.entries()) {
        const { file, width, height, nearest } = await desk.call(
          own,
          'latentPoint',
          (runtime) => ({
            vae,
            runtime,
            photos: [...ids.keys()],
            cache: latents,
            x,
            y,
            detail,
            folder,
            side: POINT_PX,
          }),
          (fraction) => {
            tell((index + fraction) / points.length);
          },
        );
        made.push({ picture: await pictures.serve(file, width, height), nearest: ids.get(nearest)! });
      }
      return { pictures: made };
    });
  }

  /** @throws AppError input/not-found for a photo that is not in the library any more */
  #idsByPath(photos: readonly PhotoId[]): Map<string, PhotoId> {
    return new Map(photos.map((id) => [this.options.library.get(id).path, id]));
  }
}
