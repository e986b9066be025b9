import type { Bridge, Client } from '../preload/contract.js';
import { createClient } from '../preload/vocabulary.js';

/** The window's one connection to its host. */

declare global {
  interface Window {
    /** Set by the preload (desktop) or by bridge.js (web), before the page's own scripts run. */
    readonly stillgrain?: Bridge;
  }
}

let client: Client | undefined;

/** Connects to the host. Called once, before anything else of the window. */
export function connect(bridge: Bridge): Client {
  client = createClient(bridge);
  return client;
}

/** The client; fails before `connect`. */
export function host(): Client {
  if (client === undefined) throw new Error('the window is not connected to a host');
  return client;
}

/** Where the host serves an image. */
export const imageUrl = (image: string): string => `./image/${image}`;
