/** One holder at a time, first come first served: inference runs one photo at a time. */
export class Mutex {
  private last: Promise<void> = Promise.resolve();

  /** Waits for its turn, runs the work alone and passes on its outcome. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.last;
    let leave: () => void = () => undefined;
    this.last = new Promise((resolve) => (leave = resolve));
    await before;
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
