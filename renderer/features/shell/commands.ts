import i18next from 'i18next';
import { declareCommands } from '../../state/commands.js';

/** The commands of the window as a whole. */
declareCommands([
  { id: 'add-files', group: 'general', keys: ['Mod+O'], title: () => i18next.t('addFiles') },
  { id: 'add-folders', group: 'general', keys: ['Mod+Shift+O'], title: () => i18next.t('addFolder') },
  { id: 'view-library', group: 'general', keys: ['G'], title: () => i18next.t('viewLibrary') },
  { id: 'view-compare', group: 'general', keys: ['E'], title: () => i18next.t('viewCompare') },
  { id: 'view-train', group: 'general', keys: ['T'], title: () => i18next.t('viewTrain') },
  { id: 'view-generate', group: 'general', keys: ['V'], title: () => i18next.t('viewGenerate') },
  { id: 'toggle-panel', group: 'general', keys: ['A'], title: () => i18next.t('togglePanel') },
  { id: 'toggle-queue', group: 'queue', keys: ['Q'], title: () => i18next.t('toggleQueue') },
  { id: 'settings', group: 'general', keys: ['Mod+,'], title: () => i18next.t('settings') },
  { id: 'shortcuts', group: 'general', keys: ['?', 'F1'], title: () => i18next.t('shortcuts') },
]);
