import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
} from 'electron';
import log from 'electron-log/node';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stateFolder } from '../app/state-folder.js';
import { startWindowServices } from '../app/window-services.js';
import { Program } from './program.js';

/** Entry of the desktop program. */

log.transports.file.resolvePathFn = () => path.join(stateFolder(), 'logs', 'desktop.log');
log.errorHandler.startCatching({ showDialog: false });

const program = new Program({
  electron: {
    app,
    BrowserWindow,
    dialog,
    ipcMain,
    Menu,
    nativeTheme,
    net,
    powerSaveBlocker,
    protocol,
    screen,
    session,
    shell,
    utilityProcess,
  },
  startServices: startWindowServices,
  log: (level, text) => {
    log[level](text);
  },
  loadUpdater: async () => {
    const { default: updater } = await import('electron-updater');
    updater.autoUpdater.logger = log;
    return updater.autoUpdater;
  },
  platform: process.platform,
  env: process.env,
  argv: process.argv,
  cwd: process.cwd(),
  resources: process.resourcesPath,
  dist: fileURLToPath(new URL('../..', import.meta.url)),
});

// Nothing is awaited here: Electron is not ready before this module has been evaluated to its end.
if (program.prepare()) void app.whenReady().then(() => program.start());
else app.quit();
