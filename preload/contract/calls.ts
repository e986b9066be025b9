import { z } from 'zod';
import { ACCELERATOR_CALLS, ACCELERATOR_EVENTS } from './accelerators.js';
import {
  ImageId,
  LibraryProblem,
  LibrarySnapshot,
  PhotoEntry,
  PhotoId,
  PhotoIds,
  Place,
  PlaceId,
  PlaceListing,
  ScanState,
} from './library.js';
import { GENERATION_CALLS, GENERATION_EVENTS } from './generate.js';
import { EngineInfo, ModelChoice } from './models.js';
import type { CallName, EventName } from './names.js';
import { MODEL_CALLS, MODEL_EVENTS } from './own-models.js';
import { VAE_CALLS, VAE_EVENTS } from './own-vaes.js';
import { Preferences } from './preferences.js';
import { ExportPlan, ExportSettings, QueueEntry, QueueSnapshot, QueueStatus } from './queue.js';
import { DenoiseSettings } from './settings.js';
import { TRAIN_CALLS, TRAIN_EVENTS } from './train.js';
import { PhotoView, PreviewPart, PreviewReport, PreviewRequest, RawImage, TileRequest } from './view.js';

/**
 * Every request that the window may make and every event that it may hear. The gate of each host, its handlers, the
 * bridges and the window's client derive from these two tables.
 */

export const HOSTS = ['desktop', 'web'] as const;
export type HostKind = (typeof HOSTS)[number];

const Nothing = z.strictObject({});
const Done = z.object({});

const MAX_DROPPED = 10_000;
const MAX_PATH = 32_768;

/** What the window needs to know before it draws anything. */
export const AppInfo = z.object({
  version: z.string(),
  host: z.enum(HOSTS),
  /** Of the operating system: "darwin", "win32", "linux". */
  platform: z.string(),
  /** BCP 47. */
  locale: z.string(),
  preferences: Preferences,
  /** Folders chosen earlier, so that a remembered destination has a name. */
  places: z.array(Place),
  /** Web: whether the server was started with folders that can be browsed. */
  hasRoots: z.boolean(),
});
export type AppInfo = z.infer<typeof AppInfo>;

/** One request: what goes in, what comes out, and where it makes sense. */
export interface CallDeclaration {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  /** Refused by other hosts; absent: any. */
  readonly host?: HostKind;
}

export const CALLS = {
  'app.start': { params: Nothing, result: AppInfo },
  /** Asks the engine what it is; seconds, for the settings view. */
  /** The models that the engine has; starts the engine, so that it is ready when it is needed. */
  'engine.models': { params: Nothing, result: z.object({ models: z.array(ModelChoice) }) },
  'app.diagnose': { params: Nothing, result: EngineInfo },
  /** A fault of the window, for the log. */
  'app.report': {
    params: z.strictObject({ message: z.string().max(2000), stack: z.string().max(20_000) }),
    result: Done,
  },
  'preferences.set': { params: Preferences.partial(), result: Preferences },

  'library.list': { params: Nothing, result: LibrarySnapshot },
  /** Adds what was dropped; the preload alone knows the paths. Photos arrive as events. */
  'library.add': {
    params: z.strictObject({ paths: z.array(z.string().min(1).max(MAX_PATH)).max(MAX_DROPPED) }),
    result: Done,
    host: 'desktop',
  },
  /** Opens the system's dialog and adds what was chosen. */
  'library.pick': {
    params: z.strictObject({ kind: z.enum(['files', 'folders']) }),
    result: z.object({ picked: z.boolean() }),
    host: 'desktop',
  },
  /** Adds folders or photos of the server. */
  'library.addPlaces': {
    params: z.strictObject({ places: z.array(PlaceId).max(MAX_DROPPED) }),
    result: Done,
    host: 'web',
  },
  /** Adds the photo that comes with the program. */
  'library.addSample': { params: Nothing, result: z.object({ photo: PhotoId }) },
  /** Takes photos off the list; their files stay. */
  'library.remove': { params: z.strictObject({ photos: PhotoIds }), result: Done },
  'library.clearProblems': { params: Nothing, result: Done },
  'library.stopScan': { params: Nothing, result: Done },
  /** Asks for thumbnails' files; cancelled by whoever scrolls on. */
  'library.thumbnail': {
    params: z.strictObject({ photo: PhotoId, size: z.union([z.literal(256), z.literal(512)]) }),
    result: z.object({ image: ImageId, width: z.int(), height: z.int() }),
  },
  /** Has the noise of photos measured when there is time; results come as `library.changed`. Replaces what was asked. */
  'library.measure': { params: z.strictObject({ photos: PhotoIds }), result: Done },
  /** Sets the sliders of photos. All of it or nothing. */
  'library.adjust': {
    params: z.strictObject({
      changes: z.array(z.strictObject({ photos: PhotoIds, adjustments: DenoiseSettings.nullable() })).max(10_000),
    }),
    result: Done,
  },

  'photo.open': { params: z.strictObject({ photo: PhotoId }), result: PhotoView },
  'photo.tile': { params: TileRequest, result: RawImage },
  /** The last request wins: one that is under way ends with `engine/cancelled`. */
  'photo.preview': { params: PreviewRequest, result: PreviewReport },

  /** Folders of the server; null: those it was started with. */
  'places.list': { params: z.strictObject({ place: PlaceId.nullable() }), result: PlaceListing, host: 'web' },
  'places.create': {
    params: z.strictObject({ place: PlaceId, name: z.string().trim().min(1).max(200) }),
    result: Place,
    host: 'web',
  },
  /** Opens the system's dialog for a destination; null: the person changed their mind. */
  'places.pick': { params: Nothing, result: Place.nullable(), host: 'desktop' },

  'queue.list': { params: Nothing, result: QueueSnapshot },
  'queue.plan': { params: z.strictObject({ photos: PhotoIds, export: ExportSettings }), result: ExportPlan },
  /**
   * Denoises photos with their settings of this moment, and resumes. An entry that asks for the very same stays, any
   * other of the same photo is replaced.
   */
  'queue.start': {
    params: z.strictObject({ photos: PhotoIds, export: ExportSettings }),
    result: z.object({ added: z.int() }),
  },
  /** Photos that have been worked on for some seconds are finished, others in hand wait again. */
  'queue.pause': { params: Nothing, result: Done },
  'queue.resume': { params: Nothing, result: Done },
  /** null: everything that is not settled. */
  'queue.cancel': { params: z.strictObject({ photos: PhotoIds.nullable() }), result: Done },
  /** Again what failed or was cancelled, and resumes; null: all of it. */
  'queue.retry': { params: z.strictObject({ photos: PhotoIds.nullable() }), result: Done },
  /** Forgets settled items; results stay, except those that were kept for download. */
  'queue.clear': { params: Nothing, result: Done },
  /** Shows a result in the system's file manager; null: the folder of the last run. */
  'queue.reveal': { params: z.strictObject({ photo: PhotoId.nullable() }), result: Done, host: 'desktop' },
  /** Prepares a zip of finished results; `url` is relative to the page and works once. null: all. */
  'queue.download': {
    params: z.strictObject({ photos: PhotoIds.nullable() }),
    result: z.object({ url: z.string(), name: z.string(), photos: z.int() }),
    host: 'web',
  },

  ...ACCELERATOR_CALLS,
  ...GENERATION_CALLS,
  ...TRAIN_CALLS,
  ...MODEL_CALLS,
  ...VAE_CALLS,
} as const satisfies Record<CallName, CallDeclaration>;

export type CallParams<N extends CallName> = z.infer<(typeof CALLS)[N]['params']>;
export type CallResult<N extends CallName> = z.infer<(typeof CALLS)[N]['result']>;

/** What a menu of the system or a key outside the page asks for. */
export const COMMANDS = [
  'add-files',
  'add-folders',
  'denoise',
  'export-settings',
  'select-all',
  'undo',
  'redo',
  'settings',
  'shortcuts',
  'view-library',
  'view-compare',
  'view-train',
  'view-generate',
  'zoom-fit',
  'zoom-100',
  'zoom-200',
  'zoom-in',
  'zoom-out',
] as const;
export const Command = z.enum(COMMANDS);
export type Command = z.infer<typeof Command>;

export const EVENTS = {
  'library.added': z.object({ photos: z.array(PhotoEntry) }),
  /** Whole entries of photos of which something has changed. */
  'library.changed': z.object({ photos: z.array(PhotoEntry) }),
  'library.removed': z.object({ photos: z.array(PhotoId) }),
  /** The whole list, after a change. */
  'library.problems': z.object({ problems: z.array(LibraryProblem) }),
  'library.scan': ScanState,
  'preview.part': PreviewPart,
  /** At most ten times a second: entries that changed, photos whose entry is gone, and where the whole stands. */
  'queue.changed': z.object({ items: z.array(QueueEntry), removed: z.array(PhotoId), status: QueueStatus }),
  'preferences.changed': z.object({ preferences: Preferences }),
  /** `failed`: it could not be started; `message` says why. */
  'engine.changed': z.object({ state: z.enum(['starting', 'ready', 'restarting', 'failed']), message: z.string() }),
  /** Something the person should know that stops nothing. `code` is stable, `message` English. */
  'app.notice': z.object({ level: z.enum(['info', 'warning', 'error']), code: z.string(), message: z.string() }),
  'app.command': z.object({ command: Command }),
  ...ACCELERATOR_EVENTS,
  ...GENERATION_EVENTS,
  ...TRAIN_EVENTS,
  ...MODEL_EVENTS,
  ...VAE_EVENTS,
} as const satisfies Record<EventName, z.ZodType>;

export type EventPayload<N extends EventName> = z.infer<(typeof EVENTS)[N]>;
