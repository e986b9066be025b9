import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ModelName, type ModelCard, type NewModelCard } from '../../preload/models/card.js';
import { AppError } from '../core/errors.js';
import { inputError, outputError } from './fs-errors.js';
import { fileWithCard, receiveModel, versionId, type ReceivedModel } from './model-exchange.js';
import { historyOf, inUse, promote, rollBack, type PromotionEntry, type Promotions } from './model-promotions.js';
import {
  fileFault,
  isDamaged,
  mendVersion,
  readVersion,
  readVersions,
  sweepUnfinished,
  writeVersion,
  type DamagedVersion,
  type StoredVersion,
} from './model-versions.js';
import { pickFor, type PhotoCamera } from './pick-model.js';
import { PromotionFile } from './promotion-file.js';
import { modelsFolder } from './state-folder.js';
import { writeNew } from './stored-file.js';
import { byNameThenNewest } from './version-order.js';

/** A version of a model. */
export interface ModelVersion extends StoredVersion {
  /** Whether its name stands for it. */
  readonly promoted: boolean;
}

/** Everything in a library. */
export interface LibraryContents {
  /** By name, and within a name the most recent first. */
  readonly versions: readonly ModelVersion[];
  readonly damaged: readonly DamagedVersion[];
  /** What is wrong with the record of what is promoted; null: nothing. */
  readonly fault: string | null;
}

/** What adding a model came to. */
export interface Added {
  readonly version: ModelVersion;
  /** False: the very same file was there already, under the name that `version` has. */
  readonly isNew: boolean;
}

/**
 * The models that people have trained or imported. Versions of one name form a history, in which one at most is promoted:
 * it is what the name stands for. Nothing is ever removed or changed; several processes may work with it at once.
 */
export class ModelLibrary {
  readonly #folder: string;
  readonly #promotions: PromotionFile;

  /** @param state the state folder */
  constructor(state: string) {
    this.#folder = modelsFolder(state);
    this.#promotions = new PromotionFile(this.#folder);
  }

  /**
   * Takes in a model that was trained, with its card; the file itself is copied.
   * @throws AppError 'model/...' for what is no denoiser, 'usage/invalid' for a wrong name, 'output/disk-full'...
   */
  async add(modelFile: string, card: NewModelCard): Promise<Added> {
    return this.#keep(await receive(modelFile), card);
  }

  /** All versions, the damaged ones apart. */
  async list(): Promise<LibraryContents> {
    const [entries, { promotions, fault }] = await Promise.all([readVersions(this.#folder), this.#promotions.read()]);
    const versions = entries.flatMap((entry) => (isDamaged(entry) ? [] : [asVersion(entry, promotions)]));
    return { versions: versions.sort(byNameThenNewest), damaged: entries.filter(isDamaged), fault };
  }

  /**
   * A version by its id, or the one that a name stands for: the promoted one, else the most recent.
   * @throws AppError 'model/not-found', saying which there are; 'model/invalid' for a damaged one
   */
  async get(nameOrId: string): Promise<ModelVersion> {
    const named = await this.#named(nameOrId);
    return named.find(({ promoted }) => promoted) ?? named[0]!;
  }

  /**
   * What denoising with a name or an id uses.
   * @returns a version; or the name of a shipped model, where the promotions of the name were all taken back; null: no
   *   model of the library is called that
   * @throws AppError 'usage/invalid' for a name of which nothing was ever promoted, 'model/invalid' for a damaged version
   */
  async forUse(nameOrId: string): Promise<ModelVersion | { readonly base: string } | null> {
    const { versions, damaged } = await this.list();
    const named = versions.filter(({ id, card }) => id === nameOrId || card.name === nameOrId);
    const version = named.find(({ id, promoted }) => promoted || id === nameOrId);
    if (version !== undefined) {
      await requireWhole(version);
      return version;
    }
    const history = await this.history(nameOrId);
    const wanted = history.at(-1)?.version ?? nameOrId;
    const broken = damaged.find(({ id, name }) => id === wanted || name === wanted);
    if (broken !== undefined) throw damagedError(broken);
    if (named.length === 0) return null;
    if (history.length > 0) return { base: named[0]!.card.base };
    const hint = `stillgrain models promote '${nameOrId}', or name a version by its id, ${named[0]!.id}`;
    throw new AppError('usage/invalid', `no version of '${nameOrId}' has been promoted: ${hint}`);
  }

  /** All that was done with a name, oldest first: its promotions and rollbacks. */
  async history(name: string): Promise<readonly PromotionEntry[]> {
    return historyOf((await this.#promotions.read()).promotions, name);
  }

  /**
   * Lets a name stand for one of its versions: that of an id, or the most recent of a name.
   * @throws AppError as `get`; 'output/locked', 'output/disk-full'...
   */
  async promote(nameOrId: string): Promise<ModelVersion> {
    const [version] = await this.#named(nameOrId);
    await requireWhole(version!);
    const { id, card } = version!;
    await this.#change((promotions) => promote(promotions, card.name, id, new Date().toISOString()));
    return { ...version!, promoted: true };
  }

  /**
   * Takes back the last promotion of a name that was not taken back yet.
   * @returns the version that the name stands for now; null: none, as before the first promotion
   * @throws AppError 'model/not-found', 'usage/invalid' when there is nothing to take back
   */
  async rollback(name: string): Promise<ModelVersion | null> {
    // By what was done with the name: its versions may all be damaged. An id names its model as well.
    const isName = (await this.history(name)).length > 0;
    const model = isName ? name : (await this.#named(name))[0]!.card.name;
    const promotions = await this.#change((before) => {
      const after = rollBack(before, model, new Date().toISOString());
      if (after !== null) return after;
      throw new AppError('usage/invalid', `nothing to roll back: no version of '${model}' is promoted`);
    });
    const id = inUse(promotions, model);
    const entry = id === null ? null : await readVersion(this.#folder, id);
    return entry === null || isDamaged(entry) ? null : asVersion(entry, promotions);
  }

  /**
   * Writes a version as one .onnx file, its card in the file's metadata.
   * @throws AppError as `get`; 'output/exists', 'output/disk-full'...
   */
  async exportTo(nameOrId: string, path: string): Promise<ModelVersion> {
    const { version, file } = await this.exported(nameOrId);
    await writeNew(resolve(path), file);
    return version;
  }

  /** A version, and what is in its file when it is exported. @throws AppError as `get` */
  async exported(nameOrId: string): Promise<{ readonly version: ModelVersion; readonly file: Uint8Array }> {
    const version = await this.get(nameOrId);
    await requireWhole(version);
    return { version, file: fileWithCard(await readFile(version.file), version.card) };
  }

  /**
   * Takes in a denoiser from a file. A card in the file is kept, whoever wrote it.
   * @param name what it is to be called; absent: as its card says
   * @throws AppError as `add`; 'usage/invalid' where there is neither a name nor a card
   */
  async importFrom(path: string, name?: string): Promise<Added> {
    const received = await receive(path);
    return this.#keep(received, cardFor(received, name, path));
  }

  /** The promoted version that suits a photo; see `pickFor`. */
  async pickFor(camera: PhotoCamera | null, base: string | null): Promise<ModelVersion | null> {
    return pickFor(await this.promoted(), camera, base);
  }

  /** All promoted versions whose files are whole. */
  async promoted(): Promise<readonly ModelVersion[]> {
    const { versions } = await this.list();
    const candidates = versions.filter(({ promoted }) => promoted);
    const faults = await Promise.all(candidates.map(fileFault));
    return candidates.filter((_, index) => faults[index] === null);
  }

  async #keep(received: ReceivedModel, card: NewModelCard): Promise<Added> {
    const { bytes, sha256 } = received;
    const id = versionId(sha256);
    const whole: ModelCard = { ...card, v: 1, id, name: checkName(card.name), sha256, bytes: bytes.length };
    try {
      await sweepUnfinished(this.#folder);
      const present = await readVersion(this.#folder, id);
      const isKnown = !isDamaged(present) && (await fileFault(present)) === null;
      if (!isKnown) {
        await writeVersion(this.#folder, whole, bytes);
        const written = await readVersion(this.#folder, id);
        // A damaged version was in the way.
        if (isDamaged(written) || (await fileFault(written)) !== null) await mendVersion(this.#folder, whole, bytes);
      }
      const entry = await readVersion(this.#folder, id);
      if (isDamaged(entry)) throw damagedError(entry);
      return { version: asVersion(entry, (await this.#promotions.read()).promotions), isNew: !isKnown };
    } catch (error) {
      throw error instanceof AppError ? error : outputError(error, this.#folder);
    }
  }

  /** The versions that a name or an id means, the most recent first; one at least. */
  async #named(nameOrId: string): Promise<readonly ModelVersion[]> {
    const { versions, damaged } = await this.list();
    const found = versions.filter(({ id, card }) => id === nameOrId || card.name === nameOrId);
    if (found.length > 0) return found;
    const broken = damaged.find(({ id, name }) => id === nameOrId || name === nameOrId);
    if (broken !== undefined) throw damagedError(broken);
    const names = [...new Set(versions.map(({ card }) => card.name))].join(', ');
    const hint = names === '' ? 'there are none yet' : `there are ${names}`;
    throw new AppError('model/not-found', `no model of yours has the name or id '${nameOrId}': ${hint}`);
  }

  async #change(change: (promotions: Promotions) => Promotions): Promise<Promotions> {
    try {
      return await this.#promotions.change(change);
    } catch (error) {
      throw error instanceof AppError ? error : outputError(error, this.#folder);
    }
  }
}

/** @throws AppError 'model/invalid' when the file of a version is not what was put there */
export async function requireWhole(version: StoredVersion): Promise<void> {
  const reason = await fileFault(version);
  if (reason !== null) throw damagedError({ id: version.id, name: version.card.name, reason });
}

async function receive(path: string): Promise<ReceivedModel> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const { code, message } = inputError(error);
    throw new AppError(code, `the model ${path}: ${message}`, { cause: error });
  });
  try {
    return receiveModel(bytes);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `${path} is no denoiser that can be used: ${error.message}`, { cause: error });
  }
}

function cardFor({ card, cardFault }: ReceivedModel, name: string | undefined, path: string): NewModelCard {
  const notes = cardFault === null ? [] : [cardFault];
  if (card !== null) return { ...card, name: name ?? card.name, notes: [...card.notes, ...notes] };
  if (name === undefined) {
    throw new AppError('usage/invalid', `${path} has no card that says what the model is called: give it a name`);
  }
  return {
    name,
    created: new Date().toISOString(),
    parent: null,
    base: 'imported',
    recipe: { kind: 'imported', training: null },
    data: { photos: 0, cameras: [] },
    steps: 0,
    seconds: 0,
    curves: { loss: [], evaluations: [] },
    scores: { parent: {}, child: {} },
    gate: null,
    notes,
  };
}

function checkName(name: string): string {
  const parsed = ModelName.safeParse(name.normalize('NFC'));
  if (parsed.success) return parsed.data;
  throw new AppError('usage/invalid', `a model cannot be called '${name}': ${parsed.error.issues[0]!.message}`);
}

const damagedError = ({ id, name, reason }: DamagedVersion): AppError =>
  new AppError('model/invalid', `version ${id}${name === null ? '' : ` of '${name}'`} is damaged: ${reason}`);

const asVersion = (version: StoredVersion, promotions: Promotions): ModelVersion => ({
  ...version,
  promoted: inUse(promotions, version.card.name) === version.id,
});
