import type { Reply } from '../contract.js';

/** The part of a WebSocket that is used. */
export type Socket = Pick<WebSocket, 'readyState' | 'onopen' | 'onclose' | 'onmessage' | 'send'>;

export interface ConnectionHooks {
  /** Called once when a connection that was there is gone. */
  onLost(): void;
  /** Called when it is there again. */
  onRestored(): void;
}

const OPEN = 1;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

const LOST: Reply = {
  ok: false,
  error: {
    code: 'engine/crashed',
    message: 'The connection to Stillgrain is lost: nothing can be done until it is back.',
  },
};

/** Calls and events over one socket, which is opened anew, ever more slowly, whenever it closes. */
export class SocketConnection {
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>();
  /** What is to be said as soon as the first connection is there. */
  #unsent: string[] = [];
  #socket: Socket;
  #wasOpen = false;
  #lost = false;
  #retryMs = FIRST_RETRY_MS;

  constructor(
    private readonly open: () => Socket,
    private readonly hooks: ConnectionHooks,
  ) {
    this.#socket = this.#connect();
  }

  /** Sends one call; the reply is the host's, or says that the connection is lost. */
  call(name: string, ticket: number, params: unknown): Promise<Reply> {
    if (this.#lost) return Promise.resolve(LOST);
    return new Promise((resolve) => {
      this.#waiting.set(ticket, resolve);
      this.#send(JSON.stringify({ type: 'call', ticket, name, params }));
    });
  }

  /** Asks the host to give up a call, which is answered all the same. */
  cancel(ticket: number): void {
    if (this.#waiting.has(ticket)) this.#send(JSON.stringify({ type: 'cancel', ticket }));
  }

  /** Subscribes; what comes back unsubscribes. */
  on(name: string, listener: (payload: unknown) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Tells the subscribers of an event. */
  emit(name: string, payload: unknown): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(payload);
  }

  #send(text: string): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(text);
    else if (!this.#wasOpen) this.#unsent.push(text);
  }

  #connect(): Socket {
    const socket = this.open();
    socket.onopen = () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.#wasOpen = true;
      if (this.#lost) this.hooks.onRestored();
      this.#lost = false;
      for (const text of this.#unsent) socket.send(text);
      this.#unsent = [];
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#receive(JSON.parse(String(data)) as HostMessage);
    };
    socket.onclose = () => {
      this.#closed();
    };
    return socket;
  }

  #closed(): void {
    for (const resolve of this.#waiting.values()) if (this.#wasOpen) resolve(LOST);
    if (this.#wasOpen) this.#waiting.clear();
    if (this.#wasOpen && !this.#lost) {
      this.#lost = true;
      this.hooks.onLost();
    }
    setTimeout(() => {
      this.#socket = this.#connect();
    }, this.#retryMs);
    this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2);
  }

  #receive(message: HostMessage): void {
    if (message.type === 'event') {
      this.emit(message.name, message.payload);
      return;
    }
    const resolve = this.#waiting.get(message.ticket);
    this.#waiting.delete(message.ticket);
    resolve?.(message.reply);
  }
}

/** Host to page, as main/web sends it. */
type HostMessage =
  | { readonly type: 'reply'; readonly ticket: number; readonly reply: Reply }
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown };
