/** Where a command writes: results to `out`, everything that is about the work itself to `err`. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Whether progress can be drawn: a person looks at stderr. */
  readonly interactive: boolean;
}

/** The process's own terminal. `onClosed` is called once when whoever read stdout has gone (`stillgrain ... | head`). */
export function processTerminal(onClosed: () => void): Terminal {
  let closed = false;
  const closing = (): void => {
    if (!closed) onClosed();
    closed = true;
  };
  process.stdout.on('error', closing);
  process.stderr.on('error', () => undefined);
  return {
    out: (line) => {
      if (!closed) process.stdout.write(`${line}\n`);
    },
    err: (line) => void process.stderr.write(`${line}\n`),
    interactive: process.stderr.isTTY,
  };
}
