import { copyFile, readFile } from 'node:fs/promises';
import { writeStored } from '../stored-file.js';
import { PhotoRecord } from './photo-record.js';

/** The list of photos on the disk: a line of JSON each, so that a damaged line costs its own photo only. */

const HEADER = { format: 'stillgrain-library', version: 1 } as const;
const LINES_PER_CHUNK = 250;

export interface LoadedLibrary {
  readonly photos: readonly PhotoRecord[];
  /** Lines that could not be read; the file as it was is kept beside it. */
  readonly lost: number;
}

/** Reads the list; none yet is an empty one. */
export async function loadLibrary(path: string): Promise<LoadedLibrary> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { photos: [], lost: 0 };
    throw error;
  }
  const [header, ...lines] = text.split('\n').filter((line) => line !== '');
  const records = (header === JSON.stringify(HEADER) ? lines : [header ?? '', ...lines]).map(readLine);
  const photos = records.filter((record) => record !== null);
  const lost = records.length - photos.length;
  if (lost > 0) await copyFile(path, `${path}.damaged`);
  return { photos, lost };
}

function readLine(line: string): PhotoRecord | null {
  try {
    return PhotoRecord.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Writes the list. */
export async function saveLibrary(path: string, photos: Iterable<PhotoRecord>): Promise<void> {
  await writeStored(path, chunks([...photos]));
}

function* chunks(photos: readonly PhotoRecord[]): Generator<string> {
  yield `${JSON.stringify(HEADER)}\n`;
  for (let start = 0; start < photos.length; start += LINES_PER_CHUNK) {
    const lines = photos.slice(start, start + LINES_PER_CHUNK).map((photo) => JSON.stringify(photo));
    yield `${lines.join('\n')}\n`;
  }
}
