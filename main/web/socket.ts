import type { FastifyInstance } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import { z } from 'zod';
import type { Reply } from '../../preload/contract.js';
import type { WebServices } from './services.js';

/** Longest message of a window: a selection of 200,000 photos fits. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** What may wait for a window that does not read; its whole library may wait when it has just been opened. */
const MAX_UNREAD_BYTES = 128 * 1024 * 1024;
const MAX_CALLS = 10_000;
const PING_MS = 30_000;

/** Close codes of RFC 6455. */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

const ticket = z.int().min(0);

/** Page to host. */
const WindowMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), ticket, name: z.string().max(100), params: z.unknown() }),
  z.strictObject({ type: z.literal('cancel'), ticket }),
]);
type WindowMessage = z.infer<typeof WindowMessage>;

/** Carries calls and events between the program and any number of windows. */
export function serveSocket(server: FastifyInstance, services: WebServices): void {
  server.get('/socket', { websocket: true }, (socket) => {
    new WindowSocket(socket, services).serve();
  });
}

/** One window's socket. */
class WindowSocket {
  readonly #calls = new Map<number, AbortController>();
  #answersPings = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly services: WebServices,
  ) {}

  serve(): void {
    const unsubscribe = this.services.subscribe(({ name, payload }) => {
      this.#send({ type: 'event', name, payload });
    });
    const pings = setInterval(() => {
      this.#ping();
    }, PING_MS);
    this.socket.on('pong', () => {
      this.#answersPings = true;
    });
    this.socket.on('message', (data, isBinary) => {
      // One buffer a message, unless ws is told otherwise.
      const message = isBinary ? null : readMessage((data as Buffer).toString('utf8'));
      if (message === null) this.socket.close(POLICY_VIOLATION, 'a message that makes no sense');
      else this.#receive(message);
    });
    this.socket.on('close', () => {
      clearInterval(pings);
      unsubscribe();
      for (const call of this.#calls.values()) call.abort();
    });
  }

  #receive(message: WindowMessage): void {
    if (message.type === 'cancel') {
      this.#calls.get(message.ticket)?.abort();
      return;
    }
    if (this.#calls.has(message.ticket) || this.#calls.size >= MAX_CALLS) {
      this.socket.close(POLICY_VIOLATION, 'a ticket that is in use, or too many calls');
      return;
    }
    void this.#answer(message.ticket, message.name, message.params);
  }

  async #answer(ticket: number, name: string, params: unknown): Promise<void> {
    const call = new AbortController();
    this.#calls.set(ticket, call);
    // Cookie, Host and Origin were looked at before the socket was opened.
    const reply = await this.services.handle({ trusted: true, name, params, signal: call.signal });
    this.#calls.delete(ticket);
    this.#send({ type: 'reply', ticket, reply });
  }

  #send(message: HostMessage): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MAX_UNREAD_BYTES) {
      this.socket.close(TRY_AGAIN_LATER, 'the window does not read');
      this.socket.terminate();
    } else {
      this.socket.send(JSON.stringify(message));
    }
  }

  /** A window whose machine fell asleep or lost its way to us leaves a socket that never closes by itself. */
  #ping(): void {
    if (!this.#answersPings) this.socket.terminate();
    this.#answersPings = false;
    this.socket.ping();
  }
}

/** Host to page; preload/web/socket-connection.ts reads it. */
type HostMessage =
  | { readonly type: 'reply'; readonly ticket: number; readonly reply: Reply }
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown };

function readMessage(text: string): WindowMessage | null {
  try {
    return WindowMessage.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
