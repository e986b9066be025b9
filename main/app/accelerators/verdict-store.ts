import { createHash } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Verdict, type Precision, type Provider } from '../../../preload/contract.js';
import { isRunning, newOwner, ownerToken, parseOwner } from '../owner.js';
import { writeStored } from '../stored-file.js';
import { nextVerdict, UNTESTED, type VerdictEvent } from './verdict.js';

/** What a verdict is about: it holds for no other runtime, driver or model. */
export interface VerdictKey {
  /** Version of ONNX Runtime. */
  readonly runtime: string;
  readonly provider: Provider;
  readonly precision: Precision;
  readonly driver: string;
  /** Hash of the model's file, in that precision. */
  readonly model: string;
}

const Stored = z.object({
  runtime: z.string(),
  provider: z.string(),
  precision: z.string(),
  driver: z.string(),
  model: z.string(),
  verdict: Verdict,
  /** Who tries it now. */
  owner: z.string().optional(),
});

/**
 * Verdicts on the disk, a file each, so that two programs do not write over each other's. One that cannot be read counts
 * as none.
 */
export class VerdictStore {
  readonly #owner = ownerToken(newOwner());

  constructor(private readonly folder: string) {}

  /** What is thought of an accelerator. A trial whose process is gone has taken it along: that is written down, too. */
  async read(key: VerdictKey): Promise<Verdict> {
    const text = await readFile(this.#file(key), 'utf8').catch(() => null);
    const parsed = Stored.safeParse(parseJson(text));
    if (!parsed.success || !isAbout(parsed.data, key)) return UNTESTED;
    const { verdict, owner } = parsed.data;
    if (verdict.state !== 'testing') return verdict;
    const trier = parseOwner(owner ?? '');
    if (trier !== null && isRunning(trier)) return verdict;
    const crashed = nextVerdict(verdict, { type: 'found-unfinished' });
    // A folder that cannot be written to is no reason to try again what may take the machine down.
    await this.#write(key, crashed).catch(() => undefined);
    return crashed;
  }

  /**
   * Changes what is thought of an accelerator; it is on the disk when this resolves.
   * @throws the system's error when it cannot be written
   */
  async apply(key: VerdictKey, event: VerdictEvent): Promise<Verdict> {
    const verdict = nextVerdict(await this.read(key), event);
    await this.#write(key, verdict);
    return verdict;
  }

  /** Whether there are none at all: then nothing need be found out about this machine. */
  async isEmpty(): Promise<boolean> {
    return (await readdir(this.folder).catch(() => [])).length === 0;
  }

  async #write(key: VerdictKey, verdict: Verdict): Promise<void> {
    const owner = verdict.state === 'testing' ? { owner: this.#owner } : {};
    await writeStored(this.#file(key), [`${JSON.stringify({ ...key, verdict, ...owner }, null, 2)}\n`]);
    // The name, too, must be on the disk before a driver gets the chance to take the machine down.
    const folder = await open(this.folder, 'r').catch(() => null);
    await folder?.sync().catch(() => undefined);
    await folder?.close();
  }

  #file({ runtime, provider, precision, driver, model }: VerdictKey): string {
    const hash = createHash('sha256')
      .update(JSON.stringify([runtime, driver, model]))
      .digest('hex')
      .slice(0, 24);
    return join(this.folder, `${provider}-${precision}-${hash}.json`);
  }
}

const isAbout = (stored: z.infer<typeof Stored>, key: VerdictKey): boolean =>
  (['runtime', 'provider', 'precision', 'driver', 'model'] as const).every((part) => stored[part] === key[part]);

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
