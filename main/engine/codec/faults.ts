import { AppError } from '../../core/errors.js';

/** Turns what the file system and libvips say into errors for a person: one line, with something to do. */

/** An `AppError` for a failure to read a photo. */
export function inputFault(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const cause = { cause: error };
  switch (errnoOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('input/not-found', 'the file is not there: it was moved, renamed or deleted', cause);
    case 'EACCES':
    case 'EPERM':
      return new AppError('input/unreadable', 'no permission to read the file', cause);
    case 'ENAMETOOLONG':
      return new AppError('input/not-found', 'the path is longer than the system allows', cause);
    case undefined:
      return decoderFault(messageOf(error), cause);
    default:
      return new AppError('input/unreadable', `the file could not be read (${errnoOf(error) ?? ''})`, cause);
  }
}

/** Messages of the decoders that speak of a kind of image rather than of damage. */
const UNSUPPORTED: readonly (readonly [RegExp, string])[] = [
  [/unsupported JPEG data precision|data precision (12|16)/i, 'JPEG with more than 8 bits per sample'],
  [/arithmetic|SOF type|unsupported marker type/i, 'JPEG of an unusual kind (arithmetic, lossless or hierarchical)'],
  [/compression scheme|compression support is not configured|not configured/i, 'TIFF with an unusual compression'],
];

function decoderFault(message: string, cause: { cause: unknown }): AppError {
  if (/pixel limit/i.test(message)) return new AppError('input/too-large', 'the image has too many pixels', cause);
  if (/allocate|out of memory/i.test(message)) {
    return new AppError('engine/out-of-memory', 'not enough memory to decode the image', cause);
  }
  const kind = UNSUPPORTED.find(([pattern]) => pattern.test(message));
  if (kind) return new AppError('input/unsupported', `${kind[1]} is not supported`, cause);
  return damaged('it cannot be decoded', cause);
}

/** An 'input/damaged' error that says what is wrong. */
export function damaged(what: string, options?: { cause?: unknown }): AppError {
  return new AppError('input/damaged', `the file is truncated or damaged: ${what}`, options);
}

/** The errno name of a Node error, such as 'ENOENT'. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}

/** What a thrown thing says, whatever it is. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
