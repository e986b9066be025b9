import { AppError } from '../app/errors.js';
import { scan } from '../app/scan.js';
import type { Host } from './host.js';
import { printable, shownPath } from './text.js';

/**
 * The paths of all photos in the folders, and of the files that were named; what cannot be one is said.
 * @param exclude a folder that is left out
 * @throws AppError 'input/not-found' when there are none, 'engine/cancelled'
 */
export async function photosIn(
  sources: readonly string[],
  exclude: string,
  { terminal, interrupt }: Host,
): Promise<string[]> {
  const photos: string[] = [];
  for await (const event of scan(sources, { recursive: true, exclude: [exclude] })) {
    if (interrupt.signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
    if (event.type === 'photo') photos.push(event.photo.path);
    else if (event.type === 'problem') {
      terminal.err(`left out  ${shownPath(event.path)}: ${printable(event.error.message)}`);
    }
  }
  if (photos.length > 0) return photos;
  throw new AppError('input/not-found', `no photos found in ${sources.join(', ')} (JPEG, PNG, TIFF, WebP, AVIF)`);
}
