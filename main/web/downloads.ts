import type { FastifyInstance } from 'fastify';
import { line } from './answer.js';
import type { WebServices } from './services.js';

const ZIP = 'application/zip';

/** Sends what was prepared, once each: results as a zip, a model. */
export function serveDownloads(server: FastifyInstance, services: WebServices): void {
  // Without HEAD: looking whether it is there would use it up.
  server.get<{ Params: { id: string } }>('/download/:id', { exposeHeadRoute: false }, async (request, reply) => {
    const download = await services.takeDownload(request.params.id);
    if (download === null) return line(reply, 404, 'There is no such download, or it has been fetched already.');
    return reply
      .headers({
        'content-type': download.contentType ?? ZIP,
        'content-disposition': attachment(download.name),
      })
      .send(download.stream);
  });
}

/** A header that has the browser save a file under this name, whatever letters are in it (RFC 5987). */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
