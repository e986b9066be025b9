import { copyFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CallResult, ImageId, OwnVaes } from '../../preload/contract.js';
import type { Emit } from './events.js';
import { Downloads, type Download } from './export/downloads.js';
import { outputError } from './fs-errors.js';
import { placeOutput } from './generated-names.js';
import type { ImagePool } from './images.js';
import type { Platform } from './platform.js';
import { safeName } from './safe-name.js';
import type { VaeLibrary, VaeVersion } from './vae-library.js';

export interface VaesOptions {
  readonly vaes: VaeLibrary;
  readonly platform: Pick<Platform, 'pickDestination'>;
  readonly emit: Emit;
  /** For sheets; the library owns their files. */
  readonly images: ImagePool;
}

/** The person's own VAEs, as the window deals with them. */
export class VaesService {
  readonly #downloads = new Downloads();
  /** What the sheets are served by, by the ids of their VAEs. */
  readonly #sheets = new Map<string, ImageId>();

  constructor(private readonly options: VaesOptions) {}

  async list(): Promise<OwnVaes> {
    const { versions, damaged } = await this.options.vaes.list();
    return {
      versions: versions.map((version) => ({ id: version.id, card: version.card, sheet: this.#sheetOf(version) })),
      damaged: damaged.map(({ id, reason }) => ({ id, reason })),
    };
  }

  /** Tells the window that something is different. */
  async tell(): Promise<void> {
    this.options.emit('vaes.changed', await this.list());
  }

  /** What the engine is told of a choice of the window. @throws AppError model/not-found, model/invalid */
  async folderOf(id: string | null): Promise<string | null> {
    return id === null ? null : (await this.options.vaes.get(id)).folder;
  }

  /** Writes both files into the folder that the person says; false: they changed their mind. @throws AppError output/... */
  async export(id: string): Promise<boolean> {
    const { vaes, platform } = this.options;
    const files = this.#filesOf(await vaes.get(id));
    const folder = await platform.pickDestination();
    if (folder === null) return false;
    const taken = new Set<string>();
    for (const { path, name } of files) {
      // A name beside one that is there already: neither half of another VAE is written over.
      const target = (await placeOutput(folder, name, 'rename', taken))!.path;
      await copyFile(path, target).catch(async (error: unknown) => {
        await rm(target, { force: true }).catch(() => undefined);
        throw outputError(error, basename(target));
      });
    }
    return true;
  }

  async download(id: string): Promise<CallResult<'vaes.download'>> {
    const version = await this.options.vaes.get(id);
    const zip = safeName(version.card.name, '.zip');
    const prepared = this.#downloads.prepare(this.#filesOf(version), new Date(), zip);
    return { url: `download/${prepared.id}`, name: prepared.name };
  }

  /** The zip of an id that `download` gave, once; null: none. */
  takeDownload(id: string): Promise<Download | null> {
    return this.#downloads.take(id);
  }

  #filesOf(version: VaeVersion) {
    const stem = safeName(version.card.name, '');
    return this.options.vaes.filesOf(version).map(({ path, part }) => ({ path, name: `${stem}-${part}.onnx` }));
  }

  #sheetOf({ id, sheet }: VaeVersion): ImageId | null {
    if (sheet === null) return null;
    const known = this.#sheets.get(id);
    if (known !== undefined && this.options.images.has(known)) return known;
    const image = this.options.images.add(sheet, 'image/png', 0);
    this.#sheets.set(id, image);
    return image;
  }
}
