import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { zipStream, type ZipEntry } from './result-zip.js';

/** A zip on its way to the person. */
export interface Download {
  readonly stream: Readable;
  readonly name: string;
}

interface Prepared {
  readonly entries: readonly ZipEntry[];
  readonly name: string;
}

/** Downloads that nobody came for are forgotten beyond so many. */
const MOST_PREPARED = 32;

const dated = (now: Date): string => `stillgrain-${now.toISOString().slice(0, 10)}.zip`;

/** Zips that were asked for and wait to be fetched, each once. */
export class Downloads {
  readonly #prepared = new Map<string, Prepared>();

  /** Prepares a zip; nothing is read yet. `name`: what it is called, absent: by the day. */
  prepare(entries: readonly ZipEntry[], now: Date, name = dated(now)): { readonly id: string; readonly name: string } {
    const id = randomBytes(16).toString('hex');
    this.#prepared.set(id, { entries, name });
    for (const old of this.#prepared.keys()) {
      if (this.#prepared.size <= MOST_PREPARED) break;
      this.#prepared.delete(old);
    }
    return { id, name };
  }

  /** Fetches a zip; null for one that is not there, or was fetched already. */
  async take(id: string): Promise<Download | null> {
    const prepared = this.#prepared.get(id);
    if (prepared === undefined) return null;
    this.#prepared.delete(id);
    return { stream: await zipStream(prepared.entries), name: prepared.name };
  }
}
