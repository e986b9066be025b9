import type { FastifyInstance } from 'fastify';
import { ZipFile } from 'yazl';
import { line } from './answer.js';
import type { Download, WebServices } from './services.js';

/** Sends prepared results as a zip, once each. */
export function serveDownloads(server: FastifyInstance, services: WebServices): void {
  server.get<{ Params: { id: string } }>('/download/:id', { exposeHeadRoute: false }, (request, reply) => {
    const download = services.takeDownload(request.params.id);
    if (download === null) return line(reply, 404, 'There is no such download, or it has been fetched already.');
    return reply
      .headers({ 'content-type': 'application/zip', 'content-disposition': attachment(download.name) })
      .send(zip(download));
  });
}

/** A stream of a zip file. Photos are compressed already: they are stored as they are. */
function zip({ files }: Download): NodeJS.ReadableStream {
  const archive = new ZipFile();
  const output = archive.outputStream as NodeJS.ReadableStream & { destroy(error: Error): void };
  // A file that is gone breaks the download off: a zip that lacks it would look whole.
  (archive as unknown as NodeJS.EventEmitter).on('error', (error: Error) => {
    output.destroy(error);
  });
  for (const { path, name } of files) archive.addFile(path, name, { compress: false });
  archive.end();
  return output;
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
