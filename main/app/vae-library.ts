import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { VersionId } from '../../preload/models/card.js';
import { VaeCard, type NewVaeCard } from '../../preload/models/vae-card.js';
import { AppError } from '../core/errors.js';
import { checkModel } from '../core/onnx/check.js';
import { decodeModel } from '../core/onnx/codec.js';
import type { Graph } from '../core/onnx/model.js';
import { tempName } from '../core/temp-name.js';
import { inputError, outputError } from './fs-errors.js';
import { mapWindow } from './map-window.js';
import { sha256Of, versionId } from './model-exchange.js';
import { sweepUnfinished, writeSynced } from './model-versions.js';
import { vaesFolder } from './state-folder.js';
import { byNameThenNewest } from './version-order.js';

/**
 * The VAEs that a person has trained. A folder each, named by its id, with the two nets, the card, and the sheet by which
 * the last evaluation can be judged. Apart from the denoisers, whose lists, promotions and choices know nothing of them.
 * A name stands for the most recent of its versions. Nothing is ever changed or removed.
 */

const CARD_FILE = 'card.json';
const SHEET_FILE = 'sheet.png';
/** What the engine takes the folder of a VAE by. */
const FILES = { encoder: 'vae-encoder.onnx', decoder: 'vae-decoder.onnx' } as const;
const READ_WINDOW = 8;

export interface VaeVersion {
  readonly id: string;
  readonly card: VaeCard;
  /** What the engine is told, absolute: both files lie there. */
  readonly folder: string;
  /** Absolute; null: there is none. */
  readonly sheet: string | null;
}

export interface DamagedVae {
  readonly id: string;
  readonly reason: string;
}

/** What a run leaves behind, absolute. */
export interface TrainedVae {
  readonly encoder: string;
  readonly decoder: string;
  /** Null: nothing was held out. */
  readonly sheet: string | null;
}

let count = 0;

export class VaeLibrary {
  readonly #folder: string;

  /** @param state the state folder */
  constructor(state: string) {
    this.#folder = vaesFolder(state);
  }

  /**
   * Takes in what was trained; the files are copied. The very same again is left as it is.
   * @throws AppError 'model/invalid' for files that are no VAE, 'output/disk-full'...
   */
  async add(files: TrainedVae, card: NewVaeCard): Promise<VaeVersion> {
    const [encoder, decoder] = await Promise.all([read(files.encoder), read(files.decoder)]);
    const hashes = [sha256Of(encoder), sha256Of(decoder)] as const;
    const id = versionId(sha256Of(Buffer.from(hashes.join(''))));
    const whole: VaeCard = {
      ...card,
      ...{ v: 1, id, ...shapeOf(encoder, decoder) },
      files: {
        encoder: { sha256: hashes[0], bytes: encoder.length },
        decoder: { sha256: hashes[1], bytes: decoder.length },
      },
    };
    const sheet = files.sheet === null ? null : await readFile(files.sheet).catch(() => null);
    try {
      await sweepUnfinished(this.#folder);
      const known = await this.#read(id);
      if ('card' in known) return known;
      await this.#write(whole, { encoder, decoder, sheet });
    } catch (error) {
      throw error instanceof AppError ? error : outputError(error, 'the folder of your models');
    }
    return this.get(id);
  }

  /** By name, and within a name the most recent first; the damaged ones apart. */
  async list(): Promise<{ readonly versions: readonly VaeVersion[]; readonly damaged: readonly DamagedVae[] }> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const ids = names.filter((name) => VersionId.safeParse(name).success);
    const entries = await mapWindow(ids, READ_WINDOW, (id) => this.#read(id));
    const versions = entries.filter((entry) => 'card' in entry);
    return { versions: versions.sort(byNameThenNewest), damaged: entries.filter((entry) => 'reason' in entry) };
  }

  /**
   * A version by its id, or the most recent of a name.
   * @throws AppError 'model/not-found', saying which there are; 'model/invalid' for a damaged one
   */
  async get(nameOrId: string): Promise<VaeVersion> {
    const found = await this.find(nameOrId);
    if (found !== null) return found;
    const { versions } = await this.list();
    const names = [...new Set(versions.map(({ card }) => card.name))].join(', ');
    const hint = names === '' ? 'there are none yet' : `there are ${names}`;
    throw new AppError('model/not-found', `no VAE of yours has the name or id '${nameOrId}': ${hint}`);
  }

  /** The same; null: none is called that. @throws AppError 'model/invalid' for a damaged one */
  async find(nameOrId: string): Promise<VaeVersion | null> {
    const { versions, damaged } = await this.list();
    const broken = damaged.find(({ id }) => id === nameOrId);
    if (broken !== undefined) throw new AppError('model/invalid', `the VAE ${nameOrId} is damaged: ${broken.reason}`);
    return versions.find(({ id, card }) => id === nameOrId || card.name === nameOrId) ?? null;
  }

  /** Both files of a version. */
  filesOf({ folder }: VaeVersion): readonly { readonly part: 'encoder' | 'decoder'; readonly path: string }[] {
    return (['encoder', 'decoder'] as const).map((part) => ({ part, path: join(folder, FILES[part]) }));
  }

  async #read(id: string): Promise<VaeVersion | DamagedVae> {
    const folder = join(this.#folder, id);
    const card = await readCard(join(folder, CARD_FILE));
    if (typeof card === 'string') return { id, reason: card };
    if (card.id !== id) return { id, reason: `its card is that of ${card.id}` };
    for (const part of ['encoder', 'decoder'] as const) {
      const info = await stat(join(folder, FILES[part])).catch(() => null);
      const { bytes } = card.files[part];
      if (info?.size !== bytes) return { id, reason: `its ${part} has ${info?.size ?? 0} bytes instead of ${bytes}` };
    }
    const sheet = join(folder, SHEET_FILE);
    const hasSheet = await stat(sheet).then(
      () => true,
      () => false,
    );
    return { id, card, folder, sheet: hasSheet ? sheet : null };
  }

  /** Whole or not at all; what is damaged in its place goes. */
  async #write(
    card: VaeCard,
    { encoder, decoder, sheet }: { readonly encoder: Buffer; readonly decoder: Buffer; readonly sheet: Buffer | null },
  ): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const temp = join(this.#folder, tempName(card.id, process.pid, ++count));
    const place = join(this.#folder, card.id);
    try {
      await mkdir(temp);
      await writeSynced(join(temp, FILES.encoder), encoder);
      await writeSynced(join(temp, FILES.decoder), decoder);
      if (sheet !== null) await writeSynced(join(temp, SHEET_FILE), sheet);
      await writeSynced(join(temp, CARD_FILE), `${JSON.stringify(card, null, 2)}\n`);
      await rm(place, { recursive: true, force: true });
      await rename(temp, place);
    } finally {
      await rm(temp, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/** @throws AppError 'model/invalid' for what is no VAE, as far as the nets' ends tell */
function shapeOf(encoder: Uint8Array, decoder: Uint8Array): { readonly side: number; readonly latents: number } {
  const [image, latent] = [soleInput(encoder), soleInput(decoder)];
  const [side, latents] = [image?.dims[2], latent?.dims[1]];
  if (image?.name === 'image' && latent?.name === 'latent' && typeof side === 'number' && typeof latents === 'number') {
    return { side, latents };
  }
  throw new AppError('model/invalid', 'these are not the encoder and the decoder of a VAE');
}

function soleInput(file: Uint8Array): Graph['inputs'][number] | undefined {
  const { graph } = decodeModel(file);
  checkModel(graph);
  return graph.inputs.length === 1 ? graph.inputs[0] : undefined;
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    const { code, message } = inputError(error);
    throw new AppError(code, `${path}: ${message}`, { cause: error });
  });
}

/** A card, or what is wrong with it. */
async function readCard(path: string): Promise<VaeCard | string> {
  try {
    const parsed = VaeCard.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : 'its card is damaged';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'its card is missing' : 'its card cannot be read';
  }
}
