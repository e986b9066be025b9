import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelCard, VersionId } from '../../preload/models/card.js';
import { parseTempName, tempName } from '../core/temp-name.js';
import { mapWindow } from './map-window.js';
import { sha256Of } from './model-exchange.js';
import { isPidAlive } from './owner.js';
import { writeStored } from './stored-file.js';

/** Versions of models on the disk: a folder each, named by the version's id, with the model and its card. */

const MODEL_FILE = 'model.onnx';
const CARD_FILE = 'card.json';
/** Cards read at once. */
const READ_WINDOW = 16;

/** A version whose card can be read and whose file is there. */
export interface StoredVersion {
  readonly id: string;
  readonly card: ModelCard;
  /** The model, absolute. Its contents never change. */
  readonly file: string;
}

/** A version that cannot be used, and why. */
export interface DamagedVersion {
  readonly id: string;
  /** What its card calls it; null: the card cannot be read. */
  readonly name: string | null;
  readonly reason: string;
}

export type VersionEntry = StoredVersion | DamagedVersion;

export const isDamaged = (entry: VersionEntry): entry is DamagedVersion => 'reason' in entry;

let count = 0;

/** Everything in the folder that has the name of a version. */
export async function readVersions(folder: string): Promise<VersionEntry[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const ids = names.filter((name) => VersionId.safeParse(name).success).sort();
  return mapWindow(ids, READ_WINDOW, (id) => readVersion(folder, id));
}

/** One version, damaged if it is not there. The contents of its file are not read: see `fileFault`. */
export async function readVersion(folder: string, id: string): Promise<VersionEntry> {
  const file = join(folder, id, MODEL_FILE);
  const card = await readCard(join(folder, id, CARD_FILE));
  if (typeof card === 'string') return { id, name: null, reason: card };
  if (card.id !== id) return { id, name: card.name, reason: `its card is that of version ${card.id}` };
  const info = await stat(file).catch(() => null);
  if (info?.isFile() !== true) return { id, name: card.name, reason: `its file ${MODEL_FILE} is missing` };
  if (info.size !== card.bytes) {
    return { id, name: card.name, reason: `its file has ${info.size} bytes instead of ${card.bytes}` };
  }
  return { id, card, file };
}

/** What is wrong with the contents of a version's file; null: they are what its card says. */
export async function fileFault({ file, card }: StoredVersion): Promise<string | null> {
  try {
    return sha256Of(await readFile(file)) === card.sha256 ? null : 'its file was changed: the hash is another';
  } catch (error) {
    return `its file cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
}

/** Puts a new version there, whole or not at all. If another process has put the same there meanwhile, that one stays. */
export async function writeVersion(folder: string, card: ModelCard, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temp = join(folder, tempName(card.id, process.pid, ++count));
  try {
    await mkdir(temp);
    await writeSynced(join(temp, MODEL_FILE), bytes);
    await writeSynced(join(temp, CARD_FILE), cardText(card));
    await rename(temp, join(folder, card.id)).catch((error: unknown) => {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    });
  } finally {
    await rm(temp, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Mends a damaged version with what it should be; a card that could not be read is kept beside the new one. */
export async function mendVersion(folder: string, card: ModelCard, bytes: Uint8Array): Promise<void> {
  const place = join(folder, card.id);
  await writeStored(join(place, MODEL_FILE), [bytes]);
  const old = join(place, CARD_FILE);
  if (typeof (await readCard(old)) === 'string') await rename(old, `${old}.damaged`).catch(() => undefined);
  await writeStored(old, [cardText(card)]);
}

/** A folder that another machine is filling is not older than this; of its processes nothing is known here. */
const ABANDONED_MS = 3_600_000;

/** Removes what processes left that died while they wrote a version. */
export async function sweepUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = parseTempName(name);
    if (owner === null || isPidAlive(owner.pid)) continue;
    const info = await stat(join(folder, name)).catch(() => null);
    if (info === null || Date.now() - info.mtimeMs < ABANDONED_MS) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

const cardText = (card: ModelCard): string => `${JSON.stringify(card, null, 2)}\n`;

/** A card, or what is wrong with it. */
async function readCard(path: string): Promise<ModelCard | string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'its card is missing' : `its card cannot be read (${code ?? ''})`;
  }
  try {
    const parsed = ModelCard.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return `its card is damaged: ${[issue!.path.map(String).join('.'), issue!.message].filter(Boolean).join(': ')}`;
  } catch {
    return 'its card is damaged: it is not JSON';
  }
}

/** Writes a new file that is on the disk then. */
export async function writeSynced(path: string, data: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}
