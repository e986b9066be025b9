import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is kept in memory of the engine's own output: enough for its last words, whatever it printed before. */
const TAIL_CHARS = 16_384;
/** The log file moves aside at this size, so that at most twice as much lies on disk. */
const FILE_LIMIT_BYTES = 1_048_576;

/** A bounded log of what the engine prints: its tail in memory, all of it in a file where one is given. */
export class DiagnosticLog {
  #tail = '';

  constructor(readonly file: string | null = null) {}

  /** The last 16 KiB or so. */
  get tail(): string {
    return this.#tail;
  }

  /** Empties the memory, so that a new engine is not blamed for the last words of the one before. */
  startSection(title: string): void {
    this.#tail = '';
    this.#toFile(`--- ${new Date().toISOString()} ${title}\n`);
  }

  write(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL_CHARS);
    this.#toFile(text);
  }

  #toFile(text: string): void {
    if (this.file === null) return;
    try {
      mkdirSync(dirname(this.file), { recursive: true });
      if ((statSync(this.file, { throwIfNoEntry: false })?.size ?? 0) > FILE_LIMIT_BYTES) {
        renameSync(this.file, `${this.file}.old`);
      }
      appendFileSync(this.file, text);
    } catch {
      // A log that cannot be written must never stop the photos.
    }
  }
}
