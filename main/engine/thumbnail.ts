import { availableParallelism } from 'node:os';
import type { EngineParams, EngineResult } from '../../preload/engine-protocol.js';
import { AppError } from '../core/errors.js';
import { uprightSize } from '../core/image/upright.js';
import { writeCacheFile } from './atomic-file.js';
import { renderThumbnail } from './codec.js';
import { ByteSemaphore } from './memory.js';

/** Thumbnails made at once: each may hold a whole photo while its decoder cannot work row by row. */
const MAX_AT_ONCE = 8;

/** Makes thumbnails, a few at once. */
export class Thumbnailer {
  private readonly slots = new ByteSemaphore(Math.min(MAX_AT_ONCE, availableParallelism()));

  /** Writes a small, upright sRGB version of a photo. */
  async make(
    signal: AbortSignal,
    { input, output, size }: EngineParams<'thumbnail'>,
  ): Promise<EngineResult<'thumbnail'>> {
    const leave = await this.slots.acquire(1, signal);
    try {
      const { data, width, height, contentType, header } = await renderThumbnail(input, size);
      if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
      await writeCacheFile(output, data);
      return { width, height, photo: uprightSize(header, header.orientation), format: header.format, contentType };
    } finally {
      leave();
    }
  }
}
