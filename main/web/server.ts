import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import websocket from '@fastify/websocket';
import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { PAGE_HEADERS } from '../app/page-headers.js';
import { line } from './answer.js';
import { serveDownloads } from './downloads.js';
import { Guard } from './guard.js';
import { serveImages } from './images.js';
import type { Inbox } from './inbox.js';
import { takeModels } from './models.js';
import { servePage } from './page.js';
import type { WebServices } from './services.js';
import { MAX_MESSAGE_BYTES, serveSocket } from './socket.js';
import { takeUploads } from './upload.js';

export interface ServerOptions {
  /** 0: the system chooses. */
  readonly port: number;
  /** Folder of the bundled window. */
  readonly page: string;
  /** Where dropped files go. */
  readonly inbox: Inbox;
  readonly services: WebServices;
  /** Hears of faults of ours. */
  readonly onFault: (text: string) => void;
}

export interface WebServer {
  /** The address to open, with the token in it. */
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Routes have no JSON schemas, since zod checks what comes in: the server starts without the compilers of those. */
const NO_SCHEMAS = {
  compilersFactory: {
    buildValidator: () => () => {
      throw new Error('routes have no schemas');
    },
    buildSerializer: () => () => JSON.stringify,
  },
};

/** Serves the window to browsers of this machine. */
export async function startServer(options: ServerOptions): Promise<WebServer> {
  const guard = new Guard();
  const server = fastify({ forceCloseConnections: true, exposeHeadRoutes: true, schemaController: NO_SCHEMAS });
  await server.register(cookie);
  watch(server, guard);
  await server.register(websocket, {
    options: { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false },
    // A window that is gone, or that said more than it may: the socket is closed, and that is all.
    errorHandler: (_error, socket) => {
      socket.terminate();
    },
    preClose() {
      for (const client of server.websocketServer.clients) client.close(1001, 'Stillgrain was stopped');
      server.websocketServer.close();
    },
  });
  await server.register(multipart);
  await servePage(server, options.page);
  serveImages(server, options.services);
  serveDownloads(server, options.services);
  serveSocket(server, options.services);
  takeUploads(server, options.services, options.inbox);
  takeModels(server, options.services);
  answerPlainly(server, options.onFault);
  await server.listen({ host: LOOPBACK, port: options.port });
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  guard.listensOn(address.port);
  return { url: guard.url, close: () => server.close() };
}

/** Looks at every request before anything else does, those for things that are not there included. */
function watch(server: FastifyInstance, guard: Guard): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...PAGE_HEADERS, 'cache-control': 'no-store' });
    const asked = {
      method: request.method,
      host: request.headers.host,
      origin: request.headers.origin,
      upgrade: request.headers.upgrade !== undefined,
    };
    const token = tokenIn(request);
    if (token === undefined) {
      const refusal = guard.refuse({ ...asked, cookie: request.cookies[guard.cookieName] });
      return refusal === null ? undefined : line(reply, refusal.status, refusal.message);
    }
    const refusal = guard.refuseOrigin(asked);
    if (refusal !== null) return line(reply, refusal.status, refusal.message);
    if (!guard.isToken(token)) {
      return line(reply, 401, 'This address is of another run of Stillgrain: open the one that it printed last.');
    }
    // The token is out of the address bar, the history and the next request's referrer.
    return reply
      .setCookie(guard.cookieName, guard.cookieValue, { httpOnly: true, sameSite: 'strict', path: '/' })
      .redirect('/', 303);
  });
}

/** The token of the address that is to be opened; undefined for every other request. */
function tokenIn({ method, url, query }: FastifyRequest): unknown {
  return method === 'GET' && url.startsWith('/?') ? (query as Record<string, unknown>)['token'] : undefined;
}

function answerPlainly(server: FastifyInstance, onFault: (text: string) => void): void {
  server.setNotFoundHandler((_request, reply) => line(reply, 404, 'There is nothing here.'));
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return line(reply, status, error.message);
    onFault(`${request.method} ${request.routeOptions.url ?? ''}: ${error.stack ?? error.message}`);
    return line(reply, status, 'Stillgrain made a mistake here: what is known of it is in the log.');
  });
}
