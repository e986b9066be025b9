import type { MenuItemConstructorOptions } from 'electron';
import type { Command } from '../../preload/contract.js';
import { text, type Language } from './texts.js';

/** What the menus need of the program. */
export interface MenuActions {
  /** Asks the window for something; it knows whether it applies. */
  readonly command: (command: Command) => void;
  readonly checkForUpdates: () => void;
  readonly showLogs: () => void;
}

export interface MenuOptions {
  readonly platform: string;
  readonly language: Language;
  /** Shows what only developers need. */
  readonly isDevelopment: boolean;
  /** Whether there is a place to get updates from. */
  readonly hasUpdates: boolean;
}

type Item = MenuItemConstructorOptions;
type Texts = Parameters<typeof text>[1];

const SEPARATOR: Item = { type: 'separator' };

/**
 * The keys that the menus show. The window listens to them itself, as the browser host's does: on Windows and Linux they
 * are shown only; macOS gives a menu's keys to the menu first.
 */
const KEYS: Readonly<Partial<Record<Command, { readonly mac: string; readonly other: string }>>> = {
  'add-files': { mac: 'Cmd+O', other: 'Ctrl+O' },
  'add-folders': { mac: 'Cmd+Shift+O', other: 'Ctrl+Shift+O' },
  'select-all': { mac: 'Cmd+A', other: 'Ctrl+A' },
  undo: { mac: 'Cmd+Z', other: 'Ctrl+Z' },
  redo: { mac: 'Cmd+Shift+Z', other: 'Ctrl+Y' },
  settings: { mac: 'Cmd+,', other: 'Ctrl+,' },
  shortcuts: { mac: 'F1', other: 'F1' },
};

/** The program's menus. Pure: Electron makes them of what this gives. */
export function menuTemplate(options: MenuOptions, actions: MenuActions): Item[] {
  const { platform, language, isDevelopment, hasUpdates } = options;
  const isMac = platform === 'darwin';
  const label = (key: Texts): string => text(language, key);
  // Electron knows the roles' keys and what they do, but names them in English.
  const role = (name: NonNullable<Item['role']>, key: Texts): Item => ({ role: name, label: label(key) });
  const ask = (command: Command, key: Texts): Item => {
    const keys = KEYS[command];
    return {
      id: command,
      label: label(key),
      ...(keys === undefined ? {} : { accelerator: isMac ? keys.mac : keys.other, registerAccelerator: isMac }),
      click: () => {
        actions.command(command);
      },
    };
  };
  const submenu = (key: Texts, items: readonly (Item | false)[], extra: Item = {}): Item => ({
    ...extra,
    label: label(key),
    submenu: items.filter((item) => item !== false),
  });

  const updates: Item | false = hasUpdates && {
    id: 'updates',
    label: label('checkForUpdates'),
    click: actions.checkForUpdates,
  };
  const appMenu: Item = {
    label: 'Stillgrain',
    submenu: [
      role('about', 'about'),
      updates,
      SEPARATOR,
      ask('settings', 'settings'),
      SEPARATOR,
      role('services', 'services'),
      SEPARATOR,
      role('hide', 'hide'),
      role('hideOthers', 'hideOthers'),
      role('unhide', 'showAll'),
      SEPARATOR,
      role('quit', 'quitMac'),
    ].filter((item) => item !== false),
  };
  const file = submenu('file', [
    ask('add-files', 'addFiles'),
    ask('add-folders', 'addFolders'),
    SEPARATOR,
    ask('denoise', 'denoise'),
    ask('export-settings', 'exportSettings'),
    SEPARATOR,
    !isMac && ask('settings', 'settings'),
    !isMac && SEPARATOR,
    isMac ? role('close', 'closeWindow') : role('quit', 'quit'),
  ]);
  const edit = submenu('edit', [
    ask('undo', 'undo'),
    ask('redo', 'redo'),
    SEPARATOR,
    role('cut', 'cut'),
    role('copy', 'copy'),
    role('paste', 'paste'),
    ask('select-all', 'selectAll'),
  ]);
  const view = submenu('view', [
    ask('view-library', 'library'),
    ask('view-compare', 'compare'),
    ask('view-train', 'train'),
    ask('view-generate', 'generate'),
    SEPARATOR,
    ask('zoom-fit', 'zoomFit'),
    ask('zoom-100', 'zoom100'),
    ask('zoom-200', 'zoom200'),
    ask('zoom-in', 'zoomIn'),
    ask('zoom-out', 'zoomOut'),
    SEPARATOR,
    role('togglefullscreen', 'fullScreen'),
    isDevelopment && SEPARATOR,
    isDevelopment && role('reload', 'reload'),
    isDevelopment && role('toggleDevTools', 'devTools'),
  ]);
  const window = submenu(
    'window',
    [
      role('minimize', 'minimize'),
      isMac ? role('zoom', 'zoomWindow') : role('close', 'closeWindow'),
      isMac && SEPARATOR,
      isMac && role('front', 'front'),
    ],
    { role: 'window' },
  );
  const help = submenu(
    'help',
    [
      ask('shortcuts', 'shortcuts'),
      { id: 'logs', label: label('showLogs'), click: actions.showLogs },
      !isMac && SEPARATOR,
      !isMac && updates,
      !isMac && role('about', 'about'),
    ],
    { role: 'help' },
  );
  return [...(isMac ? [appMenu] : []), file, edit, view, window, help];
}
