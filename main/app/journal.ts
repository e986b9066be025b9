import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { DenoiseSettings, EncodeSettings, WireError } from '../../preload/contract.js';
import { DenoiseReport } from '../../preload/engine-protocol.js';

/**
 * The queue on disk: one JSON record a line, appended and synced, never changed. A journal file has one writer; a line
 * that a kill or a full disk has torn is ignored by every reader.
 */

const VERSION = 1;

/** What tells one state of a file from another without reading it. */
export const FileStamp = z.object({ size: z.number(), mtimeMs: z.number(), ino: z.number() });
export type FileStamp = z.infer<typeof FileStamp>;

/** `at` is in milliseconds since 1970. */
const head = { v: z.literal(VERSION), at: z.number() };
/** `batch` says which command the attempt belongs to: see `batchId`. */
const attempt = { id: z.string(), key: z.string(), batch: z.string() };

export const JournalRecord = z.discriminatedUnion('type', [
  /** Settings that items refer to by `job`, so that ten thousand items do not repeat them. */
  z.object({ ...head, type: z.literal('job'), job: z.string(), settings: DenoiseSettings, encode: EncodeSettings }),
  /** An item enters the queue, or comes back with another photo or other settings behind it. */
  z.object({
    ...head,
    type: z.literal('item'),
    id: z.string(),
    job: z.string(),
    input: z.string(),
    output: z.string(),
    /** What the result depends on: see `contentKey`. */
    key: z.string(),
  }),
  /** The engine is given the item; `before` is what lay at the output path. */
  z.object({ ...head, type: z.literal('running'), ...attempt, before: FileStamp.nullable() }),
  z.object({ ...head, type: z.literal('done'), ...attempt, written: FileStamp, report: DenoiseReport.nullable() }),
  z.object({ ...head, type: z.literal('failed'), id: z.string(), error: WireError }),
  z.object({ ...head, type: z.literal('cancelled'), id: z.string() }),
  /** A command has come to its end: nothing of it is left to resume. */
  z.object({ ...head, type: z.literal('end'), batch: z.string() }),
]);
export type JournalRecord = z.infer<typeof JournalRecord>;

type WithoutHead<R> = R extends JournalRecord ? Omit<R, 'v' | 'at'> : never;
/** A record as its author writes it; version and time are added. */
export type NewRecord = WithoutHead<JournalRecord>;

export const stampRecord = (record: NewRecord, at: number): JournalRecord => ({ v: VERSION, at, ...record });

/** Whole lines read from a journal. */
export interface JournalText {
  readonly records: readonly JournalRecord[];
  /** Bytes up to the end of the last whole line: where the next read starts. */
  readonly consumed: number;
  /** Lines of a newer program: what this one must not throw away. */
  readonly foreign: number;
}

/** Reads a journal's text; damaged lines are left out, an unfinished last line is left for the next read. */
export function parseJournal(text: Buffer): JournalText {
  const consumed = text.lastIndexOf(0x0a) + 1;
  const records: JournalRecord[] = [];
  let foreign = 0;
  for (const line of text.toString('utf8', 0, consumed).split('\n')) {
    if (line === '') continue;
    const value = parseLine(line);
    const parsed = JournalRecord.safeParse(value);
    if (parsed.success) records.push(parsed.data);
    else if (typeof value === 'object' && value !== null && 'v' in value && value.v !== VERSION) foreign++;
  }
  return { records, consumed, foreign };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const formatRecords = (records: readonly JournalRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** The one writer of a journal file. */
export class JournalWriter {
  #tail: Promise<void> = Promise.resolve();
  #torn = false;

  private constructor(private readonly file: FileHandle) {}

  /** Creates the file with its first records, all or nothing: it appears under its name only when it is complete. */
  static async create(path: string, records: readonly JournalRecord[]): Promise<JournalWriter> {
    const partial = `${path}.new`;
    const file = await open(partial, 'a');
    await file.appendFile(formatRecords(records));
    await file.datasync();
    await rename(partial, path);
    return new JournalWriter(file);
  }

  /** Appends records in order and resolves when they are on the disk. */
  append(records: readonly JournalRecord[]): Promise<void> {
    const write = this.#tail.then(async () => {
      // After a write that failed half-way the rest of that line must not swallow the next one.
      const text = (this.#torn ? '\n' : '') + formatRecords(records);
      this.#torn = true;
      await this.file.appendFile(text);
      await this.file.datasync();
      this.#torn = false;
    });
    this.#tail = write.catch(() => undefined);
    return write;
  }

  async close(): Promise<void> {
    await this.#tail;
    await this.file.close();
  }
}

/** Follows a journal that another process writes: each poll returns what was added since the last. */
export class JournalReader {
  #offset = 0;
  /** Lines of a newer program seen so far. */
  foreign = 0;

  constructor(readonly path: string) {}

  /** @throws ENOENT when the file is gone: its owner ended and another process has taken its records over. */
  async poll(): Promise<readonly JournalRecord[]> {
    const text = await this.#readNew();
    const { records, consumed, foreign } = parseJournal(text);
    this.#offset += consumed;
    this.foreign += foreign;
    return records;
  }

  async #readNew(): Promise<Buffer> {
    if (this.#offset === 0) return readFile(this.path);
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.max(0, size - this.#offset);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, this.#offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}
