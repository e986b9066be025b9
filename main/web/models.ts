import type { FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';
import type { Reply } from '../../preload/contract.js';
import { AppError, toWireError } from '../app/errors.js';
import { RequestRefused } from './answer.js';
import type { WebServices } from './services.js';

/** A model is some tens of MiB; more than this is something else. */
const MAX_MODEL_BYTES = 1024 ** 3;
const MAX_NAME = 255;

/** Takes models that the person chooses in the page; the answer is a reply like those of the socket. */
export function takeModels(server: FastifyInstance, services: WebServices): void {
  // Streamed to the disk, within a limit of its own.
  server.addContentTypeParser('application/octet-stream', (_request, payload, done) => {
    done(null, payload);
  });
  server.post<{ Querystring: { name?: unknown } }>(
    '/model',
    { bodyLimit: Number.MAX_SAFE_INTEGER },
    async ({ query, body }): Promise<Reply> => {
      const { name } = query;
      if (typeof name !== 'string' || name === '' || name.length > MAX_NAME || !isStream(body)) {
        throw new RequestRefused(400, 'The model was not sent as the page does it.');
      }
      try {
        return { ok: true, result: await services.receiveModel(Readable.from(limited(body)), name) };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { ok: false, error: toWireError(error) };
      }
    },
  );
}

const isStream = (body: unknown): body is Readable => typeof (body as Readable | undefined)?.pipe === 'function';

/** Passes a stream on, and its failure: that of a page that goes away. */
async function* limited(content: Readable): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_MODEL_BYTES) {
      throw new AppError('input/too-large', 'the file is larger than 1 GB: that is no model of a denoiser');
    }
    yield chunk;
  }
}
