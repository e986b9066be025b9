import {
  CALL_NAMES,
  EVENT_NAMES,
  type Bridge,
  type CallName,
  type EventName,
  type Reply,
} from '../../preload/contract.js';

/** One request that the window made. */
export interface AskedCall {
  readonly name: CallName;
  readonly params: unknown;
}

export interface FakeBridge {
  readonly bridge: Bridge;
  /** What was asked, in order. */
  readonly asked: AskedCall[];
  /** Says something as the host does. */
  readonly emit: (name: EventName, payload: unknown) => void;
}

/** A host for tests of the window's state: `answer` says what each request gets, {} where it gives nothing. */
export function fakeBridge(
  answer: (call: AskedCall) => Reply | Promise<Reply> | undefined = () => undefined,
): FakeBridge {
  const asked: AskedCall[] = [];
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>();
  const calls = Object.fromEntries(
    CALL_NAMES.map((name) => [
      name,
      async (_ticket: number, params: unknown): Promise<Reply> => {
        const call = { name, params };
        asked.push(call);
        return (await answer(call)) ?? { ok: true, result: {} };
      },
    ]),
  ) as Bridge['calls'];
  const on = Object.fromEntries(
    EVENT_NAMES.map((name) => [
      name,
      (listener: (payload: unknown) => void) => {
        const heard = listeners.get(name) ?? new Set();
        listeners.set(name, heard.add(listener));
        return () => heard.delete(listener);
      },
    ]),
  ) as unknown as Bridge['on'];
  return {
    bridge: {
      host: 'web',
      calls,
      on,
      cancel: () => undefined,
      addDropped: () => Promise.resolve({ ok: true, result: {} }),
      takesFolders: false,
    },
    asked,
    emit: (name, payload) => {
      for (const listener of listeners.get(name) ?? []) listener(payload);
    },
  };
}
