import type { EngineMessage } from '../../preload/engine-protocol.js';

/** Why work is aborted when the host has died: nobody waits for it, and the next host may be at the same files already. */
export const HOST_GONE = Symbol('the host process has gone');

/** The engine's end of the channel to its host, whatever forked it. */
export interface HostChannel {
  readonly send: (message: EngineMessage) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Calls the listener when the host has gone. */
  readonly onClosed: (listener: () => void) => void;
}

/** What of Electron's `process.parentPort` is used; messages that came before there was a listener are kept for it. */
export interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
}

/** What of this process is used. */
export interface HostedProcess {
  /** In a utility process of Electron. */
  readonly parentPort?: ParentPort | undefined;
  /** In a process forked by Node. */
  readonly send?: ((message: unknown, sent: (error: Error | null) => void) => unknown) | undefined;
  readonly connected?: boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

/** The channel to the host that started a process; null for a process that a person started. */
export function hostChannel(hosted: HostedProcess): HostChannel | null {
  const { parentPort } = hosted;
  if (parentPort !== undefined) {
    return {
      send: (message) => {
        parentPort.postMessage(message);
      },
      onMessage: (listener) => {
        parentPort.on('message', ({ data }) => {
          listener(data);
        });
      },
      // The port tells nothing of that kind: a utility process is ended with its parent.
      onClosed: () => undefined,
    };
  }
  if (hosted.send === undefined) return null;
  return {
    send: (message) => {
      // The host may have gone between two messages; 'disconnect' tells.
      if (hosted.connected === true) hosted.send?.(message, () => undefined);
    },
    onMessage: (listener) => {
      hosted.on('message', listener);
    },
    onClosed: (listener) => {
      hosted.on('disconnect', listener);
    },
  };
}
