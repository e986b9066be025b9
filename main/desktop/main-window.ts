import type { BrowserWindow, BrowserWindowConstructorOptions, Screen } from 'electron';
import { isPage, PAGE_URL } from './origin.js';
import { Recovery } from './recovery.js';
import { MIN_HEIGHT, MIN_WIDTH, placeWindow, readWindowState, writeWindowState } from './window-state.js';

/** The one window: shut off from everything but its page and its preload. */

export interface MainWindowOptions {
  readonly create: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly screen: Pick<Screen, 'getAllDisplays' | 'getPrimaryDisplay'>;
  readonly preload: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
  readonly isDevelopment: boolean;
  readonly isDark: boolean;
  /** The page goes, to be opened again: nobody waits for its calls any more. */
  readonly onLeave: () => void;
  /** The page's process has ended. */
  readonly onGone: (reason: string) => void;
  /** The page is there again after a failure. */
  readonly onRecovered: () => void;
  /** The page failed twice in short order: somebody must decide. True: try once more. */
  readonly onHopeless: () => Promise<boolean>;
}

/** Grounds of the two themes, so that nothing flashes before the page is drawn: `--ground` of the window's tokens. */
const GROUNDS = { dark: '#161616', light: '#f2f2f2' };

/** Opens the window where it was last time. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const { screen, stateFile } = options;
  const saved = readWindowState(stateFile);
  const primary = screen.getPrimaryDisplay();
  const displays = [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)];
  const window = options.create({
    ...placeWindow(
      saved,
      displays.map(({ workArea }) => workArea),
    ),
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    backgroundColor: options.isDark ? GROUNDS.dark : GROUNDS.light,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Dictionaries would be downloaded.
      spellcheck: false,
      devTools: options.isDevelopment,
    },
  });
  if (saved?.maximized === true) window.maximize();
  if (saved?.fullScreen === true) window.setFullScreen(true);
  confine(window, options.onLeave);
  recover(window, options);
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', () => {
    writeWindowState(stateFile, {
      ...window.getNormalBounds(),
      maximized: window.isMaximized(),
      fullScreen: window.isFullScreen(),
    });
  });
  void window.loadURL(PAGE_URL);
  return window;
}

/** The page may be opened again, and nothing else: there is nowhere else for it to go, and no window for it to open. */
function confine(window: BrowserWindow, onLeave: () => void): void {
  const contents = window.webContents;
  const keepToPage = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isPage(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', keepToPage);
  contents.on('will-redirect', keepToPage);
  contents.on('will-frame-navigate', keepToPage);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) onLeave();
  });
}

function recover(window: BrowserWindow, options: MainWindowOptions): void {
  const recovery = new Recovery();
  const reload = (): void => {
    if (window.isDestroyed()) return;
    window.webContents.once('did-finish-load', () => {
      options.onRecovered();
    });
    window.webContents.reload();
  };
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    options.onLeave();
    options.onGone(reason);
    if (reason === 'clean-exit') return;
    if (recovery.shouldReload(reason)) reload();
    else {
      void options.onHopeless().then((again) => {
        if (again) reload();
        else window.close();
      });
    }
  });
}
