import { useEffect } from 'react';
import type { LANGUAGES } from '../../../preload/contract.js';
import type { Preferences } from '../../../preload/contract.js';
import { host } from '../../host.js';
import { chooseLanguage, setLanguage } from '../../i18n/index.js';
import { startKeyboard, useCommand } from '../../state/commands.js';
import { useLibrary } from '../../state/library.js';
import { useSelection } from '../../state/selection.js';
import { useSession } from '../../state/session.js';
import {
  openOverlay,
  openPhoto,
  showGeneration,
  showLibrary,
  showTraining,
  togglePanel,
  toggleQueue,
} from '../../state/view.js';
import { pick } from '../add/adding.js';
import { takeMenuCommand } from './menu-command.js';
import './commands.js';

const DARK = '(prefers-color-scheme: dark)';

/** The colours to show: those chosen, or the system's. */
export function chooseTheme(choice: Preferences['theme'], systemIsDark: boolean): 'dark' | 'light' {
  return choice === 'system' ? (systemIsDark ? 'dark' : 'light') : choice;
}

/** Puts the colours on the page. */
export function applyTheme(choice: Preferences['theme']): void {
  document.documentElement.dataset['theme'] = chooseTheme(choice, window.matchMedia(DARK).matches);
}

/** Follows the preferred colours, the system's as they change included. */
function useTheme(): void {
  const theme = useSession((state) => state.preferences.theme);
  useEffect(() => {
    const query = window.matchMedia(DARK);
    const apply = (): void => {
      applyTheme(theme);
    };
    apply();
    query.addEventListener('change', apply);
    return () => {
      query.removeEventListener('change', apply);
    };
  }, [theme]);
}

/** The language in use; the page follows the preference. */
export function useLanguage(): (typeof LANGUAGES)[number] {
  const language = useSession((state) => chooseLanguage(state.preferences.language, state.info.locale));
  useEffect(() => {
    document.documentElement.lang = language;
    void setLanguage(language);
  }, [language]);
  return language;
}

/** Shows the photo that has the focus, or the first there is. */
function compareActive(): boolean {
  const { active } = useSelection.getState();
  const { photos } = useLibrary.getState();
  const id = active !== null && photos.has(active) ? active : [...photos.keys()][0];
  if (id === undefined) return false;
  openPhoto(id);
  return true;
}

/** Everything that the window does as a whole: colours, keys, the system's menu. */
export function useWindow(): void {
  useTheme();
  useEffect(() => startKeyboard(useSession.getState().info.platform === 'darwin'), []);
  useEffect(
    () =>
      host().on('app.command', ({ command }) => {
        takeMenuCommand(command);
      }),
    [],
  );
  useCommand('add-files', () => {
    pick('files');
  });
  useCommand('add-folders', () => {
    pick('folders');
  });
  useCommand('view-library', showLibrary);
  useCommand('view-compare', compareActive);
  useCommand('view-train', showTraining);
  useCommand('view-generate', showGeneration);
  useCommand('toggle-panel', togglePanel);
  useCommand('toggle-queue', toggleQueue);
  useCommand('settings', () => {
    openOverlay('settings');
  });
  useCommand('shortcuts', () => {
    openOverlay('shortcuts');
  });
}
