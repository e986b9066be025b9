import type { powerSaveBlocker } from 'electron';

/** Keeps the computer from going to sleep for as long as there is a reason; its screen may go dark. */
export class Awake<Reason> {
  readonly #reasons = new Set<Reason>();
  #blocker: number | null = null;

  constructor(private readonly blockers: Pick<typeof powerSaveBlocker, 'start' | 'stop'>) {}

  /** Says whether there is this reason. */
  keep(reason: Reason, isThere: boolean): void {
    if (isThere) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    if (this.#reasons.size > 0) this.#blocker ??= this.blockers.start('prevent-app-suspension');
    else if (this.#blocker !== null) {
      this.blockers.stop(this.#blocker);
      this.#blocker = null;
    }
  }
}
