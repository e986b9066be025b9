import { PanelRight, Settings, Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, ToggleButton } from '../../elements/button.js';
import { SegmentedControl } from '../../elements/segmented-control.js';
import { runCommand, shortcutOf } from '../../state/commands.js';
import { useLibrary } from '../../state/library.js';
import { adjusts, openOverlay, useView } from '../../state/view.js';
import { AddMenu } from '../add/add-menu.js';
import { Mark } from './mark.js';
import { QueuePill } from './queue-pill.js';
import './toolbar.css';

/** The row on top: what is shown, adding photos, the queue, settings. */
export function Toolbar() {
  const { t } = useTranslation();
  const view = useView((state) => state.view);
  const panelOpen = useView((state) => state.panelOpen);
  const empty = useLibrary((state) => state.photos.size === 0);
  return (
    <header className="toolbar">
      <h1 className="toolbar-name">
        <Mark />
        <span>{t('appName')}</span>
      </h1>
      <div className="toolbar-views">
        <SegmentedControl
          label={t('view')}
          value={view}
          segments={[
            { value: 'library', label: t('viewLibrary'), shortcut: shortcutOf('view-library') },
            { value: 'compare', label: t('viewCompare'), shortcut: shortcutOf('view-compare'), isDisabled: empty },
            { value: 'train', label: t('viewTrain'), shortcut: shortcutOf('view-train') },
            { value: 'generate', label: t('viewGenerate'), shortcut: shortcutOf('view-generate') },
          ]}
          onChange={(next) => {
            runCommand(`view-${next}`);
          }}
        />
      </div>
      <div className="toolbar-end">
        <QueuePill />
        <AddMenu />
        {panelOpen || empty || !adjusts(view) ? null : (
          <Button
            variant="primary"
            icon={<Sparkles aria-hidden />}
            onPress={() => {
              runCommand('denoise');
            }}
          >
            {t('denoise')}
          </Button>
        )}
        <span className="toolbar-line" />
        <ToggleButton
          icon={<PanelRight aria-hidden />}
          label={panelOpen ? t('hidePanel') : t('showPanel')}
          shortcut={shortcutOf('toggle-panel')}
          isSelected={panelOpen && adjusts(view)}
          isDisabled={!adjusts(view)}
          onChange={(open) => {
            useView.setState({ panelOpen: open });
          }}
        />
        <IconButton
          label={t('settings')}
          shortcut={shortcutOf('settings')}
          onPress={() => {
            openOverlay('settings');
          }}
        >
          <Settings aria-hidden />
        </IconButton>
      </div>
    </header>
  );
}
