import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '../core/errors.js';
import { Claims } from './claims.js';
import { NO_PROMOTIONS, Promotions } from './model-promotions.js';
import { newOwner } from './owner.js';
import { writeStored } from './stored-file.js';

const FILE = 'current.json';
/** A change takes milliseconds: who cannot have his turn for so long is behind a process that hangs. */
const LOCK_PATIENCE_MS = 10_000;
/** Give or take: two must not keep step. */
const LOCK_POLL_MS = 20;

/** The promotions of a library on the disk, changed by one process at a time. */
export class PromotionFile {
  readonly #claims: Claims;

  constructor(private readonly folder: string) {
    this.#claims = new Claims(join(folder, 'claims'), newOwner());
  }

  /** What is written there, and what is wrong with it, in which case nothing counts as promoted; null: nothing. */
  async read(): Promise<{ readonly promotions: Promotions; readonly fault: string | null }> {
    const none = { promotions: NO_PROMOTIONS, fault: null };
    try {
      return { promotions: Promotions.parse(JSON.parse(await readFile(this.#path, 'utf8'))), fault: null };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return none;
      if (code !== undefined && code.startsWith('E')) throw error;
      return { ...none, fault: `${this.#path} is damaged: no model counts as promoted until one is promoted again` };
    }
  }

  /**
   * Changes what is there, after everybody else's change. A damaged file is kept under another name.
   * @param change gives the new promotions; the same object: nothing is written
   * @throws AppError 'output/locked', what `change` throws, and errors of the file system
   */
  async change(change: (promotions: Promotions) => Promotions): Promise<Promotions> {
    const claim = await this.#lock();
    try {
      const { promotions, fault } = await this.read();
      const changed = change(promotions);
      if (changed === promotions) return promotions;
      if (fault !== null) await rename(this.#path, `${this.#path}.damaged-${Date.now()}`);
      await writeStored(this.#path, [`${JSON.stringify(changed, null, 2)}\n`]);
      return changed;
    } finally {
      await claim.release();
    }
  }

  async #lock() {
    const until = performance.now() + LOCK_PATIENCE_MS;
    for (;;) {
      const claim = await this.#claims.tryClaim(this.#path);
      if (claim !== null) return claim;
      if (performance.now() > until) {
        throw new AppError('output/locked', 'another Stillgrain is changing the models: try again when it is done');
      }
      await setTimeout(LOCK_POLL_MS * (0.5 + Math.random()));
    }
  }

  get #path(): string {
    return join(this.folder, FILE);
  }
}
