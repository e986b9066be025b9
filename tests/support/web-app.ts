import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Reply } from '../../preload/contract.js';
import type { WebApp } from '../../scripts/support/web-app.js';

export { startWebApp, type WebApp } from '../../scripts/support/web-app.js';

/** Opens the address of a server and returns the cookie that it gives, as the `cookie` header wants it. */
export async function signIn({ url }: Pick<WebApp, 'url'>): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  const cookie = response.headers.getSetCookie()[0];
  if (response.status !== 303 || cookie === undefined) throw new Error(`signing in gave ${response.status}`);
  return cookie.split(';')[0]!;
}

/** A window's socket, without the window. */
export class TestSocket {
  readonly events: { name: string; payload: unknown }[] = [];
  /** Resolves with the code when the server has closed the socket. */
  readonly closed: Promise<number>;
  readonly #replies = new Map<number, (reply: Reply) => void>();
  #tickets = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as {
        type: string;
        ticket: number;
        reply: Reply;
        name: string;
        payload: unknown;
      };
      if (message.type === 'event') this.events.push(message);
      else this.#replies.get(message.ticket)?.(message.reply);
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', resolve);
    });
  }

  /** Connects; a refusal rejects with the HTTP status in its message. */
  static async open(origin: string, headers: Readonly<Record<string, string>>): Promise<TestSocket> {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers, perMessageDeflate: false });
    const opened = once(socket, 'open');
    const test = new TestSocket(socket);
    await opened;
    return test;
  }

  /** Makes one call. */
  call(name: string, params: unknown = {}): Promise<Reply> {
    const ticket = ++this.#tickets;
    return new Promise((resolve) => {
      this.#replies.set(ticket, resolve);
      this.socket.send(JSON.stringify({ type: 'call', ticket, name, params }));
    });
  }
}

/** Signs in and connects as the page does. */
export async function openSocket(app: WebApp): Promise<TestSocket> {
  return TestSocket.open(app.origin, { cookie: await signIn(app), origin: app.origin });
}
