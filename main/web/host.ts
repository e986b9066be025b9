import { access, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PhotoId } from '../../preload/contract.js';
import { forkEngine } from '../app/engine-transport.js';
import { AppError } from '../app/errors.js';
import type { Platform } from '../app/platform.js';
import { cacheFolder } from '../app/state-folder.js';
import { startWindowServices, type WindowServices } from '../app/window-services.js';
import { Inbox } from './inbox.js';
import { startServer, type WebServer } from './server.js';
import { UploadedPhotos } from './uploaded-photos.js';

export interface WebHostOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** Folders that the window may read from and write to. */
  readonly roots: readonly string[];
  /** The state folder. */
  readonly state: string;
  /** The program's version. */
  readonly version: string;
}

export interface WebHost {
  /** The address to open. */
  readonly url: string;
  /** Ends it cleanly: what is unfinished goes on next time. */
  close(): Promise<void>;
  /** Ends the engines at once. */
  kill(): void;
}

/** The bundled window, and the engine's entry, as the build lays them out. */
const PAGE = fileURLToPath(new URL('../../renderer/', import.meta.url));
const ENGINE = new URL('../engine/main.js', import.meta.url);

/**
 * Starts everything behind the window and serves it to browsers of this machine.
 * @throws AppError where it cannot; the system's own error for a port that cannot be had
 */
export async function startWebHost({ port, roots, state, version }: WebHostOptions): Promise<WebHost> {
  await access(join(PAGE, 'index.html')).catch(() => {
    throw new AppError('usage/invalid', 'the window is not built yet: run `npm run build` first');
  });
  const platform = webPlatform(version);
  const launch = forkEngine(ENGINE);
  const services = await startWindowServices({ platform, state, cache: cacheFolder(), launch, roots });
  try {
    const server = await serve(services, await openInbox(state), port);
    return {
      url: server.url,
      close: async () => {
        await server.close();
        await services.close();
      },
      kill: () => {
        services.kill();
      },
    };
  } catch (error) {
    await services.close();
    throw error;
  }
}

/** The folder's links are resolved: the library names photos by their true paths. */
async function openInbox(state: string): Promise<Inbox> {
  const folder = join(state, 'inbox');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return new Inbox(await realpath(folder));
}

async function serve(services: WindowServices, inbox: Inbox, port: number): Promise<WebServer> {
  const { gate, events, images, library, queue, models, takeDownload, report } = services;
  const uploaded = new UploadedPhotos(inbox, library, async () => {
    const { items } = await queue.list();
    const pending = items.filter(({ state }) => state === 'waiting' || state === 'running');
    return new Set<PhotoId>(pending.map(({ photo }) => photo));
  });
  const watched = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      report(`inbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
  };
  const server = await startServer({
    port,
    page: PAGE,
    inbox,
    onFault: report,
    services: {
      handle: (request) => gate.handle(request),
      subscribe: (listener) => events.subscribe(listener),
      resolveImage: (id) => images.resolve(id),
      takeDownload,
      receiveModel: (content, name) => models.receive(content, name),
      addUploaded: (folder) => uploaded.add(folder),
    },
  });
  events.on('library.removed', ({ photos }) => {
    watched(uploaded.removed(photos));
  });
  events.on('queue.changed', () => {
    watched(uploaded.sweep());
  });
  watched(uploaded.load());
  return server;
}

/** A browser has no dialogs of this machine; the gate lets none be asked for. */
function webPlatform(version: string): Platform {
  const refuse = (): never => {
    throw new AppError('request/refused', 'the browser host has no dialogs');
  };
  return {
    host: 'web',
    version,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
    pickPhotos: refuse,
    pickDestination: refuse,
    pickModel: refuse,
    pickModelTarget: refuse,
    reveal: refuse,
  };
}
