import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageId } from '../../../preload/contract.js';
import type { ImagePool } from '../images.js';

/** The sheet of a VAE's run, for the window: copies, since the run writes over its own while a window fetches it. */
export class SheetImage {
  #shown: ImageId | null = null;
  /** A window may be fetching it when a newer one comes. */
  #older: ImageId | null = null;
  #count = 0;
  #working: Promise<void> = Promise.resolve();

  constructor(
    /** Of this process alone. */
    private readonly root: string,
    /** Owns its files. */
    private readonly images: ImagePool,
    /** Something else is shown. */
    private readonly onShown: () => void,
  ) {}

  get shown(): ImageId | null {
    return this.#shown;
  }

  /** Shows a file as it is now; one that is not there changes nothing. */
  show(file: string): Promise<void> {
    return this.#next(async () => {
      const copy = join(this.root, `sheet-${++this.#count}.png`);
      await mkdir(this.root, { recursive: true });
      await copyFile(file, copy);
      if (this.#older !== null) this.images.remove(this.#older);
      this.#older = this.#shown;
      this.#shown = this.images.add(copy, 'image/png', 0);
      this.onShown();
    });
  }

  /** Forgets what is shown and deletes it. */
  clear(): Promise<void> {
    return this.#next(async () => {
      for (const image of [this.#older, this.#shown]) if (image !== null) this.images.remove(image);
      this.#older = null;
      this.#shown = null;
      await rm(this.root, { recursive: true, force: true });
    });
  }

  /** One after the other; a sheet that cannot be shown is no reason to stop a run. */
  #next(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(work).catch(() => undefined);
    return this.#working;
  }
}
