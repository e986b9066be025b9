import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageId, SamplePictures } from '../../../preload/contract.js';
import type { SampleFiles } from '../../../preload/learn/learn-call.js';
import type { ImagePool } from '../images.js';

const PNG = 'image/png';

/** Gives pictures of held-out parts names that the window can fetch them by, and lets go of those that are replaced. */
export class SampleImages {
  readonly #kept = new Map<string, ImageId>();
  #shown: readonly SamplePictures[] = [];
  /** A window may be fetching them when newer ones come. */
  #older: readonly ImageId[] = [];

  constructor(
    /** Of this process alone. */
    private readonly root: string,
    private readonly images: ImagePool,
  ) {}

  get shown(): SamplePictures[] {
    return [...this.#shown];
  }

  /** Where the engine writes those of a run. */
  folder(run: string): string {
    return join(this.root, run);
  }

  show(parts: readonly SampleFiles[]): void {
    for (const image of this.#older) this.images.remove(image);
    this.#older = this.#shown.map(({ current }) => current);
    this.#shown = parts.map(({ noisy, parent, current }) => ({
      noisy: this.#keep(noisy),
      parent: this.#keep(parent),
      current: this.images.add(current, PNG, 0),
    }));
  }

  /** Forgets the pictures of a run and deletes them. */
  async clear(): Promise<void> {
    for (const image of [...this.#older, ...this.#shown.map(({ current }) => current), ...this.#kept.values()]) {
      this.images.remove(image);
    }
    this.#kept.clear();
    this.#older = [];
    this.#shown = [];
    await rm(this.root, { recursive: true, force: true }).catch(() => undefined);
  }

  #keep(file: string): ImageId {
    const id = this.#kept.get(file) ?? this.images.add(file, PNG, 0);
    this.#kept.set(file, id);
    return id;
  }
}
