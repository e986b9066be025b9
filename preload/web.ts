import type { Bridge, CallName, EventName, EventPayload, Reply } from './contract.js';
import { CALL_NAMES, EVENT_NAMES } from './vocabulary.js';
import { SocketConnection } from './web/socket-connection.js';
import { Uploader } from './web/uploader.js';

/** The window's door to the browser host: calls and events over a socket, dropped files by upload. */

const LOST: EventPayload<'app.notice'> = {
  level: 'error',
  code: 'web/disconnected',
  message:
    'The connection to Stillgrain is lost. If it was stopped, start it again and open the address that it prints.',
};

function createBridge(): Bridge {
  const socketUrl = new URL('./socket', location.href);
  socketUrl.protocol = socketUrl.protocol === 'https:' ? 'wss:' : 'ws:';
  const connection = new SocketConnection(() => new WebSocket(socketUrl), {
    onLost: () => {
      connection.emit('app.notice', LOST);
    },
    // Events were missed meanwhile: the page as a whole asks again for all there is.
    onRestored: () => {
      location.reload();
    },
  });
  const uploader = new Uploader((body) => fetch('./upload', { method: 'POST', body }));
  const call =
    (name: CallName) =>
    (ticket: number, params: unknown): Promise<Reply> =>
      connection.call(name, ticket, params);
  const subscription =
    (name: EventName) =>
    (listener: (payload: unknown) => void): (() => void) =>
      connection.on(name, listener);
  return {
    host: 'web',
    calls: methods(CALL_NAMES, call),
    cancel: (ticket) => {
      connection.cancel(ticket);
    },
    on: methods(EVENT_NAMES, subscription),
    addDropped: (_files, walked, onProgress) => uploader.send(walked, onProgress),
    takesFolders: false,
  };
}

/** An object with one member a name. */
const methods = <N extends string, M>(names: readonly N[], make: (name: N) => M): { readonly [K in N]: M } =>
  Object.freeze(Object.fromEntries(names.map((name) => [name, make(name)]))) as { readonly [K in N]: M };

// On the desktop the preload has set it already.
if (!('stillgrain' in window)) {
  Object.defineProperty(window, 'stillgrain', { value: Object.freeze(createBridge()), enumerable: true });
}
