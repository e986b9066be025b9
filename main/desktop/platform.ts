import type { BrowserWindow, Dialog, OpenDialogOptions, SaveDialogOptions, Shell } from 'electron';
import type { Platform } from '../app/platform.js';
import { text, type Language } from './texts.js';

/** The system's dialogs and file manager, as the services ask for them. */

export interface DesktopPlatformOptions {
  readonly version: string;
  readonly locale: string;
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>;
  readonly shell: Pick<Shell, 'showItemInFolder'>;
  /** The window that a dialog belongs to. */
  readonly window: () => BrowserWindow | null;
  readonly language: () => Language;
}

/** By name: what is in the files is the engine's to judge. */
const PHOTO_EXTENSIONS = ['jpg', 'jpeg', 'jpe', 'png', 'tif', 'tiff', 'webp', 'avif'];

export function desktopPlatform(options: DesktopPlatformOptions): Platform {
  const { version, locale, dialog, shell, window, language } = options;
  const label = (key: Parameters<typeof text>[1]): string => text(language(), key);
  const open = async (settings: OpenDialogOptions): Promise<readonly string[]> => {
    const parent = window();
    const answer = await (parent === null ? dialog.showOpenDialog(settings) : dialog.showOpenDialog(parent, settings));
    return answer.canceled ? [] : answer.filePaths;
  };
  return {
    host: 'desktop',
    version,
    locale,
    pickPhotos: (kind) =>
      kind === 'files'
        ? open({
            title: label('pickPhotos'),
            buttonLabel: label('add'),
            filters: [
              { name: label('photos'), extensions: PHOTO_EXTENSIONS },
              { name: label('allFiles'), extensions: ['*'] },
            ],
            properties: ['openFile', 'multiSelections'],
          })
        : open({
            title: label('pickFolders'),
            buttonLabel: label('add'),
            properties: ['openDirectory', 'multiSelections'],
          }),
    pickDestination: async () => {
      const [folder] = await open({
        title: label('pickDestination'),
        buttonLabel: label('choose'),
        properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
      });
      return folder ?? null;
    },
    pickModel: async () => {
      const [file] = await open({
        title: label('pickModel'),
        buttonLabel: label('add'),
        filters: [
          { name: label('models'), extensions: ['onnx'] },
          { name: label('allFiles'), extensions: ['*'] },
        ],
        properties: ['openFile'],
      });
      return file ?? null;
    },
    pickModelTarget: async (name) => {
      const parent = window();
      const settings: SaveDialogOptions = {
        title: label('saveModel'),
        defaultPath: `${name}.onnx`,
        filters: [{ name: label('models'), extensions: ['onnx'] }],
      };
      const { canceled, filePath } = await (parent === null
        ? dialog.showSaveDialog(settings)
        : dialog.showSaveDialog(parent, settings));
      return canceled || filePath === '' ? null : filePath;
    },
    // Shown, never opened: opening a path would run a program that has it.
    reveal: (path) => {
      shell.showItemInFolder(path);
    },
  };
}
