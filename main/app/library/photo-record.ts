import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { z } from 'zod';
import { PhotoEntry, type PhotoId } from '../../../preload/contract.js';
import type { Photo } from '../scan.js';

/** What the library knows of a photo: what the window may know, and where the file is. */
export const PhotoRecord = z.object({
  ...PhotoEntry.shape,
  /** Absolute. */
  path: z.string(),
  /** The folder it came with; results keep the folders below it. */
  root: z.string(),
});
export type PhotoRecord = z.infer<typeof PhotoRecord>;

/** What a file is recognised by as unchanged. */
export type FileStamp = Pick<PhotoRecord, 'bytes' | 'modifiedAt'>;

export const stampOf = (info: Stats): FileStamp => ({ bytes: info.size, modifiedAt: info.mtimeMs });

/** The id of the photo at a path whose links are resolved: the same in every session, and it tells nothing. */
export const photoId = (real: string): PhotoId =>
  createHash('sha256').update(`photo\0${real}`).digest('hex').slice(0, 32) as PhotoId;

/** What is known of a photo when it is first seen. `labelled`: whether its folder's own name is shown. */
export function newRecord(photo: Photo, real: string, stamp: FileStamp, labelled: boolean): PhotoRecord {
  return {
    id: photoId(real),
    name: basename(photo.path),
    folder: folderLabel(photo.root, dirname(photo.path), labelled),
    ...stamp,
    ...NOTHING_KNOWN,
    adjustments: null,
    path: photo.path,
    root: photo.root,
  };
}

/** What depends on a file's contents, before they have been looked at. */
export const NOTHING_KNOWN = {
  width: null,
  height: null,
  format: null,
  noise: null,
  trust: null,
  error: null,
} as const satisfies Partial<PhotoRecord>;

/** A folder for people: the name of the folder that was added and the way from there, with '/'. */
export function folderLabel(root: string, folder: string, labelled: boolean): string {
  const below = relative(root, folder).split(sep).filter(Boolean);
  return [...(labelled ? [basename(root)] : []), ...below].filter(Boolean).join('/');
}

/** The photo as scans and exports know it. */
export const scannedPhoto = ({ path, root }: PhotoRecord): Photo => ({ path, root, relative: relative(root, path) });

/** What the window may know of a photo. */
export const entryOf = (record: PhotoRecord): PhotoEntry => ({
  id: record.id,
  name: record.name,
  folder: record.folder,
  bytes: record.bytes,
  modifiedAt: record.modifiedAt,
  width: record.width,
  height: record.height,
  format: record.format,
  noise: record.noise,
  trust: record.trust,
  adjustments: record.adjustments,
  error: record.error,
});
