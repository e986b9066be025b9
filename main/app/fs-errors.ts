import { AppError } from '../core/errors.js';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** What went wrong with reading, in words: the path is left to whoever shows it. */
export function inputError(error: unknown): AppError {
  const code = codeOf(error);
  const cause = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('input/not-found', 'no such file or folder', cause);
  if (code === 'EACCES' || code === 'EPERM') return new AppError('input/unreadable', 'no permission to read it', cause);
  if (code === 'ELOOP') return new AppError('input/unreadable', 'a symbolic link that leads to itself', cause);
  if (code === 'ENAMETOOLONG') return new AppError('input/not-found', 'the name is too long', cause);
  return new AppError('input/unreadable', `cannot be read (${code || String(error)})`, cause);
}

/** What went wrong with writing at `path`, in words. */
export function outputError(error: unknown, path: string): AppError {
  const code = codeOf(error);
  const cause = { cause: error };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('output/disk-full', `the disk is full: cannot write to ${path}`, cause);
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new AppError(
        'output/read-only',
        `cannot write to ${path}: it is read-only or belongs to somebody else`,
        cause,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new AppError('output/failed', `cannot write to ${path}: a file is in the place of a folder`, cause);
    default:
      return new AppError('output/failed', `cannot write to ${path} (${code || String(error)})`, cause);
  }
}
