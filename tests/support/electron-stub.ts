import { EventEmitter } from 'node:events';
import type { ElectronApi } from '../../main/desktop/program.js';

/** Electron as far as the program uses it, without Electron: what was asked of it is written down. */

type Listener = (...args: never[]) => unknown;

export class StubWindow extends EventEmitter {
  readonly sent: unknown[][] = [];
  readonly progress: unknown[][] = [];
  shown = 0;
  url = '';
  openHandler: (() => unknown) | null = null;
  isGone = false;
  readonly webContents = Object.assign(new EventEmitter(), {
    id: 1,
    send: (...args: unknown[]) => this.sent.push(args),
    reload: () => this.webContents.emit('did-finish-load'),
    setWindowOpenHandler: (handler: () => unknown) => {
      this.openHandler = handler;
    },
  });

  constructor(readonly options: Record<string, unknown>) {
    super();
  }

  loadURL = (url: string): Promise<void> => {
    this.url = url;
    return Promise.resolve();
  };
  show = (): void => {
    this.shown++;
  };
  focus = (): void => undefined;
  restore = (): void => undefined;
  maximize = (): void => undefined;
  setFullScreen = (): void => undefined;
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  isFullScreen = (): boolean => false;
  isDestroyed = (): boolean => this.isGone;
  getNormalBounds = () => ({ x: 1, y: 2, width: 900, height: 600 });
  setProgressBar = (...args: unknown[]): void => void this.progress.push(args);
  close = (): void => {
    this.emit('close');
    this.isGone = true;
    this.emit('closed');
  };
}

export interface ElectronStub {
  readonly electron: ElectronApi;
  readonly app: EventEmitter;
  readonly windows: StubWindow[];
  /** Names of calls in their order, with what matters of their arguments. */
  readonly asked: unknown[][];
  readonly handlers: Map<string, Listener>;
  readonly menus: { label?: string; id?: string; submenu?: unknown }[][];
}

/** A stub for one test. `isFirst`: whether this instance gets the lock. */
export function electronStub({ isFirst = true, isPackaged = true } = {}): ElectronStub {
  const asked: unknown[][] = [];
  const windows: StubWindow[] = [];
  const handlers = new Map<string, Listener>();
  const menus: ElectronStub['menus'] = [];
  const ask =
    <R>(name: string, answer: R) =>
    (...args: unknown[]): R => {
      asked.push([name, ...args]);
      return answer;
    };
  const app = Object.assign(new EventEmitter(), {
    isPackaged,
    setPath: ask('setPath', undefined),
    setAppUserModelId: ask('setAppUserModelId', undefined),
    requestSingleInstanceLock: ask('requestSingleInstanceLock', isFirst),
    enableSandbox: ask('enableSandbox', undefined),
    isReady: () => true,
    quit: ask('quit', undefined),
    exit: ask('exit', undefined),
    getVersion: () => '0.1.0',
    getLocale: () => 'ko-KR',
    setBadgeCount: ask('setBadgeCount', true),
  });
  const workArea = { x: 0, y: 0, width: 1920, height: 1080 };
  const electron = {
    app,
    BrowserWindow: function (options: Record<string, unknown>) {
      const window = new StubWindow(options);
      windows.push(window);
      return window;
    },
    dialog: {
      showErrorBox: ask('showErrorBox', undefined),
      showMessageBox: ask('showMessageBox', Promise.resolve({ response: 1 })),
    },
    ipcMain: {
      handle: (channel: string, listener: Listener) => handlers.set(channel, listener),
      on: (channel: string, listener: Listener) => handlers.set(channel, listener),
    },
    Menu: {
      buildFromTemplate: (template: ElectronStub['menus'][number]) => template,
      setApplicationMenu: (template: ElectronStub['menus'][number]) => menus.push(template),
    },
    nativeTheme: { themeSource: 'system', shouldUseDarkColors: true },
    net: { fetch: () => Promise.reject(new Error('no file')) },
    powerSaveBlocker: { start: ask('blocker.start', 7), stop: ask('blocker.stop', undefined) },
    protocol: {
      registerSchemesAsPrivileged: ask('registerSchemesAsPrivileged', undefined),
      handle: (scheme: string, listener: Listener) => handlers.set(scheme, listener),
    },
    screen: { getPrimaryDisplay: () => ({ id: 1, workArea }), getAllDisplays: () => [{ id: 1, workArea }] },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (listener: Listener) => handlers.set('permission request', listener),
        setPermissionCheckHandler: (listener: Listener) => handlers.set('permission check', listener),
        setDevicePermissionHandler: (listener: Listener) => handlers.set('device permission', listener),
        setSpellCheckerEnabled: ask('setSpellCheckerEnabled', undefined),
        webRequest: {
          onBeforeRequest: (filter: unknown, listener: Listener) => {
            asked.push(['onBeforeRequest', filter]);
            handlers.set('request', listener);
          },
        },
      },
    },
    shell: { showItemInFolder: ask('showItemInFolder', undefined) },
    utilityProcess: { fork: ask('fork', undefined) },
  };
  return { electron: electron as unknown as ElectronApi, app, windows, asked, handlers, menus };
}
