import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../core/errors.js';
import { readNpy } from '../../core/npy.js';
import type { Tensor } from '../../core/onnx/model.js';
import { errnoOf } from '../codec/faults.js';

/** Larger files cannot be one batch of anything that fits the memory. */
const MAX_NPY_BYTES = 2 ** 31 - 1;

/**
 * Reads an .npy file.
 * @throws AppError 'input/not-found', 'input/unreadable', 'input/too-large', errors of `readNpy`
 */
export async function readNpyFile(path: string): Promise<Tensor> {
  const name = basename(path);
  try {
    const { size } = await stat(path);
    if (size > MAX_NPY_BYTES) throw new AppError('input/too-large', `${name} has ${size} bytes: 2 GB are the most`);
    return readNpy(await readFile(path), name);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR')
      throw new AppError('input/not-found', `${path} is not there`, { cause: error });
    const why = errno === 'EISDIR' ? 'it is a folder' : (errno ?? 'no reason given');
    throw new AppError('input/unreadable', `${path} could not be read: ${why}`, { cause: error });
  }
}
