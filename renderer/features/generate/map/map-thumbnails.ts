import type { PhotoEntry } from '../../../../preload/contract.js';
import { imageUrl } from '../../../host.js';
import { askThumbnail, thumbnailKey } from '../../library/thumbnails.js';

const SIZE = 256;

/** Thumbnails for a canvas: asked for when they are drawn first, told of when they are there. */
export class MapThumbnails {
  readonly #images = new Map<string, HTMLImageElement | null>();
  readonly #abort = new AbortController();
  #waiting = 0;

  constructor(private readonly onChange: () => void) {}

  /** Whether nothing that was asked for is still on its way. */
  get isSettled(): boolean {
    return this.#waiting === 0;
  }

  /** The thumbnail of a photo; null: not there yet, or not at all. */
  get(photo: PhotoEntry): HTMLImageElement | null {
    const key = thumbnailKey(photo, SIZE);
    const known = this.#images.get(key);
    if (known !== undefined) return known;
    this.#images.set(key, null);
    this.#waiting++;
    void this.#load(photo, key).finally(() => {
      this.#waiting--;
      if (!this.#abort.signal.aborted) this.onChange();
    });
    return null;
  }

  close(): void {
    this.#abort.abort();
  }

  async #load(photo: PhotoEntry, key: string): Promise<void> {
    try {
      const id = await askThumbnail(photo, SIZE, this.#abort.signal);
      const image = new Image();
      image.src = imageUrl(id);
      await image.decode();
      this.#images.set(key, image);
    } catch {
      // It stays a grey box, as a photo without a thumbnail does in the library.
    }
  }
}
