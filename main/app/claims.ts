import { createHash } from 'node:crypto';
import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isForeign, isRunning, ownerToken, parseOwner, type Owner } from './owner.js';

/** A claim of another machine cannot be checked for life; beyond this age it is taken for left behind. */
const FOREIGN_CLAIM_MS = 24 * 3_600_000;

/** The right to write one output file, until it is released. */
export interface Claim {
  release(): Promise<void>;
}

/**
 * Claims on output files, one small file each, so that two processes never write the same photo. Every claim file is
 * named after its output *and* its owner: one claims by creating the own file first and then looking for others. Two
 * that come together may both give way (and try again), but never both hold; and deleting what a dead process left
 * is safe at any moment, because nobody will ever create that name again.
 */
export class Claims {
  constructor(
    private readonly folder: string,
    private readonly owner: Owner,
  ) {}

  /** Claims an output path; null when another running process holds it. */
  async tryClaim(output: string): Promise<Claim | null> {
    const prefix = `${createHash('sha256').update(output).digest('hex').slice(0, 24)}.`;
    const mine = `${prefix}${ownerToken(this.owner)}`;
    await mkdir(this.folder, { recursive: true });
    await (await open(join(this.folder, mine), 'wx')).close();
    for (const name of await readdir(this.folder)) {
      if (!name.startsWith(prefix) || name === mine) continue;
      if (await this.#holds(name, name.slice(prefix.length))) {
        await this.#remove(mine);
        return null;
      }
      await this.#remove(name);
    }
    return { release: () => this.#remove(mine) };
  }

  async #holds(name: string, token: string): Promise<boolean> {
    const owner = parseOwner(token);
    if (owner === null || !isRunning(owner)) return false;
    if (!isForeign(owner)) return true;
    const info = await stat(join(this.folder, name)).catch(() => null);
    return info !== null && Date.now() - info.mtimeMs < FOREIGN_CLAIM_MS;
  }

  async #remove(name: string): Promise<void> {
    await unlink(join(this.folder, name)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
}
