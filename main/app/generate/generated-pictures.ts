import { randomBytes } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GeneratedPicture, ImageId } from '../../../preload/contract.js';
import type { OutputFile } from '../../../preload/generate/generate-calls.js';
import type { ImagePool } from '../images.js';
import { numberedNames } from '../generated-names.js';

/** Files named by what is in them, of which an earlier request may have told already, are told of by the same id. */
const MOST_REMEMBERED = 4000;

/** The pictures that were generated for the screen: files of the cache, served by opaque ids. */
export class GeneratedPictures {
  readonly #ids = new Map<string, ImageId>();

  constructor(
    private readonly folder: string,
    /** Owns its files. */
    private readonly images: ImagePool,
  ) {}

  /** The folder for files that the engine names itself. */
  async ready(): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    return this.folder;
  }

  /** Files for a row of pictures of one request, under names that no other request has. */
  async row(count: number, extension: '.jpg' | '.png'): Promise<OutputFile[]> {
    const folder = await this.ready();
    const prefix = randomBytes(8).toString('hex');
    return numberedNames(prefix, count, extension).map((name) => ({ path: join(folder, name), overwrite: false }));
  }

  /** Removes what a request that failed has left. */
  async discard(files: readonly OutputFile[]): Promise<void> {
    await Promise.all(files.map(({ path }) => rm(path, { force: true }).catch(() => undefined)));
  }

  /** Has a file served. */
  async serve(file: string, width: number, height: number): Promise<GeneratedPicture> {
    const known = this.#ids.get(file);
    if (known !== undefined && this.images.has(known)) return { image: known, width, height };
    const { size } = await stat(file);
    const image = this.images.add(file, file.endsWith('.png') ? 'image/png' : 'image/jpeg', size);
    if (this.#ids.size >= MOST_REMEMBERED) this.#forgetGone();
    this.#ids.set(file, image);
    return { image, width, height };
  }

  #forgetGone(): void {
    for (const [file, id] of this.#ids) if (!this.images.has(id)) this.#ids.delete(file);
  }
}
