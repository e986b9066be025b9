/** Collects what the person opens until somebody can take it: macOS tells of files before the program is ready. */
export class OpenedPaths {
  #waiting: string[] = [];
  #take: ((paths: readonly string[]) => void) | null = null;

  /** Takes note of files or folders; handed on at once when that is possible. */
  add(paths: readonly string[]): void {
    if (paths.length === 0) return;
    if (this.#take === null) this.#waiting.push(...paths);
    else this.#take(paths);
  }

  /** From now on `take` gets everything, what has waited first. */
  deliverTo(take: (paths: readonly string[]) => void): void {
    this.#take = take;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.add(waiting);
  }
}
