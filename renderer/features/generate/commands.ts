import i18next from 'i18next';
import { declareCommands } from '../../state/commands.js';

/** The commands of the Generate view; declared with the window, since the view itself is fetched when it is opened. */
declareCommands([
  { id: 'generate-hold', group: 'compare', keys: ['O'], title: () => i18next.t('hold', { ns: 'generate' }) },
]);
