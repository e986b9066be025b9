import { openCache } from '../app/cache-space.js';
import { Duty } from '../app/duty.js';
import type { EngineSupervisor } from '../app/engine-supervisor.js';
import { AppError } from '../app/errors.js';
import { EventHub } from '../app/events.js';
import { createGate } from '../app/gate.js';
import type { Handlers } from '../app/handlers.js';
import { ImageRegistry } from '../app/images.js';
import { Library } from '../app/library/library.js';
import { Measuring } from '../app/library/measuring.js';
import { ThumbnailCache } from '../app/library/thumbnail-cache.js';
import { Thumbnails } from '../app/library/thumbnails.js';
import { Places } from '../app/places.js';
import { PreferenceStore } from '../app/preferences.js';
import { cacheFolder, windowFolder } from '../app/state-folder.js';
import { DEFAULT_RUNTIME } from '../../preload/contract.js';
import { mkdir } from 'node:fs/promises';

/** Until main/app/window-services is there: the library alone. */
export async function provisionalServices(o: {
  state: string;
  roots: readonly string[];
  version: string;
  inference: EngineSupervisor;
  imaging: EngineSupervisor;
}) {
  const hub = new EventHub();
  const folder = windowFolder(o.state);
  await mkdir(folder, { recursive: true });
  const cache = await openCache(cacheFolder({ ...process.env, STILLGRAIN_STATE_DIR: o.state }));
  const images = new ImageRegistry();
  const preferences = new PreferenceStore(folder, hub.emit);
  const library = new Library({ folder, emit: hub.emit });
  const places = new Places({ folder, roots: o.roots, emit: hub.emit });
  const thumbs = new ThumbnailCache(cache.thumbnails, 1e9, images.pool({ bytes: 1e9, count: 1e6, ownsFiles: false }));
  await Promise.all([preferences.load(), library.load(), places.load(), thumbs.load()]);
  const thumbnails = new Thumbnails({ library, engine: o.imaging, cache: thumbs, scratch: cache.session });
  const measuring = new Measuring({ library, engine: o.inference, duty: new Duty(), runtime: () => DEFAULT_RUNTIME });
  const later = () => Promise.reject(new AppError('engine/internal', 'this part is not there yet'));
  const handlers: Handlers = {
    'app.start': async (_p, signal) => ({
      version: o.version,
      host: 'web',
      platform: process.platform,
      locale: Intl.DateTimeFormat().resolvedOptions().locale,
      preferences: preferences.value,
      models: (await o.inference.call(signal, 'models', {})).filter(({ name }) => name !== 'estimator'),
      places: await places.remembered(),
      hasRoots: places.hasRoots,
    }),
    'app.diagnose': (_p, signal) => o.inference.call(signal, 'info', { runtime: DEFAULT_RUNTIME }),
    'app.report': ({ message, stack }) => {
      console.error(message, stack);
      return Promise.resolve({});
    },
    'preferences.set': (patch) => Promise.resolve(preferences.set(patch)),
    'library.list': () => Promise.resolve(library.list()),
    'library.add': later,
    'library.pick': later,
    'library.addPlaces': async ({ places: ids }) => {
      const paths = await Promise.all(ids.map((id) => places.resolve(id)));
      void library.add(paths, places.within === undefined ? {} : { within: places.within });
      return {};
    },
    'library.addSample': later,
    'library.remove': ({ photos }) => {
      library.remove(photos);
      return Promise.resolve({});
    },
    'library.clearProblems': () => {
      library.clearProblems();
      return Promise.resolve({});
    },
    'library.stopScan': () => {
      library.stopScan();
      return Promise.resolve({});
    },
    'library.thumbnail': ({ photo, size }, signal) => thumbnails.get(signal, photo, size),
    'library.measure': ({ photos }) => {
      measuring.want(photos);
      return Promise.resolve({});
    },
    'library.adjust': ({ changes }) => {
      library.adjust(changes);
      return Promise.resolve({});
    },
    'photo.open': later,
    'photo.tile': later,
    'photo.preview': later,
    'places.list': ({ place }) => places.list(place),
    'places.create': ({ place, name }) => places.create(place, name),
    'places.pick': later,
    'queue.list': () =>
      Promise.resolve({
        items: [],
        status: {
          state: 'idle',
          total: 0,
          done: 0,
          skipped: 0,
          failed: 0,
          cancelled: 0,
          fraction: 0,
          etaMs: null,
          megapixelsPerSecond: null,
          downloadable: false,
        },
      }),
    'queue.plan': later,
    'queue.start': later,
    'queue.pause': later,
    'queue.resume': later,
    'queue.cancel': later,
    'queue.retry': later,
    'queue.clear': later,
    'queue.reveal': later,
    'queue.download': later,
  };
  return {
    gate: createGate(handlers, { host: 'web', onFault: (text) => process.stderr.write(text) }),
    hub,
    images,
    library,
    close: async () => {
      measuring.close();
      await Promise.all([library.close(), places.close(), preferences.close()]);
      await cache.close();
    },
  };
}
