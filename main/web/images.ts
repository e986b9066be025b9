import type { FastifyInstance } from 'fastify';
import { open } from 'node:fs/promises';
import { line } from './answer.js';
import type { WebServices } from './services.js';

/** An id names the same pixels for ever. */
const IMMUTABLE = 'private, max-age=31536000, immutable';
const CHUNK_BYTES = 1024 * 1024;

/** Serves thumbnails and raw pixels, by the ids that the window was given. */
export function serveImages(server: FastifyInstance, services: WebServices): void {
  server.get<{ Params: { id: string } }>('/image/:id', async (request, reply) => {
    const image = services.resolveImage(request.params.id);
    // Files of the cache go when there are too many: their ids are forgotten with them, or just before.
    const file = image === null ? null : await open(image.file).catch(() => null);
    if (image === null || file === null) return line(reply, 404, 'There is no such image, or no longer.');
    const { size } = await file.stat();
    return reply
      .headers({ 'content-type': image.contentType, 'content-length': size, 'cache-control': IMMUTABLE })
      .send(file.createReadStream({ highWaterMark: CHUNK_BYTES }));
  });
}
