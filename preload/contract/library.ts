import { z } from 'zod';
import { FORMATS } from './constants.js';
import { DenoiseSettings, TrustReport, WireError } from './settings.js';

/** What the window knows of photos. It never sees a path: photos, folders and images go by opaque ids. */

const opaqueId = z.string().regex(/^[a-z0-9]{8,64}$/);

/** Names a photo of the library. Stable: the same file has the same id in the next session. */
export const PhotoId = opaqueId.brand<'PhotoId'>();
export type PhotoId = z.infer<typeof PhotoId>;

/** Names a file that the host serves under `image/<id>`: a thumbnail, or raw pixels. */
export const ImageId = opaqueId.brand<'ImageId'>();
export type ImageId = z.infer<typeof ImageId>;

/** Names a folder that the person has allowed: chosen in a dialog, or below a folder that the server was started with. */
export const PlaceId = opaqueId.brand<'PlaceId'>();
export type PlaceId = z.infer<typeof PlaceId>;

/** The most photos that one request may name. */
export const MAX_PHOTOS = 200_000;
export const PhotoIds = z.array(PhotoId).max(MAX_PHOTOS);

export const PhotoEntry = z.object({
  id: PhotoId,
  /** File name with its extension. */
  name: z.string(),
  /** The folder it came with and those below, for people: "Concert/raw". */
  folder: z.string(),
  bytes: z.number(),
  /** Milliseconds since 1970. */
  modifiedAt: z.number(),
  /** As viewed, orientation applied; null until the file has been looked at. */
  width: z.int().nullable(),
  height: z.int().nullable(),
  format: z.enum(FORMATS).nullable(),
  /** Mean noise level as a standard deviation in 8-bit units; null until measured. */
  noise: z.number().nullable(),
  /** The last judgement, by a preview or a finished result; null until there is one. */
  trust: TrustReport.nullable(),
  /** Settings of this photo alone; null: the defaults of the preferences. */
  adjustments: DenoiseSettings.nullable(),
  /** Why the file cannot be read; null as long as nothing is known against it. */
  error: WireError.nullable(),
});
export type PhotoEntry = z.infer<typeof PhotoEntry>;

/** A file or folder that is not in the library, and why. */
export const LibraryProblem = z.object({
  /** For people: the name with the folder it came with. */
  name: z.string(),
  error: WireError,
});
export type LibraryProblem = z.infer<typeof LibraryProblem>;

export const ScanState = z.object({
  active: z.boolean(),
  /** Photos found by the scans that are under way, or by the last one. */
  found: z.int(),
});
export type ScanState = z.infer<typeof ScanState>;

export const LibrarySnapshot = z.object({
  photos: z.array(PhotoEntry),
  problems: z.array(LibraryProblem),
  scan: ScanState,
});
export type LibrarySnapshot = z.infer<typeof LibrarySnapshot>;

export const Place = z.object({
  id: PlaceId,
  name: z.string(),
  /** Where it is, for people: "Pictures/Clean". */
  label: z.string(),
});
export type Place = z.infer<typeof Place>;

/** One folder of the server and what is in it. */
export const PlaceListing = z.object({
  /** null: the list of the folders that the server was started with. */
  place: Place.nullable(),
  /** null at a root, whose parent is the list of roots. */
  parent: PlaceId.nullable(),
  folders: z.array(Place),
  /** Photos directly in this folder. */
  photos: z.array(Place),
  /** Whether results can be written here. */
  writable: z.boolean(),
});
export type PlaceListing = z.infer<typeof PlaceListing>;
