/**
 * Names of the channels between Electron's preload and its host. Nobody else sees them: the page gets named methods
 * only.
 */
export const CHANNELS = {
  /** Invoked with a call's name, its ticket and its parameters; answers with a Reply. */
  call: 'stillgrain:call',
  /** Sent with the ticket of a call that is no longer wanted. */
  cancel: 'stillgrain:cancel',
  /** Comes with an event's name and its payload. */
  event: 'stillgrain:event',
} as const;
