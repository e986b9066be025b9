import type { BrowserWindow, Dialog, MessageBoxOptions } from 'electron';
import { text, type Language } from './texts.js';
import type { UpdateVoice } from './updates.js';

export interface UpdateVoiceOptions {
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly window: () => BrowserWindow | null;
  readonly language: () => Language;
  /** Tells the window, without asking anything. */
  readonly notify: (message: string) => void;
}

/** Asks and tells about updates in the system's dialogs. */
export function updateVoice({ dialog, window, language, notify }: UpdateVoiceOptions): UpdateVoice {
  const say = (key: Parameters<typeof text>[1], values = {}): string => text(language(), key, values);
  const show = async (box: MessageBoxOptions): Promise<number> => {
    const parent = window();
    const options = { cancelId: 1, defaultId: 0, ...box };
    const answer = await (parent === null ? dialog.showMessageBox(options) : dialog.showMessageBox(parent, options));
    return answer.response;
  };
  const confirm = async (message: string, detail: string, yes: string): Promise<boolean> =>
    (await show({ type: 'question', message, detail, buttons: [yes, say('later')] })) === 0;
  return {
    confirmDownload: (version) => confirm(say('updateReady', { version }), say('updateQuestion'), say('download')),
    confirmInstall: (version) => confirm(say('updateDownloaded', { version }), say('installQuestion'), say('restart')),
    announce: (version) => {
      notify(text('en', 'updateReady', { version }));
    },
    upToDate: () => void show({ type: 'info', message: say('upToDate') }),
    failed: (reason) => void show({ type: 'warning', message: say('updateFailed', { reason }) }),
  };
}
