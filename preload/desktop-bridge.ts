import type { Bridge, Reply } from './contract/bridge.js';
import type { CallName, EventName } from './contract/names.js';
import { CHANNELS } from './desktop-channels.js';

/** What the bridge needs of Electron. */
export interface DesktopPort {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  send(channel: string, ...args: unknown[]): void;
  /** Hears every message of a channel. */
  listen(channel: string, listener: (...args: unknown[]) => void): void;
  /** Path of a file that the page was given; empty for one that is not on a disk. */
  pathOf(file: File): string;
}

/** The most paths in one `library.add`; more go in several. */
export const MAX_PATHS_PER_CALL = 10_000;

/** Makes the desktop's bridge: one method for each name of the contract's tables. */
export function desktopBridge(port: DesktopPort, calls: readonly CallName[], events: readonly EventName[]): Bridge {
  const listeners = new Map<string, Set<(payload: unknown) => void>>(events.map((name) => [name, new Set()]));
  port.listen(CHANNELS.event, (name, payload) => {
    for (const listener of listeners.get(String(name)) ?? []) listener(payload);
  });
  const call = (name: CallName, ticket: number, params: unknown): Promise<Reply> =>
    port.invoke(CHANNELS.call, name, ticket, params) as Promise<Reply>;
  const subscribe = (name: EventName, listener: (payload: unknown) => void): (() => void) => {
    // A listener of its own for every subscription: the same function may be given twice.
    const own = (payload: unknown): void => {
      listener(payload);
    };
    listeners.get(name)?.add(own);
    return () => void listeners.get(name)?.delete(own);
  };
  // Those of the page count up from 1.
  let ownTickets = 0;
  return {
    host: 'desktop',
    calls: table(calls, (name) => (ticket: number, params: unknown) => call(name, ticket, params)),
    cancel: (ticket) => {
      port.send(CHANNELS.cancel, ticket);
    },
    on: table(events, (name) => (listener: (payload: unknown) => void) => subscribe(name, listener)),
    addDropped: async (files, _walked, onProgress) => {
      const paths = files.map((file) => port.pathOf(file)).filter((path) => path !== '');
      if (paths.length === 0) return NOT_ON_DISK;
      let reply: Reply = { ok: true, result: {} };
      for (let done = 0; done < paths.length && reply.ok; done += MAX_PATHS_PER_CALL) {
        reply = await call('library.add', --ownTickets, { paths: paths.slice(done, done + MAX_PATHS_PER_CALL) });
        if (reply.ok) onProgress({ files: Math.min(paths.length, done + MAX_PATHS_PER_CALL), total: paths.length });
      }
      return reply;
    },
    takesFolders: true,
  };
}

const NOT_ON_DISK: Reply = {
  ok: false,
  error: { code: 'input/not-found', message: 'what was dropped is not a file on this computer: save it, then drop it' },
};

function table<N extends string, V>(names: readonly N[], make: (name: N) => V): { readonly [K in N]: V } {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as { [K in N]: V };
}
