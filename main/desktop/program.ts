import type * as Electron from 'electron';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { QueueStatus } from '../../preload/contract.js';
import { CHANNELS } from '../../preload/desktop-channels.js';
import { cacheFolder, stateFolder, windowLogFile } from '../app/state-folder.js';
import type { EngineLauncher } from '../app/engine-transport.js';
import type { EventHub } from '../app/events.js';
import type { Gate } from '../app/gate.js';
import type { ImageRegistry } from '../app/images.js';
import type { Library } from '../app/library/library.js';
import type { Platform } from '../app/platform.js';
import type { PreferenceStore } from '../app/preferences.js';
import { serve } from './app-protocol.js';
import { Awake } from './awake.js';
import { CallDesk, type Sender } from './call-desk.js';
import { handedPaths, pathsOf } from './command-line.js';
import { engineEnvironment } from './engine-env.js';
import { openMainWindow } from './main-window.js';
import { menuTemplate } from './menu.js';
import { OpenedPaths } from './opened-paths.js';
import { APP_SCHEME } from './origin.js';
import { desktopPlatform } from './platform.js';
import { restrictSession } from './session-rules.js';
import { sameTaskbar, taskbarState, type TaskbarState } from './taskbar.js';
import { chooseLanguage, text, type Language } from './texts.js';
import { updatePolicy, Updates, type Updater } from './updates.js';
import { updateVoice } from './update-voice.js';
import { utilityEngine } from './utility-engine.js';

/** The desktop program: starts the services, opens the window, and carries between the two and the system. */

/** What is used of Electron. */
export type ElectronApi = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeTheme'
  | 'net'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
  | 'utilityProcess'
>;

/** What is used of the services behind the window: see startWindowServices. */
export interface ProgramServices {
  readonly gate: Gate;
  readonly events: EventHub;
  readonly images: Pick<ImageRegistry, 'resolve'>;
  readonly library: Pick<Library, 'add'>;
  readonly preferences: Pick<PreferenceStore, 'value'>;
  close(): Promise<void>;
  kill(): void;
}

export type StartServices = (options: {
  readonly platform: Platform;
  readonly state: string;
  readonly cache: string;
  readonly launch: EngineLauncher;
  readonly roots: null;
  readonly resources?: string;
}) => Promise<ProgramServices>;

export interface ProgramOptions {
  readonly electron: ElectronApi;
  readonly startServices: StartServices;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  readonly loadUpdater: () => Promise<Updater>;
  readonly platform: string;
  readonly env: NodeJS.ProcessEnv;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Electron's `process.resourcesPath`. */
  readonly resources: string;
  /** Of the compiled program: where main/, preload-bundle/ and renderer/ are. */
  readonly dist: string;
}

const APP_ID = 'org.stillgrain.app';
/** How long the services may take to end; engines that take longer are ended. */
const CLOSE_TIMEOUT_MS = 15_000;
/** After the start, when the window has had its first needs met. */
const UPDATE_CHECK_DELAY_MS = 20_000;

export class Program {
  readonly #electron: ElectronApi;
  readonly #opened = new OpenedPaths();
  readonly #isDevelopment: boolean;
  readonly #state: string;
  #services: ProgramServices | null = null;
  #desk: CallDesk | null = null;
  #window: Electron.BrowserWindow | null = null;
  #updates: Updates | null = null;
  #taskbar: TaskbarState = { progress: -1, mode: 'none', badge: 0 };
  readonly #awake: Awake<'queue' | 'training'>;
  #closing: Promise<void> | null = null;
  #isClosed = false;

  constructor(private readonly options: ProgramOptions) {
    this.#electron = options.electron;
    this.#awake = new Awake(options.electron.powerSaveBlocker);
    this.#isDevelopment = !options.electron.app.isPackaged;
    this.#state = stateFolder(options.env);
  }

  /** What must be done before Electron is ready; false: another instance is running and got what we were started with. */
  prepare(): boolean {
    const { app, protocol } = this.#electron;
    const { argv, cwd } = this.options;
    // Chromium's own files get a folder apart from ours.
    app.setPath('userData', path.join(this.#state, 'browser'));
    app.setAppUserModelId(APP_ID);
    const skip = this.#isDevelopment ? 2 : 1;
    const paths = pathsOf(argv, cwd, skip);
    // Handed over as data: the order of another instance's arguments is not kept.
    if (!app.requestSingleInstanceLock({ paths })) return false;
    this.#opened.add(paths);
    protocol.registerSchemesAsPrivileged([
      { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
    app.enableSandbox();
    app.on('open-file', (event, file) => {
      event.preventDefault();
      this.#opened.add([file]);
    });
    app.on('second-instance', (_event, _argv, _cwd, data) => {
      this.#opened.add(handedPaths(data));
      this.#showWindow();
    });
    app.on('window-all-closed', () => {
      if (this.options.platform !== 'darwin') app.quit();
    });
    app.on('activate', () => {
      if (app.isReady()) this.#showWindow();
    });
    app.on('before-quit', (event) => {
      if (this.#isClosed) return;
      event.preventDefault();
      void this.#close().then(() => {
        app.quit();
      });
    });
    app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
      this.options.log('warn', `${name ?? type} is gone: ${reason} (${exitCode})`);
    });
    return true;
  }

  /** Starts everything. Call when Electron is ready. */
  async start(): Promise<void> {
    const { app, ipcMain, protocol, net, session, nativeTheme } = this.#electron;
    restrictSession(session.defaultSession);
    const services = this.options.startServices({
      platform: desktopPlatform({
        ...this.#electron,
        version: app.getVersion(),
        locale: app.getLocale(),
        window: () => this.#window,
        language: () => this.#language,
      }),
      state: this.#state,
      cache: cacheFolder(this.options.env),
      launch: this.#launcher(),
      roots: null,
      ...(this.#isDevelopment ? {} : { resources: this.options.resources }),
    });
    const desk = new CallDesk(services.then(({ gate }) => gate));
    this.#desk = desk;
    protocol.handle(APP_SCHEME, (request) =>
      serve(request, {
        renderer: path.join(this.options.dist, 'renderer'),
        image: (id) => this.#services?.images.resolve(id) ?? null,
        read: (file) => net.fetch(pathToFileURL(file).href),
      }),
    );
    ipcMain.handle(CHANNELS.call, (event, name: unknown, ticket: unknown, params: unknown) =>
      desk.call(senderOf(event), name, ticket, params),
    );
    ipcMain.on(CHANNELS.cancel, (event, ticket: unknown) => {
      desk.cancel(event.sender.id, ticket);
    });
    try {
      this.#services = await services;
    } catch (error) {
      this.#electron.dialog.showErrorBox('Stillgrain', error instanceof Error ? error.message : String(error));
      this.#isClosed = true;
      app.exit(1);
      return;
    }
    nativeTheme.themeSource = this.#services.preferences.value.theme;
    this.#connect(this.#services);
    this.#prepareUpdates();
    this.#setMenu();
    this.#showWindow();
    this.#opened.deliverTo((paths) => {
      void this.#services?.library.add(paths).catch((error: unknown) => {
        this.options.log('error', String(error));
      });
      this.#showWindow();
      this.#services?.events.emit('app.command', { command: 'view-library' });
    });
  }

  get #language(): Language {
    const choice = this.#services?.preferences.value.language ?? 'system';
    return chooseLanguage(choice, this.#electron.app.getLocale());
  }

  #launcher() {
    const { utilityProcess, app } = this.#electron;
    const { dist, env, resources, platform } = this.options;
    const file = (name: string): URL => pathToFileURL(path.join(dist, name));
    return utilityEngine({
      fork: (entry, args, options) => utilityProcess.fork(entry, args, options),
      boot: file('main/desktop/engine-boot.js'),
      engine: file('bundle/engine/main.js'),
      name: 'Stillgrain Engine',
      env: engineEnvironment(env, { isPackaged: app.isPackaged, folder: resources }),
      platform,
    });
  }

  /** Carries events to the window, and what concerns the system to the system. */
  #connect({ events }: ProgramServices): void {
    events.subscribe(({ name, payload }) => {
      if (this.#window?.isDestroyed() === false) this.#window.webContents.send(CHANNELS.event, name, payload);
    });
    events.on('train.changed', ({ run }) => {
      this.#awake.keep('training', run?.state === 'running');
    });
    events.on('queue.changed', ({ status }) => {
      this.#showProgress(status);
    });
    events.on('preferences.changed', ({ preferences }) => {
      this.#electron.nativeTheme.themeSource = preferences.theme;
      this.#setMenu();
    });
  }

  /** Opens the window, or brings it to the front. */
  #showWindow(): void {
    const { BrowserWindow, nativeTheme, screen } = this.#electron;
    if (this.#services === null) return;
    if (this.#window !== null) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return;
    }
    const window = openMainWindow({
      create: (options) => new BrowserWindow(options),
      screen,
      preload: path.join(this.options.dist, 'preload-bundle/desktop.cjs'),
      stateFile: path.join(this.#state, 'window', 'place.json'),
      isDevelopment: this.#isDevelopment,
      isDark: nativeTheme.shouldUseDarkColors,
      onLeave: () => {
        this.#desk?.leave(id);
      },
      onGone: (reason) => {
        this.options.log('error', `the window's process is gone: ${reason}`);
      },
      onRecovered: () => {
        this.#services?.events.emit('app.notice', {
          level: 'warning',
          code: 'window/restarted',
          message: 'The window failed and was opened again. The queue went on meanwhile.',
        });
      },
      onHopeless: async () => {
        const language = this.#language;
        const { response } = await this.#electron.dialog.showMessageBox({
          type: 'error',
          message: text(language, 'windowFails'),
          buttons: [text(language, 'tryAgain'), text(language, 'closeWindow')],
          defaultId: 0,
          cancelId: 1,
        });
        return response === 0;
      },
    });
    const { id } = window.webContents;
    this.#desk?.admit(id);
    window.on('closed', () => {
      this.#desk?.dismiss(id);
      if (this.#window === window) this.#window = null;
    });
    this.#window = window;
    this.#applyTaskbar();
  }

  #setMenu(): void {
    const { Menu, shell } = this.#electron;
    const template = menuTemplate(
      {
        platform: this.options.platform,
        language: this.#language,
        isDevelopment: this.#isDevelopment,
        hasUpdates: this.#updates !== null,
      },
      {
        command: (command) => {
          this.#showWindow();
          this.#services?.events.emit('app.command', { command });
        },
        checkForUpdates: () => void this.#updates?.ask(),
        showLogs: () => {
          shell.showItemInFolder(windowLogFile(this.#state));
        },
      },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  #showProgress(status: QueueStatus): void {
    this.#awake.keep('queue', status.state === 'running');
    const state = taskbarState(status);
    if (sameTaskbar(state, this.#taskbar)) return;
    this.#taskbar = state;
    this.#applyTaskbar();
  }

  #applyTaskbar(): void {
    const { progress, mode, badge } = this.#taskbar;
    this.#window?.setProgressBar(progress, { mode });
    // Windows has no number on its icons.
    if (this.options.platform !== 'win32') this.#electron.app.setBadgeCount(badge);
  }

  #prepareUpdates(): void {
    const { app, dialog } = this.#electron;
    const policy = updatePolicy({
      isPackaged: app.isPackaged,
      hasFeed: existsSync(path.join(this.options.resources, 'app-update.yml')),
      platform: this.options.platform,
      appImage: this.options.env['APPIMAGE'],
      choice: this.options.env['STILLGRAIN_UPDATES'],
    });
    if (policy === 'off') return;
    const updates = new Updates(
      this.options.loadUpdater,
      updateVoice({
        dialog,
        window: () => this.#window,
        language: () => this.#language,
        notify: (message) => {
          this.#services?.events.emit('app.notice', { level: 'info', code: 'update/available', message });
        },
      }),
      // Everything is written and the engines are gone before the installer takes over: it waits for nobody.
      () => this.#close(),
    );
    this.#updates = updates;
    if (policy !== 'notify') return;
    setTimeout(() => {
      void updates.lookQuietly((error) => {
        this.options.log('warn', `looking for updates: ${String(error)}`);
      });
    }, UPDATE_CHECK_DELAY_MS).unref();
  }

  /** Writes what is not written and ends the engines; asks nothing, for the queue goes on next time. */
  #close(): Promise<void> {
    this.#closing ??= this.#closeServices().finally(() => {
      this.#isClosed = true;
    });
    return this.#closing;
  }

  async #closeServices(): Promise<void> {
    const services = this.#services;
    if (services === null) return;
    const timer = setTimeout(() => {
      services.kill();
    }, CLOSE_TIMEOUT_MS);
    try {
      await services.close();
    } catch (error) {
      this.options.log('error', `closing: ${String(error)}`);
      services.kill();
    } finally {
      clearTimeout(timer);
    }
  }
}

function senderOf(event: Electron.IpcMainInvokeEvent): Sender {
  const frame = event.senderFrame;
  return { id: event.sender.id, frame: frame === null ? null : { url: frame.url, parent: frame.parent } };
}
