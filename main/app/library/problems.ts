import type { LibraryProblem } from '../../../preload/contract.js';

/** So many are listed one by one; who drops a disk full of RAW files needs no more to see why. */
export const MAX_PROBLEMS = 1000;

/** Files and folders that are not in the library, and why: one entry a path, those beyond a limit only counted. */
export class Problems {
  readonly #listed = new Map<string, LibraryProblem>();
  #more = 0;

  set(path: string, problem: LibraryProblem): void {
    if (!this.#listed.has(path) && this.#listed.size >= MAX_PROBLEMS) this.#more++;
    else this.#listed.set(path, problem);
  }

  /** The file can be read after all; says whether it was listed. */
  settle(path: string): boolean {
    return this.#listed.delete(path);
  }

  clear(): void {
    this.#listed.clear();
    this.#more = 0;
  }

  list(): LibraryProblem[] {
    const problems = [...this.#listed.values()];
    if (this.#more > 0) {
      const message = 'so many more files are not in the library: they are not listed one by one';
      problems.push({ name: `+${this.#more}`, error: { code: 'input/unsupported', message } });
    }
    return problems;
  }
}
