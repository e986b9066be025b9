import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { PhotoId } from '../../preload/contract.js';
import type { Library } from '../app/library/library.js';
import { photoId } from '../app/library/photo-record.js';
import type { Inbox } from './inbox.js';

/**
 * Photos that came by upload. Their files live as long as the library has them, and as long as the queue works on them:
 * what is here is a copy, made for this program alone.
 */
export class UploadedPhotos {
  /** Where the file of a photo is. */
  readonly #files = new Map<PhotoId, string>();
  readonly #leaving = new Set<PhotoId>();

  constructor(
    private readonly inbox: Inbox,
    private readonly library: Library,
    /** Photos that the queue has yet to denoise. */
    private readonly queued: () => Promise<ReadonlySet<PhotoId>>,
  ) {}

  /** Finds what earlier sessions left; a photo that the library has lost is added again. */
  async load(): Promise<void> {
    for (const folder of await this.inbox.kept()) {
      const photos = await photosIn(folder);
      const isComplete = photos.every(({ id }) => this.library.has(id));
      if (photos.length === 0) await this.inbox.discard(folder);
      else if (isComplete) this.#remember(photos);
      else await this.add(folder);
    }
  }

  /** Adds the photos of a folder of the inbox; what the library does not take goes. */
  async add(folder: string): Promise<void> {
    await this.library.add([folder], { base: folder });
    const files = await photosIn(folder);
    this.#remember(files.filter(({ id }) => this.library.has(id)));
    for (const { id, file } of files) if (!this.library.has(id)) await this.inbox.remove(file);
  }

  /** Has the files of photos deleted that were taken off the list. */
  async removed(photos: readonly PhotoId[]): Promise<void> {
    for (const photo of photos) if (this.#files.has(photo)) this.#leaving.add(photo);
    await this.sweep();
  }

  /** Deletes files of photos that were taken off the list and that the queue is done with. */
  async sweep(): Promise<void> {
    if (this.#leaving.size === 0) return;
    const queued = await this.queued();
    for (const photo of [...this.#leaving]) {
      const file = this.#files.get(photo);
      if (file === undefined || queued.has(photo)) continue;
      this.#leaving.delete(photo);
      if (this.library.has(photo)) continue;
      this.#files.delete(photo);
      await this.inbox.remove(file);
    }
  }

  #remember(photos: readonly Uploaded[]): void {
    for (const { id, file } of photos) this.#files.set(id, file);
  }
}

interface Uploaded {
  readonly id: PhotoId;
  readonly file: string;
}

/** Every file in a folder and those below, by the id that it has or would have in the library. */
async function photosIn(folder: string): Promise<Uploaded[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ id: photoId(await realpath(file)), file })));
}
