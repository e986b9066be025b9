import type {
  Accelerator,
  AppInfo,
  CallName,
  CallParams,
  CallResult,
  EngineInfo,
  ModelChoice,
  PhotoId,
} from '../../preload/contract.js';
import { ModelName } from '../../preload/models/card.js';
import { AppError } from '../core/errors.js';
import type { Generation } from './generate/generation.js';
import { learnHandlers, type LearnServices } from './learn-handlers.js';
import type { Library } from './library/library.js';
import type { Measuring } from './library/measuring.js';
import type { Thumbnails } from './library/thumbnails.js';
import type { Places } from './places.js';
import type { Platform } from './platform.js';
import type { PreferenceStore } from './preferences.js';
import type { QueueService } from './queue-service.js';
import type { Viewer } from './view/viewer.js';

/** What answers each request of the window, once the gate has let it in: one handler a call, none missing. */
export type Handlers = {
  readonly [N in CallName]: (params: CallParams<N>, signal: AbortSignal) => Promise<CallResult<N>>;
};

/** The services that answer. */
export interface HandlerServices extends LearnServices {
  readonly library: Library;
  readonly thumbnails: Thumbnails;
  readonly measuring: Measuring;
  readonly viewer: Viewer;
  readonly places: Places;
  readonly preferences: PreferenceStore;
  readonly queue: QueueService;
  readonly generation: Generation;
  readonly engines: {
    /** The models that the window offers; none when the engine does not start. */
    models(): Promise<readonly ModelChoice[]>;
    diagnose(signal: AbortSignal): Promise<EngineInfo>;
    /** Tells a new window how the engines are. */
    tell(): void;
  };
  readonly accelerators: {
    list(signal: AbortSignal): Promise<Accelerator[]>;
    /** Tries all of them again. */
    test(signal: AbortSignal): Promise<void>;
  };
  readonly addSample: () => Promise<PhotoId>;
  /** Writes down a fault of the window. */
  readonly report: (text: string) => void;
}

const DONE = {};

/** Ties every request of the contract to the service that answers it. */
export function createHandlers(services: HandlerServices, platform: Platform): Handlers {
  const { library, thumbnails, measuring, viewer, places, preferences, queue, engines, accelerators } = services;
  return {
    'app.start': async (): Promise<AppInfo> => {
      const remembered = await places.remembered();
      engines.tell();
      return {
        version: platform.version,
        host: platform.host,
        platform: process.platform,
        locale: platform.locale,
        preferences: preferences.value,
        places: remembered,
        hasRoots: places.hasRoots,
      };
    },
    'engine.models': async () => ({ models: [...(await engines.models())] }),
    'app.diagnose': (_, signal) => engines.diagnose(signal),
    'app.report': ({ message, stack }) => {
      services.report(`${message}\n${stack}`);
      return done();
    },
    'accelerators.list': async (_, signal) => ({ accelerators: await accelerators.list(signal) }),
    'accelerators.test': async (_, signal) => {
      await accelerators.test(signal);
      return { accelerators: await accelerators.list(signal) };
    },
    'preferences.set': (patch) => {
      const models = [patch.adjustments, ...(patch.presets ?? []).map(({ adjustments }) => adjustments)];
      for (const adjustments of models) if (adjustments !== undefined) requireNamedModel(adjustments.model);
      const destination = patch.export?.destination;
      if (destination?.kind === 'place') places.remember(destination.place);
      return answer(() => preferences.set(patch));
    },

    'library.list': () => answer(() => library.list()),
    'library.add': ({ paths }) => {
      void library.add(paths);
      return done();
    },
    'library.pick': async ({ kind }) => {
      const paths = await platform.pickPhotos(kind);
      void library.add(paths);
      return { picked: paths.length > 0 };
    },
    'library.addPlaces': async ({ places: ids }) => {
      const paths = await Promise.all(ids.map((id) => places.resolve(id)));
      void library.add(paths, places.within === undefined ? {} : { within: places.within });
      return DONE;
    },
    'library.addSample': async () => ({ photo: await services.addSample() }),
    'library.remove': ({ photos }) => {
      library.remove(photos);
      return done();
    },
    'library.clearProblems': () => {
      library.clearProblems();
      return done();
    },
    'library.stopScan': () => {
      library.stopScan();
      return done();
    },
    'library.thumbnail': ({ photo, size }, signal) => thumbnails.get(signal, photo, size),
    'library.measure': ({ photos }) => {
      measuring.want(photos);
      return done();
    },
    'library.adjust': ({ changes }) => {
      for (const { adjustments } of changes) if (adjustments !== null) requireNamedModel(adjustments.model);
      library.adjust(changes);
      return done();
    },

    'photo.open': ({ photo }, signal) => viewer.open(signal, photo),
    'photo.tile': (request, signal) => viewer.tile(signal, request),
    'photo.preview': (request, signal) => {
      requireNamedModel(request.model);
      return viewer.preview(signal, request);
    },

    'places.list': ({ place }) => places.list(place),
    'places.create': ({ place, name }) => places.create(place, name),
    'places.pick': async () => {
      const path = await platform.pickDestination();
      return path === null ? null : places.grant(path);
    },

    'queue.list': () => queue.list(),
    'queue.plan': ({ photos, export: settings }, signal) => queue.plan(photos, settings, signal),
    'queue.start': async ({ photos, export: settings }) => {
      const started = await queue.start(photos, settings);
      if (settings.destination?.kind === 'place') places.remember(settings.destination.place);
      return started;
    },
    'queue.pause': () => queue.pause().then(done),
    'queue.resume': () => queue.resume().then(done),
    'queue.cancel': ({ photos }) => queue.cancel(photos).then(done),
    'queue.retry': ({ photos }) => queue.retry(photos).then(done),
    'queue.clear': () => queue.clear().then(done),
    'queue.reveal': async ({ photo }) => {
      const { path } = await queue.reveal(photo);
      platform.reveal(path);
      return DONE;
    },
    'queue.download': ({ photos }) => queue.download(photos),

    ...services.generation.handlers(platform),
    ...learnHandlers(services),
  };
}

const done = (): Promise<typeof DONE> => Promise.resolve(DONE);

/** The answer of a service that answers at once; what it throws is a rejection like any other. */
const answer = <T>(work: () => T): Promise<T> => Promise.resolve().then(work);

/** The window names shipped models and those of the library; the engine would take any path, which a page must not name. */
function requireNamedModel(model: string): void {
  if (/^[\w-]{1,64}$/.test(model) || ModelName.safeParse(model).success) return;
  throw new AppError('request/invalid', 'the window takes models by their names only: choose one from its list');
}
