import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import type { Reply } from '../../preload/contract.js';
import { startCli } from './cli.js';

/** The browser host as a person starts it: its own process, the built program and page, real engines. */

export interface WebAppOptions {
  /** Where the library, the queue and everything else is kept; a test's own. */
  readonly state: string;
  /** Folders of the server that can be browsed. */
  readonly roots?: readonly string[];
}

export interface WebApp {
  /** The address that signs in. */
  readonly url: string;
  /** "http://127.0.0.1:PORT" */
  readonly origin: string;
  /** Ends the server as Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>;
}

const STOP_TIMEOUT_MS = 30_000;

/** Starts `stillgrain serve` on a free port. */
export async function startWebApp({ state, roots = [] }: WebAppOptions): Promise<WebApp> {
  const child = startCli(['serve', '--json', '--port', '0', ...roots.flatMap((root) => ['--root', root])], { state });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const first = await Promise.race([
    once(createInterface(child.stdout!), 'line') as Promise<[string]>,
    exit.then(([code]) => {
      throw new Error(`the server ended with ${code}: ${errors}`);
    }),
  ]);
  const { url } = JSON.parse(first[0]) as { url: string };
  return {
    url,
    origin: new URL(url).origin,
    stop: async () => {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      const [code] = await exit;
      clearTimeout(timer);
      return code;
    },
  };
}

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
