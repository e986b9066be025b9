import i18next from 'i18next';
import { declareCommands } from '../../state/commands.js';

const title = (key: 'open' | 'searchTitle' | 'selectAll' | 'selectNone' | 'removeTitle') => () =>
  i18next.t(key, { ns: 'library' });

/** The keys of the grid. Those without a taker are the grid's own, and listed here to be found. */
declareCommands([
  { id: 'find', group: 'library', keys: ['Mod+F'], title: title('searchTitle') },
  { id: 'select-all', group: 'library', keys: ['Mod+A'], title: title('selectAll') },
  { id: 'library.open', group: 'library', keys: ['Enter', ' '], title: title('open') },
  { id: 'library.clear', group: 'library', keys: ['Escape'], title: title('selectNone') },
  { id: 'library.remove', group: 'library', keys: ['Delete'], title: title('removeTitle') },
]);
