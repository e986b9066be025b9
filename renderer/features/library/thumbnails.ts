import type { ImageId, PhotoEntry } from '../../../preload/contract.js';
import { host } from '../../host.js';

/** Thumbnails on demand: a few at a time, those asked for last first, none for what has scrolled away. */

export type ThumbnailSize = 256 | 512;

const AT_ONCE = 4;
/** Answers kept, so that scrolling back asks nothing. */
const REMEMBERED = 4000;

interface Wish {
  readonly photo: PhotoEntry;
  readonly size: ThumbnailSize;
  readonly signal: AbortSignal;
  readonly resolve: (image: ImageId) => void;
  readonly reject: (error: unknown) => void;
}

const known = new Map<string, ImageId>();
const wishes: Wish[] = [];
let running = 0;

/** What a thumbnail is known by: a file that has changed has another date. */
export const thumbnailKey = ({ id, modifiedAt }: PhotoEntry, size: ThumbnailSize): string =>
  `${id}/${modifiedAt}/${size}`;

/** The thumbnail, if it is known already. */
export const knownThumbnail = (key: string): ImageId | undefined => known.get(key);

/** Forgets a thumbnail whose file is gone. */
export function forgetThumbnail(key: string): void {
  known.delete(key);
}

/** Asks for a thumbnail. @throws what the host says; `engine/cancelled` after an abort. */
export function askThumbnail(photo: PhotoEntry, size: ThumbnailSize, signal: AbortSignal): Promise<ImageId> {
  return new Promise((resolve, reject) => {
    wishes.push({ photo, size, signal, resolve, reject });
    next();
  });
}

function next(): void {
  while (running < AT_ONCE) {
    const wish = wishes.pop();
    if (wish === undefined) return;
    if (wish.signal.aborted) continue;
    running += 1;
    void grant(wish).finally(() => {
      running -= 1;
      next();
    });
  }
}

async function grant({ photo, size, signal, resolve, reject }: Wish): Promise<void> {
  try {
    const { image } = await host().call('library.thumbnail', { photo: photo.id, size }, signal);
    if (known.size >= REMEMBERED) known.delete(known.keys().next().value!);
    known.set(thumbnailKey(photo, size), image);
    resolve(image);
  } catch (error) {
    reject(error instanceof Error ? error : new Error(String(error)));
  }
}
