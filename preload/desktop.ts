import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CALL_NAMES, EVENT_NAMES } from './contract/names.js';
import { desktopBridge } from './desktop-bridge.js';

/** Electron's preload: gives the page its bridge and nothing else. Runs in the sandbox, apart from the page's world. */
contextBridge.exposeInMainWorld(
  'stillgrain',
  desktopBridge(
    {
      invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
      send: (channel, ...args) => {
        ipcRenderer.send(channel, ...args);
      },
      // The event would hand the page ipcRenderer itself.
      listen: (channel, listener) => {
        ipcRenderer.on(channel, (_event, ...args: unknown[]) => {
          listener(...args);
        });
      },
      pathOf: (file) => webUtils.getPathForFile(file),
    },
    CALL_NAMES,
    EVENT_NAMES,
  ),
);
