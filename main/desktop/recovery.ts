/** A window that failed is opened again; one that fails again at once is not, for that would go on for ever. */

const CALM_MS = 60_000;

export class Recovery {
  #last = -Infinity;

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether to open the page again after its process ended for this reason, as Electron names it. */
  shouldReload(reason: string): boolean {
    if (reason === 'clean-exit') return false;
    const calm = this.now() - this.#last >= CALM_MS;
    this.#last = this.now();
    return calm;
  }
}
