import type { PhotoId } from '../../../preload/contract.js';

/** At most ten times a second. */
const INTERVAL_MS = 100;

/** Collects what has changed and tells it in one go, soon after the first change; the last change is always told. */
export class ChangeFeed {
  readonly #changed = new Set<PhotoId>();
  readonly #removed = new Set<PhotoId>();
  #timer: NodeJS.Timeout | undefined;
  #toldAt = -Infinity;

  constructor(private readonly tell: (changed: readonly PhotoId[], removed: readonly PhotoId[]) => void) {}

  changed(photo: PhotoId): void {
    this.#removed.delete(photo);
    this.#changed.add(photo);
    this.touch();
  }

  removed(photo: PhotoId): void {
    this.#changed.delete(photo);
    this.#removed.add(photo);
    this.touch();
  }

  /** The whole has changed, if no entry. */
  touch(): void {
    const wait = Math.max(0, this.#toldAt + INTERVAL_MS - performance.now());
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, wait);
  }

  /** Tells what is not told yet, now. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldAt = performance.now();
    const changed = [...this.#changed];
    const removed = [...this.#removed];
    this.#changed.clear();
    this.#removed.clear();
    this.tell(changed, removed);
  }
}
