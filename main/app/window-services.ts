import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelChoice, PhotoId } from '../../preload/contract.js';
import { AppError } from '../core/errors.js';
import { AcceleratorDesk } from './accelerators/accelerator-desk.js';
import { modelForPreview } from './auto-model.js';
import { openCache, type CacheSpace } from './cache-space.js';
import { Claims } from './claims.js';
import { diagnose } from './diagnose.js';
import { DiagnosticLog } from './diagnostics.js';
import { Duty } from './duty.js';
import { EngineStatus } from './engine-status.js';
import { EngineSupervisor, type Engine } from './engine-supervisor.js';
import type { EngineLauncher } from './engine-transport.js';
import { EventHub } from './events.js';
import type { Download } from './export/downloads.js';
import { createGate, type Gate } from './gate.js';
import { Generation } from './generate/generation.js';
import { createHandlers } from './handlers.js';
import { ImageRegistry } from './images.js';
import { Library } from './library/library.js';
import { Measuring } from './library/measuring.js';
import { photoId, scannedPhoto } from './library/photo-record.js';
import { ThumbnailCache } from './library/thumbnail-cache.js';
import { Thumbnails } from './library/thumbnails.js';
import { ModelLibrary } from './model-library.js';
import { ModelsService } from './models-service.js';
import { newOwner } from './owner.js';
import { Places } from './places.js';
import type { Platform } from './platform.js';
import { PreferenceStore } from './preferences.js';
import { QueueService } from './queue-service.js';
import { engineLogFile, windowFolder, windowLogFile } from './state-folder.js';
import { PhotoCameras } from './training/photo-cameras.js';
import { TrainingService } from './training/training-service.js';
import { OpenedPhotos } from './view/opened-photos.js';
import { Previews } from './view/previews.js';
import { recipesFolder } from './training-recipes.js';
import { VaeLibrary } from './vae-library.js';
import { VaesService } from './vaes-service.js';
import { Viewer } from './view/viewer.js';

const MIB = 2 ** 20;
const THUMBNAILS_BYTES = 1024 * MIB;
/** A photo of 100 megapixels in 16 bits takes about 1 GiB when it is unpacked. */
const OPENED = { bytes: 3072 * MIB, count: 6 };
/** A screenful of 512-pixel tiles is 40 MiB or so. */
const TILES = { bytes: 512 * MIB, count: 2000 };
/** The largest preview with its draft is 400 MiB, and its parts are fetched before the next one's push them out. */
const PREVIEWS = { bytes: 768 * MIB, count: 10_000 };
/** Some hundred sheets of variations. */
const GENERATED = { bytes: 256 * MIB, count: 4000 };
const UNLIMITED = { bytes: Infinity, count: Infinity };
/** Once the engine is known not to come up soon, the window opens without its models and says so. */
const MODELS_PATIENCE_MS = 10_000;
const SAMPLE = 'sample/Coffee.png';

/** What a host says of itself and its machine. */
export interface WindowServicesOptions {
  readonly platform: Platform;
  /** The state folder. */
  readonly state: string;
  /** The cache folder. */
  readonly cache: string;
  /** Starts engine processes; two run beside each other. */
  readonly launch: EngineLauncher;
  /** Web: the folders that the window may read from and write to; null: system dialogs decide. */
  readonly roots: readonly string[] | null;
  /** Where the files are that come with the program; absent: beside its code. */
  readonly resources?: string;
}

/** Everything behind the window. */
export interface WindowServices {
  readonly gate: Gate;
  readonly events: EventHub;
  readonly images: ImageRegistry;
  readonly library: Library;
  readonly queue: QueueService;
  /** The zip of an id that the window was given, once; null: none. */
  readonly takeDownload: (id: string) => Promise<Download | null>;
  readonly models: ModelsService;
  readonly preferences: PreferenceStore;
  /** Writes down what is known of a fault. */
  readonly report: (text: string) => void;
  /** Ends the work, writes what is not written, stops the engines. What is unfinished goes on next time. */
  close(): Promise<void>;
  /** Ends the engines at once. */
  kill(): void;
}

/**
 * Starts all services that a window needs, the same for every host.
 * @throws AppError output/locked when another process works with this state folder; another when a root cannot be read
 */
export async function startWindowServices(options: WindowServicesOptions): Promise<WindowServices> {
  const folder = windowFolder(options.state);
  const claim = await new Claims(join(folder, 'claims'), newOwner()).tryClaim('window');
  if (claim === null) throw alreadyRunning();
  const cache = await openCache(options.cache);
  try {
    const services = await assemble(options, folder, cache);
    return {
      ...services,
      close: async () => {
        await services.close();
        await cache.close();
        await claim.release();
      },
    };
  } catch (error) {
    await cache.close();
    await claim.release();
    throw error;
  }
}

async function assemble(options: WindowServicesOptions, folder: string, cache: CacheSpace): Promise<WindowServices> {
  const { platform, state, launch, roots } = options;
  const events = new EventHub();
  const { emit } = events;
  const images = new ImageRegistry();
  const log = new DiagnosticLog(windowLogFile(state));
  const report = (text: string): void => {
    log.write(`${new Date().toISOString()} ${text}\n`);
  };

  const status = new EngineStatus(emit);
  const engineLog = (): DiagnosticLog => new DiagnosticLog(engineLogFile(state));
  // Two of the same kind, so that thumbnails and tiles never wait for a tile that is being denoised.
  const bare = new EngineSupervisor(launch, {
    log: engineLog(),
    onState: status.listener('inference'),
    onFault: (fault) => void accelerators.fault(fault),
  });
  const imaging = new EngineSupervisor(launch, { log: engineLog(), onState: status.listener('imaging') });

  const preferences = new PreferenceStore(folder, emit);
  const library = new Library({ folder, emit });
  const places = new Places({ folder, roots, emit });
  const thumbnailFiles = new ThumbnailCache(
    cache.thumbnails,
    THUMBNAILS_BYTES,
    images.pool({ ...UNLIMITED, ownsFiles: false }),
  );
  await Promise.all([preferences.load(), library.load(), places.load(), thumbnailFiles.load()]);

  const runtime = () => preferences.value.runtime;
  const duty = new Duty();
  const accelerators: AcceleratorDesk = new AcceleratorDesk({
    state,
    engine: imaging,
    launch: () => new EngineSupervisor(launch, { log: engineLog() }),
    duty,
    isBusy: (): boolean => measuring.busy || training.view()?.state === 'running',
    emit,
    report,
  });
  const inference = accelerators.accelerate(bare);
  const modelLibrary = new ModelLibrary(state);
  holdWhileQueueRuns(events, duty);
  const thumbnails = new Thumbnails({ library, engine: imaging, cache: thumbnailFiles, scratch: cache.session });
  const measuring = new Measuring({ library, engine: inference, duty, runtime });
  const opened = new OpenedPhotos({
    engine: imaging,
    folder: join(cache.session, 'opened'),
    limits: OPENED,
    luts: images.pool({ ...UNLIMITED, ownsFiles: false }),
    duty,
  });
  const previews = new Previews({
    engine: inference,
    modelOf: (model, camera) => modelForPreview({ model, camera }, modelLibrary),
    runtime,
    duty,
    emit,
    folder: join(cache.session, 'previews'),
    images: images.pool({ ...PREVIEWS, ownsFiles: true }),
  });
  const viewer = new Viewer({
    library,
    engine: imaging,
    opened,
    previews,
    tiles: images.pool({ ...TILES, ownsFiles: true }),
    folder: join(cache.session, 'tiles'),
  });
  const queue = new QueueService({
    state,
    engine: inference,
    emit,
    photoOf: (id) => (library.has(id) ? { ...scannedPhoto(library.get(id)), bytes: library.get(id).bytes } : null),
    settingsOf: (id) => library.get(id).adjustments ?? preferences.value.adjustments,
    placeOf: (id) => places.find(id),
    runtime,
    isOriginal: (path) => library.has(photoId(path)),
    onResult: (photo, { noise, trust }) => {
      library.judge(photo, noise, trust);
    },
  });

  const vaeLibrary = new VaeLibrary(state);
  const vaes = new VaesService({
    vaes: vaeLibrary,
    platform,
    emit,
    images: images.pool({ ...UNLIMITED, ownsFiles: false }),
  });
  const generation = new Generation({
    engine: inference,
    runtime,
    duty,
    emit,
    library,
    models: modelLibrary,
    vaeFolder: (id) => vaes.folderOf(id),
    settingsOf: (id) => library.get(id).adjustments ?? preferences.value.adjustments,
    images: images.pool({ ...GENERATED, ownsFiles: true }),
    session: cache.session,
    latents: join(options.cache, 'latents'),
    placeOf: (id) => places.find(id),
    remember: (id) => {
      places.remember(id);
    },
    isOriginal: (path) => library.has(photoId(path)),
  });

  const models = rememberSuccess(() => offeredModels(inference));
  const cameras = new PhotoCameras(library, imaging);
  const ownModels = new ModelsService({
    models: modelLibrary,
    cameras,
    platform,
    shipped: async () => (await models()).map(({ name }) => name),
    emit,
    scratch: join(cache.session, 'models'),
  });
  const training = new TrainingService({
    state,
    folder,
    // In a process of its own, so that photos are denoised and looked at meanwhile.
    launch: () => new EngineSupervisor(launch, { log: engineLog() }),
    library,
    models: modelLibrary,
    vaes: vaeLibrary,
    recipes: recipesFolder(options.resources),
    parentOf: (model) => ownModels.parentOf(model),
    runtime,
    duty,
    emit,
    pictures: join(cache.session, 'training'),
    images: images.pool({ ...UNLIMITED, ownsFiles: true }),
    onKept: () => void ownModels.tell().catch(() => undefined),
    onVaeKept: () => void vaes.tell().catch(() => undefined),
  });
  await training.load();
  const sample = join(options.resources ?? fileURLToPath(new URL('../../../resources', import.meta.url)), SAMPLE);
  const handlers = createHandlers(
    {
      library,
      thumbnails,
      measuring,
      viewer,
      places,
      preferences,
      queue,
      generation,
      training,
      cameras,
      models: ownModels,
      vaes,
      engines: {
        models: () => {
          // Both engines, before anybody asks one for something that would have to wait for its start.
          accelerators.start();
          void imaging.call(new AbortController().signal, 'models', { kinds: ['denoiser'] }).catch(() => undefined);
          return models();
        },
        diagnose: (signal) => diagnoseApart(launch, engineLog(), accelerators, signal),
        tell: () => {
          status.tell();
        },
      },
      accelerators,
      addSample: () => addSample(library, sample),
      report: (text) => {
        report(`window: ${text}`);
      },
    },
    platform,
  );

  void library.verify();
  return {
    gate: createGate(handlers, { host: platform.host, onFault: report }),
    events,
    images,
    library,
    queue,
    takeDownload: async (id) =>
      (await queue.takeDownload(id)) ??
      (await generation.takeDownload(id)) ??
      (await vaes.takeDownload(id)) ??
      (await ownModels.takeDownload(id)),
    models: ownModels,
    preferences,
    report,
    close: async () => {
      measuring.close();
      await Promise.all([queue.close(), training.close(), accelerators.close()]);
      await Promise.all([bare.shutdown(), imaging.shutdown()]);
      await Promise.all([library.close(), places.close(), preferences.close()]);
    },
    kill: () => {
      bare.kill();
      imaging.kill();
      training.kill();
    },
  };
}

/** Keeps what runs in the background away from the engine for as long as the queue works. */
function holdWhileQueueRuns(events: EventHub, duty: Duty): void {
  let release: (() => void) | null = null;
  events.on('queue.changed', ({ status }) => {
    if (status.state === 'running') release ??= duty.begin();
    else {
      release?.();
      release = null;
    }
  });
}

function offeredModels(engine: Engine): Promise<readonly ModelChoice[]> {
  return engine.call(AbortSignal.timeout(MODELS_PATIENCE_MS), 'models', { kinds: ['denoiser'] });
}

/** Asks once and keeps the answer; asks again after a failure. */
function rememberSuccess<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = null;
      throw error;
    });
    return answer;
  };
}

/** In a process of its own: what is in hand must not wait for it, nor it for that. */
async function diagnoseApart(
  launch: EngineLauncher,
  log: DiagnosticLog,
  accelerators: AcceleratorDesk,
  signal: AbortSignal,
) {
  const engine = new EngineSupervisor(launch, { log });
  try {
    return await diagnose(engine, signal, await accelerators.list(signal));
  } finally {
    await engine.shutdown();
  }
}

async function addSample(library: Library, path: string): Promise<PhotoId> {
  const real = await realpath(path).catch((error: unknown) => {
    throw new AppError('input/not-found', 'the sample photo is missing: install Stillgrain again', { cause: error });
  });
  await library.add([real], { base: join(real, '..') });
  return photoId(real);
}

const alreadyRunning = (): AppError =>
  new AppError(
    'output/locked',
    'Stillgrain is running already: go on in its window, or give this one a state folder of its own (STILLGRAIN_STATE_DIR)',
  );
