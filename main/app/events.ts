import type { EventName, EventPayload } from '../../preload/contract.js';

/** One event on its way to the window. */
export type HostEvent = {
  readonly [N in EventName]: { readonly name: N; readonly payload: EventPayload<N> };
}[EventName];

export type EventListener = (event: HostEvent) => void;

/** What services use to tell the window something. */
export type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** Carries events from the services to whoever listens: the windows of a host, and other services. */
export class EventHub {
  readonly #listeners = new Set<EventListener>();

  /** Subscribes; what comes back unsubscribes. */
  subscribe(listener: EventListener): () => void {
    // A function subscribed twice is two subscriptions, each with its own end.
    const own: EventListener = (event) => {
      listener(event);
    };
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Hears one kind of event. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    return this.subscribe((event) => {
      if (event.name === name) listener(event.payload as EventPayload<N>);
    });
  }

  readonly emit: Emit = (name, payload) => {
    const event = { name, payload } as HostEvent;
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // A window that is closing must not stop the service that told it something, nor the other windows.
        console.error(error);
      }
    }
  };
}
