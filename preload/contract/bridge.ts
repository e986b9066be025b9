import type { CallParams, CallResult, EventPayload, HostKind } from './calls.js';
import type { CallName, EventName } from './names.js';
import type { WireError } from './settings.js';

/** The door between the window and its host, and the typed client that the window uses. */

/** What a host answers: errors keep their code, which an Error thrown across a process boundary would lose. */
export type Reply = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: WireError };

/** Something dropped on the window: a file with the folders it was dropped with. */
export interface DroppedFile {
  readonly file: File;
  /** "Concert/raw/IMG_1.jpg"; the plain name for a file dropped by itself. */
  readonly relativePath: string;
}

export interface UploadProgress {
  readonly files: number;
  readonly total: number;
}

/**
 * What a preload exposes as `window.stillgrain`: one named method a call and one a subscription, each made from the
 * tables in calls.ts; never a channel that takes any name.
 */
export interface Bridge {
  readonly host: HostKind;
  /** `ticket` names the call for `cancel`; the caller never uses one twice. */
  readonly calls: { readonly [N in CallName]: (ticket: number, params: unknown) => Promise<Reply> };
  readonly cancel: (ticket: number) => void;
  /** Subscribes; what comes back unsubscribes. */
  readonly on: { readonly [N in EventName]: (listener: (payload: unknown) => void) => () => void };
  /**
   * Adds what was dropped. Desktop: top-level `files` alone count, folders included, by their paths. Web: every file of
   * `walked` is sent to the host.
   */
  readonly addDropped: (
    files: readonly File[],
    walked: readonly DroppedFile[],
    onProgress: (progress: UploadProgress) => void,
  ) => Promise<Reply>;
  /** Desktop: whether folders arrive as such, so that they need not be walked in the page. */
  readonly takesFolders: boolean;
}

/** A refusal or failure of a call, as the window sees it. */
export class CallError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'CallError';
  }
}

/** The window's view of its host. */
export interface Client {
  readonly host: HostKind;
  /** @throws CallError with the host's code; `engine/cancelled` after an abort. */
  call<N extends CallName>(name: N, params: CallParams<N>, signal?: AbortSignal): Promise<CallResult<N>>;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  readonly bridge: Bridge;
}

const cancelled = (): CallError => new CallError('engine/cancelled', 'cancelled');

/** Makes the typed client on a bridge. */
export function createClient(bridge: Bridge): Client {
  let tickets = 0;
  return {
    host: bridge.host,
    bridge,
    async call<N extends CallName>(name: N, params: CallParams<N>, signal?: AbortSignal): Promise<CallResult<N>> {
      if (signal?.aborted) throw cancelled();
      const ticket = ++tickets;
      const onAbort = (): void => {
        bridge.cancel(ticket);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return unwrap(await bridge.calls[name](ticket, params)) as CallResult<N>;
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
    on(name, listener) {
      return bridge.on[name]((payload) => {
        listener(payload as never);
      });
    },
  };
}

/** The result of a reply. @throws CallError for a refusal. */
export function unwrap(reply: Reply): unknown {
  if (reply.ok) return reply.result;
  throw new CallError(reply.error.code, reply.error.message);
}
