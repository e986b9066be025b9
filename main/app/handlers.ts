import type { CallName, CallParams, CallResult } from '../../preload/contract.js';

/** What answers each request of the window, once the gate has let it in: one handler a call, none missing. */
export type Handlers = {
  readonly [N in CallName]: (params: CallParams<N>, signal: AbortSignal) => Promise<CallResult<N>>;
};
