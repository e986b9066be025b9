import i18next from 'i18next';
import { ChevronUp, FolderOutput, Sparkles } from 'lucide-react';
import { memo, useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { Button, IconButton } from '../../elements/button.js';
import { Menu, MenuItem, MenuSeparator } from '../../elements/menu.js';
import { declareCommands, shortcutOf, takeCommand } from '../../state/commands.js';
import { useLibrary } from '../../state/library.js';
import { useSelection } from '../../state/selection.js';
import { shownOrder, useShown } from '../../state/shown.js';
import { useView } from '../../state/view.js';
import { useExportSummary } from './describe.js';
import { denoise, openExport } from './export-state.js';
import { denoiseScope, scopeSize, type Scope, type ScopeSize } from './scope.js';
import './export.css';

declareCommands([
  { id: 'denoise', group: 'queue', keys: ['Mod+Enter'], title: () => i18next.t('denoise', { ns: 'export' }) },
  { id: 'export-settings', group: 'queue', keys: ['Mod+E'], title: () => i18next.t('settings', { ns: 'export' }) },
]);

/** What the button denoises, now. */
function currentScope(): Scope {
  const { photos } = useLibrary.getState();
  return denoiseScope({ ...useSelection.getState(), view: useView.getState().view, photos, shown: shownOrder() });
}

takeCommand('denoise', {
  run: () => {
    const { photos } = currentScope();
    if (photos.length === 0) return false;
    void denoise(photos);
    return true;
  },
});
takeCommand('export-settings', {
  run: () => {
    openExport(currentScope().photos);
  },
});

/** The one thing to press: denoises the selection or all, with the remembered export settings. */
export const DenoiseBar = memo(function DenoiseBar(): React.JSX.Element {
  const { t } = useTranslation('export');
  const view = useView((state) => state.view);
  // What the button says may follow a moment later: what it does is found out when it is pressed.
  const selected = useDeferredValue(useSelection((state) => state.selected));
  const active = useDeferredValue(useSelection((state) => state.active));
  const shown = useShown((state) => state.order);
  const summary = useExportSummary();
  // Numbers alone: photos change many times a second while they are measured.
  const scope = useLibrary(
    useShallow(({ photos }) => scopeSize(denoiseScope({ view, selected, active, photos, shown }))),
  );
  const text = {
    this: () => t('denoiseThis'),
    selected: () => t('denoisePhotos', { count: scope.count }),
    all: () => t('denoisePhotos', { count: scope.count }),
    nothing: () => t('denoiseNothing'),
  };
  const line = summary ?? t('chooseFirst');
  return (
    <footer className="denoise-bar">
      <button
        type="button"
        className="denoise-summary"
        aria-label={t('settingsLine', { summary: line })}
        title={line}
        onClick={() => {
          openExport(currentScope().photos);
        }}
      >
        <FolderOutput aria-hidden />
        <span>{line}</span>
      </button>
      <div className="denoise-buttons">
        <Button
          variant="primary"
          size="large"
          icon={<Sparkles aria-hidden />}
          isDisabled={scope.kind === 'nothing'}
          onPress={() => void denoise(currentScope().photos)}
        >
          {text[scope.kind]()}
        </Button>
        <DenoiseMenu scope={scope} />
      </div>
    </footer>
  );
});

const DenoiseMenu = memo(function DenoiseMenu({ scope }: { readonly scope: ScopeSize }): React.JSX.Element {
  const { t } = useTranslation('export');
  return (
    <Menu
      label={t('denoiseMore')}
      placement="top end"
      trigger={
        <IconButton label={t('denoiseMore')} variant="primary" size="large">
          <ChevronUp aria-hidden />
        </IconButton>
      }
    >
      <MenuItem
        label={t('denoiseSelected', { count: scope.selected })}
        isDisabled={scope.selected === 0}
        onAction={() => void denoise(currentScope().selected)}
      />
      <MenuItem
        label={t('denoiseAll', { count: scope.all })}
        isDisabled={scope.all === 0}
        onAction={() => void denoise(currentScope().all)}
      />
      <MenuSeparator />
      <MenuItem
        label={t('settings')}
        shortcut={shortcutOf('export-settings')}
        onAction={() => {
          openExport(currentScope().photos);
        }}
      />
    </Menu>
  );
});
