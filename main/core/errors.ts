/** Stable error codes: `area/what`. Hosts translate them; scripts may match on them; they never change meaning. */
export const ERROR_CODES = [
  'usage/invalid', // a wrong option or argument
  'request/refused', // the window, or whoever asks in its place, may not ask this
  'request/invalid', // a request that is not in the contract: a wrong name, shape or size
  'input/not-found',
  'input/unreadable', // permissions, I/O errors
  'input/empty', // zero bytes
  'input/not-an-image', // contents are no image format we know, whatever the name says
  'input/unsupported', // an image, but of a kind we do not handle (CMYK, animated, float TIFF...)
  'input/damaged', // truncated or corrupt
  'input/too-large', // more pixels than the limit
  'input/changed', // the file changed while it was being read
  'output/exists',
  'output/conflict', // two inputs would write the same file, or an input would be overwritten
  'output/disk-full',
  'output/read-only',
  'output/gone', // the folder for the results is not there any more: removed, or its disk was unplugged
  'output/failed', // any other failure to write
  'output/locked', // another Stillgrain process is writing that file
  'model/not-found',
  'model/invalid', // not an ONNX file, or one that the checker refuses
  'model/shape',
  'model/unsupported-op',
  'learn/no-noise', // nothing to learn noise from in the photos
  'learn/misaligned', // frames of one scene that do not lie on each other, or differ by more than noise
  'training/diverged', // the loss is not a number any more
  'engine/out-of-memory',
  'engine/crashed',
  'engine/provider', // the accelerator failed or is not there
  'engine/cancelled',
  'engine/internal', // a bug: anything that was not foreseen
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The one error class of the program. `message` is one line for the person: what happened and, where there is
 * something to do, what to do. Numbers belong in it ("weight is 64x32x3x3, input has 48 channels").
 */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'AppError';
  }
}

/** What crosses a process boundary in place of an Error. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Translates anything thrown to wire form; an unforeseen error keeps its own first line as the message. */
export function toWireError(error: unknown): WireError {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  const text = error instanceof Error ? error.message : String(error);
  return { code: 'engine/internal', message: text.split('\n', 1)[0] ?? 'unknown error' };
}

export function fromWireError(wire: WireError): AppError {
  return new AppError(wire.code, wire.message);
}
