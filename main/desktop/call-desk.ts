import type { Reply } from '../../preload/contract.js';
import type { Gate } from '../app/gate.js';
import { isPage } from './origin.js';

/** What is known of whoever sent a message: Electron's WebContents and the frame in it. */
export interface Sender {
  /** Of the WebContents. */
  readonly id: number;
  /** null once the frame has gone elsewhere or away. */
  readonly frame: { readonly url: string; readonly parent: unknown } | null;
}

/** Takes the windows' calls to the gate: says which are to be trusted, and cancels those that nobody waits for. */
export class CallDesk {
  readonly #windows = new Map<number, Map<number, AbortController>>();

  /** @param gate of the services, which may still be starting */
  constructor(private readonly gate: Promise<Gate>) {
    // Whoever starts the services says that they did not start; here it only ends the calls.
    gate.catch(() => undefined);
  }

  /** From now on a window of ours may make calls. */
  admit(window: number): void {
    this.#windows.set(window, new Map());
  }

  /** The window's page has gone: its calls end. A new page of the same window starts afresh. */
  leave(window: number): void {
    const calls = this.#windows.get(window);
    for (const controller of calls?.values() ?? []) controller.abort();
    calls?.clear();
  }

  /** The window is gone for good. */
  dismiss(window: number): void {
    this.leave(window);
    this.#windows.delete(window);
  }

  /** Answers one call; never rejects, except where the services could not be started at all. */
  async call(sender: Sender, name: unknown, ticket: unknown, params: unknown): Promise<Reply> {
    const controller = new AbortController();
    const calls = this.#windows.get(sender.id);
    // The page alone, and not a frame in it: there is none, and one that were there would not be ours.
    const trusted = calls !== undefined && sender.frame?.parent === null && isPage(sender.frame.url);
    const isCancellable = trusted && typeof ticket === 'number' && !calls.has(ticket);
    if (isCancellable) calls.set(ticket, controller);
    try {
      const gate = await this.gate;
      return await gate.handle({ trusted, name, params, signal: controller.signal });
    } finally {
      if (isCancellable && calls.get(ticket) === controller) calls.delete(ticket);
    }
  }

  /** Cancels a call of the same window. */
  cancel(window: number, ticket: unknown): void {
    if (typeof ticket === 'number') this.#windows.get(window)?.get(ticket)?.abort();
  }
}
