import fileServer from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sep } from 'node:path';
import { pageContentType } from '../app/page-headers.js';

const IMMUTABLE = 'private, max-age=31536000, immutable';

/** Serves the bundled window. What the bundler named by its contents may be kept; the rest is asked for each time. */
export async function servePage(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fileServer, {
    root: folder,
    dotfiles: 'deny',
    cacheControl: false,
    decorateReply: false,
    setHeaders: (reply, path) => {
      const type = pageContentType(path);
      if (type !== undefined) reply.header('content-type', type);
      if (path.includes(`${sep}assets${sep}`)) reply.header('cache-control', IMMUTABLE);
    },
  });
}
