import type { DroppedFile } from '../../../preload/contract.js';

/** What was dropped, as files with the folders they came in: where the browser gives no paths, the page walks itself. */

/** The most files of one drop: what the contract takes. */
export const MAX_DROPPED_FILES = 10_000;
/** Deeper folders are links that go round, or no place for photos. */
const MAX_DEPTH = 24;

const PHOTO_NAME = /\.(jpe?g|jpe|png|tiff?|webp|avif)$/i;

export interface WalkedDrop {
  readonly files: readonly DroppedFile[];
  /** Names of files in folders that are no photos by these. */
  readonly leftOut: readonly string[];
  /** More was there than is taken at once. */
  readonly truncated: boolean;
}

/** The entries of a drop. They are only there while the event lasts, so this comes first in its handler. */
export function entriesOf(items: DataTransferItemList): FileSystemEntry[] {
  return [...items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry === null ? [] : [entry];
  });
}

/**
 * Walks files and folders in the order of their names. A file dropped by itself is always taken, so that it can be
 * said what is wrong with it; in folders the name decides, and hidden files are passed over, as the scan of a host does.
 */
export async function walkEntries(entries: readonly FileSystemEntry[], limit = MAX_DROPPED_FILES): Promise<WalkedDrop> {
  const files: DroppedFile[] = [];
  const leftOut: string[] = [];
  let truncated = false;

  async function visit(entry: FileSystemEntry, folder: string, depth: number): Promise<void> {
    if (files.length >= limit) {
      truncated = true;
      return;
    }
    const relativePath = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (isFile(entry)) {
      if (depth > 0 && entry.name.startsWith('.')) return;
      if (depth > 0 && !PHOTO_NAME.test(entry.name)) leftOut.push(entry.name);
      else files.push({ file: await fileOf(entry), relativePath });
      return;
    }
    if (!isFolder(entry) || depth >= MAX_DEPTH || (depth > 0 && entry.name.startsWith('.'))) return;
    for (const child of await childrenOf(entry)) await visit(child, relativePath, depth + 1);
  }

  for (const entry of entries) await visit(entry, '', 0);
  return { files, leftOut, truncated };
}

/** The same for files of an input: those of a chosen folder carry their place in it. */
export function walkFiles(chosen: readonly File[], limit = MAX_DROPPED_FILES): WalkedDrop {
  const wanted = chosen.filter((file) => {
    const parts = file.webkitRelativePath.split('/');
    if (parts.length < 2) return true;
    return PHOTO_NAME.test(file.name) && !parts.slice(1).some((part) => part.startsWith('.'));
  });
  const files = wanted.map((file) => ({ file, relativePath: file.webkitRelativePath || file.name }));
  const visible = chosen.filter(
    (file) =>
      !file.webkitRelativePath
        .split('/')
        .slice(1)
        .some((part) => part.startsWith('.')),
  );
  const taken = new Set(wanted);
  const leftOut = visible.filter((file) => !taken.has(file)).map(({ name }) => name);
  return { files: files.slice(0, limit), leftOut, truncated: files.length > limit };
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** All children of a folder, by name; the browser hands them out in portions, an empty one last. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (portion.length === 0) break;
    children.push(...portion);
  }
  return children.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}
