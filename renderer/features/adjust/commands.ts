import i18next from 'i18next';
import { copySettings, pasteSettings, redo, resetAll, undo } from '../../state/adjust.js';
import { declareCommands, takeCommand } from '../../state/commands.js';
import { useSelection } from '../../state/selection.js';

/** The keys of the sliders. They work with the panel closed as well. */
declareCommands([
  { id: 'undo', group: 'edit', keys: ['Mod+Z'], title: () => i18next.t('undo', { ns: 'adjust' }) },
  { id: 'redo', group: 'edit', keys: ['Mod+Shift+Z', 'Mod+Y'], title: () => i18next.t('redo', { ns: 'adjust' }) },
  { id: 'copy-settings', group: 'edit', keys: ['Mod+Shift+C'], title: () => i18next.t('copy', { ns: 'adjust' }) },
  { id: 'paste-settings', group: 'edit', keys: ['Mod+Shift+V'], title: () => i18next.t('paste', { ns: 'adjust' }) },
  { id: 'reset-settings', group: 'edit', keys: ['Mod+Shift+R'], title: () => i18next.t('resetAll', { ns: 'adjust' }) },
]);

/** Copies the settings of the photo in hand. */
export function copyActive(): void {
  copySettings(useSelection.getState().active);
}

takeCommand('undo', { run: undo });
takeCommand('redo', { run: redo });
takeCommand('copy-settings', { run: copyActive });
takeCommand('paste-settings', { run: pasteSettings });
takeCommand('reset-settings', { run: resetAll });
