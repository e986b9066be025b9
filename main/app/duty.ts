/**
 * Whether the engine has something more urgent than what runs in the background: reasons come and go, and who works
 * in the background waits until there is none.
 */
export class Duty {
  readonly #reasons = new Set<symbol>();
  readonly #listeners = new Set<() => void>();

  get busy(): boolean {
    return this.#reasons.size > 0;
  }

  /** Says that something urgent is under way; what comes back ends it. */
  begin(): () => void {
    const reason = Symbol();
    this.#reasons.add(reason);
    this.#tell();
    return () => {
      if (this.#reasons.delete(reason)) this.#tell();
    };
  }

  /** Hears of every beginning and end. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
