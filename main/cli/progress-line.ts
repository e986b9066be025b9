import type { Terminal } from './terminal.js';

/** Between two lines of progress, where they cannot be drawn over each other. */
const LINE_EVERY_MS = 60_000;

/** A line of progress that is drawn over, or one a minute where that cannot be; other lines go in between. */
export class ProgressLine {
  private lineAt = 0;
  private drawn = false;

  constructor(private readonly terminal: Terminal) {}

  /** How far things are now. */
  draw(text: string): void {
    const now = performance.now();
    if (this.terminal.interactive) {
      process.stderr.write(`\r\u001B[K${text}`);
      this.drawn = true;
    } else if (now - this.lineAt >= LINE_EVERY_MS) {
      this.lineAt = now;
      this.say(text);
    }
  }

  /** A line that stays. */
  say(text: string): void {
    this.clear();
    this.terminal.err(text);
  }

  /** Clears the line that is drawn over. */
  clear(): void {
    if (this.drawn) process.stderr.write('\r\u001B[K');
    this.drawn = false;
  }
}
