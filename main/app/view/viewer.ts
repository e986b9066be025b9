import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  TILE_PX,
  type CallParams,
  type PhotoId,
  type PhotoView,
  type PreviewReport,
  type PreviewRequest,
  type RawImage,
} from '../../../preload/contract.js';
import { AppError, toWireError } from '../../core/errors.js';
import { EngineDeath } from '../engine-errors.js';
import type { Engine } from '../engine-supervisor.js';
import { RAW_PIXELS, type ImagePool } from '../images.js';
import type { Library } from '../library/library.js';
import { NewestWins } from './newest-wins.js';
import type { Opened, OpenedPhotos } from './opened-photos.js';
import type { Previews } from './previews.js';

const BYTES_PER_PIXEL = 4;

export interface ViewerOptions {
  readonly library: Library;
  /** The imaging engine. */
  readonly engine: Engine;
  readonly opened: OpenedPhotos;
  readonly previews: Previews;
  readonly tiles: ImagePool;
  /** For the files of tiles. */
  readonly folder: string;
}

/** Shows single photos: what they are, their pixels in tiles, and previews of what denoising makes of them. */
export class Viewer {
  readonly #turn = new NewestWins();

  constructor(private readonly options: ViewerOptions) {}

  /** Unpacks a photo, if it is not, and says what it is. */
  open(signal: AbortSignal, photo: PhotoId): Promise<PhotoView> {
    return this.#with(signal, photo, ({ info, lut }) => {
      const { width, height, levels, format, depth, hasAlpha, neutral, camera } = info;
      this.options.library.learn(photo, { width, height, format });
      return Promise.resolve({ photo, width, height, levels, format, depth, hasAlpha, neutral, lut, camera });
    });
  }

  /** The pixels of a tile. @throws AppError request/invalid when the photo has no such tile */
  tile(signal: AbortSignal, { photo, level, column, row }: CallParams<'photo.tile'>): Promise<RawImage> {
    return this.#with(signal, photo, async ({ folder, info, tiles }) => {
      const region = tileRegion(info.levels[level], column, row);
      const { width, height } = region;
      const place = `${level}/${column}/${row}`;
      const known = tiles.get(place);
      if (known !== undefined && this.options.tiles.has(known)) return { image: known, width, height };
      const output = join(this.options.folder, `tile-${randomBytes(8).toString('hex')}`);
      await mkdir(this.options.folder, { recursive: true, mode: 0o700 });
      await this.options.engine.call(signal, 'region', { folder, level, region, output });
      const image = this.options.tiles.add(output, RAW_PIXELS, width * height * BYTES_PER_PIXEL);
      tiles.set(place, image);
      return { image, width, height };
    });
  }

  /** Denoises a region for the screen. One that is under way ends for a newer one. */
  preview(signal: AbortSignal, request: PreviewRequest): Promise<PreviewReport> {
    return this.#turn.run(signal, async (own) => {
      const make = (opened: Opened): Promise<PreviewReport> => this.options.previews.make(own, opened, request);
      // Previews see to deaths of their own engine themselves.
      const report = await this.#with(own, request.photo, make, false);
      this.#judge(request, report);
      return report;
    });
  }

  #judge({ photo, level, sigma }: PreviewRequest, { noise, trust }: PreviewReport): void {
    const { library } = this.options;
    if (level !== 0 || !library.has(photo)) return;
    // A part of the photo tells less of its noise than a measurement of the whole, and a given level nothing.
    const isNews = sigma === null && library.get(photo).noise === null;
    library.judge(photo, isNews ? noise : null, trust);
  }

  /** Works on an opened photo; once more when the imaging engine died, or the cache was emptied meanwhile. */
  async #with<T>(
    signal: AbortSignal,
    photo: PhotoId,
    work: (opened: Opened) => Promise<T>,
    mayRepeat = true,
  ): Promise<T> {
    const { library, opened } = this.options;
    const record = await library.refresh(photo);
    try {
      return await opened.use(signal, record, work);
    } catch (error) {
      if (signal.aborted) throw error;
      const died = mayRepeat && error instanceof EngineDeath && error.code === 'engine/crashed';
      if ((await opened.discardIfLost(record)) || died) return await opened.use(signal, record, work);
      if (error instanceof AppError && error.code.startsWith('input/')) {
        library.learn(photo, { error: toWireError(error) });
      }
      throw error;
    }
  }
}

/** Where a tile lies in its level; the last column and row are narrower. */
export function tileRegion(
  level: { readonly width: number; readonly height: number } | undefined,
  column: number,
  row: number,
): PreviewRequest['region'] {
  const left = column * TILE_PX;
  const top = row * TILE_PX;
  if (level === undefined || left >= level.width || top >= level.height) {
    throw new AppError('request/invalid', 'this photo has no such tile');
  }
  return { left, top, width: Math.min(TILE_PX, level.width - left), height: Math.min(TILE_PX, level.height - top) };
}
