import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DEFAULT_DENOISE,
  type CallResult,
  type ModelPick,
  type OwnModels,
  type PhotoId,
} from '../../preload/contract.js';
import { ModelName } from '../../preload/models/card.js';
import { AppError } from '../core/errors.js';
import { suitedTo } from './auto-model.js';
import type { Emit } from './events.js';
import { outputError } from './fs-errors.js';
import type { Added, ModelLibrary } from './model-library.js';
import type { Platform } from './platform.js';
import { safeName } from './safe-name.js';
import { writeStored } from './stored-file.js';
import type { StoredRun } from './training/run-file.js';
import type { PhotoCameras } from './training/photo-cameras.js';

export interface ModelsOptions {
  readonly models: ModelLibrary;
  readonly cameras: PhotoCameras;
  readonly platform: Pick<Platform, 'pickModel' | 'pickModelTarget'>;
  /** Names of the denoisers that ship. */
  readonly shipped: () => Promise<readonly string[]>;
  readonly emit: Emit;
  /** For files on their way, of this process alone. */
  readonly scratch: string;
}

/** What a model is called whose file says nothing and has no name that could be one. */
const NAMELESS = 'imported model';
/** Downloads that nobody came for are forgotten beyond so many. */
const MOST_PREPARED = 8;

/** The person's own models, as the window deals with them. */
export class ModelsService {
  /** Versions that wait to be fetched, by the ids of their downloads. */
  readonly #prepared = new Map<string, string>();

  constructor(private readonly options: ModelsOptions) {}

  async list(): Promise<OwnModels> {
    const { versions, damaged, fault } = await this.options.models.list();
    return {
      versions: versions.map(({ id, promoted, card }) => ({ id, promoted, card })),
      // Reasons say what is wrong with files, and where those are.
      damaged: damaged.map(({ id, name, reason }) => ({ id, name, reason })),
      fault:
        fault === null ? null : 'the record of promoted models is damaged: none counts until one is promoted again',
    };
  }

  /** Tells the window that something is different. */
  async tell(): Promise<void> {
    this.options.emit('models.changed', await this.list());
  }

  async promote(version: string): Promise<void> {
    await this.options.models.promote(version);
    await this.tell();
  }

  /** @returns the version that the name stands for now */
  async rollback(name: string): Promise<string | null> {
    const version = await this.options.models.rollback(name);
    await this.tell();
    return version?.id ?? null;
  }

  /** Writes a version where the person says; false: they changed their mind. @throws AppError as the library does */
  async export(id: string): Promise<boolean> {
    const { version, file } = await this.options.models.exported(id);
    const target = await this.options.platform.pickModelTarget(fileName(version.card.name));
    if (target === null) return false;
    // The system's dialog has asked about a file that is there.
    await writeStored(target, [file]).catch((error: unknown) => {
      throw outputError(error, basename(target));
    });
    return true;
  }

  async download(id: string): Promise<CallResult<'models.download'>> {
    const { card } = await this.options.models.get(id);
    const ticket = randomBytes(16).toString('hex');
    this.#prepared.set(ticket, id);
    for (const old of this.#prepared.keys()) {
      if (this.#prepared.size <= MOST_PREPARED) break;
      this.#prepared.delete(old);
    }
    return { url: `download/${ticket}`, name: `${fileName(card.name)}.onnx` };
  }

  /** The file behind a ticket of `download`, once; null: none. */
  async takeDownload(ticket: string): Promise<{ name: string; stream: Readable; contentType: string } | null> {
    const id = this.#prepared.get(ticket);
    if (id === undefined) return null;
    this.#prepared.delete(ticket);
    const { version, file } = await this.options.models.exported(id);
    const name = `${fileName(version.card.name)}.onnx`;
    return { name, stream: Readable.from([file]), contentType: 'application/octet-stream' };
  }

  /** Takes in the file that the person chooses in the system's dialog; null: they changed their mind. */
  async import(): Promise<CallResult<'models.import'>> {
    const path = await this.options.platform.pickModel();
    return path === null ? null : this.#take(path, basename(path));
  }

  /** Takes in a file that a browser sends. @throws AppError as the library does, 'output/disk-full' */
  async receive(content: Readable, name: string): Promise<CallResult<'models.import'>> {
    const path = join(this.options.scratch, `model-${randomBytes(8).toString('hex')}.onnx`);
    try {
      await mkdir(this.options.scratch, { recursive: true, mode: 0o700 });
      await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 })).catch((error: unknown) => {
        throw error instanceof AppError ? error : outputError(error, name);
      });
      return await this.#take(path, name);
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }

  /** Which model a photo gets when it is left to its camera. */
  async pick(signal: AbortSignal, photo: PhotoId): Promise<ModelPick> {
    const { models, cameras } = this.options;
    const camera = await cameras.of(signal, photo);
    const suited = suitedTo(await models.promoted(), camera);
    const iso = camera?.iso ?? null;
    if (suited === null || camera === null || iso === null) {
      return { photo, model: DEFAULT_DENOISE.model, camera: null };
    }
    return { photo, model: suited.card.name, camera: { model: camera.model ?? '', iso } };
  }

  /** The model that training starts from. @throws AppError usage/invalid, model/... */
  async parentOf(wanted: string): Promise<NonNullable<StoredRun['parent']>> {
    const own = await this.options.models.forUse(wanted);
    if (own !== null && 'file' in own) return { model: own.file, name: own.card.name, base: own.card.base };
    const shipped = own === null ? wanted : own.base;
    if (!(await this.options.shipped()).includes(shipped)) {
      throw new AppError('usage/invalid', `there is no model '${shipped}' to start from: choose another`);
    }
    return { model: shipped, name: shipped, base: shipped };
  }

  async #take(path: string, name: string): Promise<CallResult<'models.import'>> {
    const { version, isNew } = await this.#added(path, name);
    await this.tell();
    return { name: version.card.name, isNew };
  }

  /** As its card says, else as its file is called. Messages name the file as the person knows it. */
  async #added(path: string, name: string): Promise<Added> {
    const { models } = this.options;
    try {
      return await models.importFrom(path).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'usage/invalid') return models.importFrom(path, nameFrom(name));
        throw error;
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new AppError(error.code, error.message.replaceAll(path, name), { cause: error });
    }
  }
}

/** A name for a model, from that of its file. */
function nameFrom(file: string): string {
  const stem = basename(file, extname(file))
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N} ._-]+/gu, ' ');
  const parsed = ModelName.safeParse(stem.replace(/ {2,}/g, ' ').trim().slice(0, 64).trim());
  return parsed.success ? parsed.data : NAMELESS;
}

const fileName = (name: string): string => safeName(name, '');
