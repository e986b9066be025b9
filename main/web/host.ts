import { access, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiagnosticLog } from '../app/diagnostics.js';
import { EngineSupervisor } from '../app/engine-supervisor.js';
import { forkEngine } from '../app/engine-transport.js';
import { AppError } from '../app/errors.js';
import { engineLogFile, windowLogFile } from '../app/state-folder.js';
import { Inbox } from './inbox.js';
import { provisionalServices } from './provisional-services.js';
import { startServer } from './server.js';
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

/** Starts everything behind the window and serves it to browsers of this machine. */
export async function startWebHost({ port, roots, state, version }: WebHostOptions): Promise<WebHost> {
  await access(join(PAGE, 'index.html')).catch(() => {
    throw new AppError('usage/invalid', 'the window is not built yet: run `npm run build` first');
  });
  const faults = new DiagnosticLog(windowLogFile(state));
  const log = new DiagnosticLog(engineLogFile(state));
  const inference = new EngineSupervisor(forkEngine(ENGINE), { log });
  const imaging = new EngineSupervisor(forkEngine(ENGINE), { log });
  const services = await provisionalServices({ state, roots, version, inference, imaging });
  const inboxFolder = join(state, 'inbox');
  await mkdir(inboxFolder, { recursive: true, mode: 0o700 });
  const inbox = new Inbox(await realpath(inboxFolder));
  const uploaded = new UploadedPhotos(inbox, services.library, () => false);
  const onFault = (text: string): void => {
    faults.write(text);
  };
  const server = await startServer({
    port,
    page: PAGE,
    inbox,
    onFault,
    services: {
      handle: (request) => services.gate.handle(request),
      subscribe: (listener) => services.hub.subscribe(listener),
      resolveImage: (id) => services.images.resolve(id),
      takeDownload: () => Promise.resolve(null),
      addUploaded: (folder) => uploaded.add(folder),
    },
  });
  services.hub.on('library.removed', ({ photos }) => {
    void uploaded.removed(photos);
  });
  void uploaded.load();
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await services.close();
      await Promise.all([inference.shutdown(), imaging.shutdown()]);
    },
    kill: () => {
      inference.kill();
      imaging.kill();
    },
  };
}
