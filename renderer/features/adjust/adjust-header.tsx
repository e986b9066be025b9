import { Ellipsis, Redo2, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../elements/button.js';
import { Menu, MenuItem, MenuSeparator } from '../../elements/menu.js';
import { applyTo, pasteSettings, redo, resetAll, undo, useAdjust } from '../../state/adjust.js';
import { shortcutOf } from '../../state/commands.js';
import { useSelection } from '../../state/selection.js';
import { useView } from '../../state/view.js';
import { copyActive } from './commands.js';
import type { Adjusted } from './use-adjusted.js';

/** What the sliders apply to, and what can be done with all of them. */
export function AdjustHeader({ adjusted }: { readonly adjusted: Adjusted }): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const canUndo = useAdjust(({ history }) => history.past.length > 0);
  const canRedo = useAdjust(({ history }) => history.future.length > 0);
  return (
    <header className="adjust-head">
      <h2>{t('title')}</h2>
      <IconButton label={t('undo')} shortcut={shortcutOf('undo')} isDisabled={!canUndo} onPress={undo}>
        <Undo2 aria-hidden />
      </IconButton>
      <IconButton label={t('redo')} shortcut={shortcutOf('redo')} isDisabled={!canRedo} onPress={redo}>
        <Redo2 aria-hidden />
      </IconButton>
      <SettingsMenu adjusted={adjusted} />
      <TargetName adjusted={adjusted} />
    </header>
  );
}

function TargetName({ adjusted: { photos } }: { readonly adjusted: Adjusted }): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const [only] = photos;
  const text =
    only === undefined
      ? t('targetDefaults')
      : photos.length === 1
        ? only.name
        : t('targetPhotos', { count: photos.length });
  return (
    <p className="adjust-target" role="status" title={text}>
      {text}
    </p>
  );
}

function SettingsMenu({ adjusted }: { readonly adjusted: Adjusted }): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const view = useView((state) => state.view);
  const active = useSelection((state) => state.active);
  const selected = useSelection((state) => state.selected);
  const clipboard = useAdjust((state) => state.clipboard);
  const others = [...selected].filter((id) => id !== active);
  return (
    <Menu
      label={t('more')}
      placement="bottom end"
      trigger={
        <IconButton label={t('more')}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuItem label={t('copy')} shortcut={shortcutOf('copy-settings')} onAction={copyActive} />
      <MenuItem
        label={t('paste')}
        shortcut={shortcutOf('paste-settings')}
        isDisabled={clipboard === null}
        onAction={pasteSettings}
      />
      {view === 'compare' && active !== null && others.length > 0 ? (
        <MenuItem
          label={t('applyToSelection', { count: others.length })}
          onAction={() => {
            applyTo(others, active);
          }}
        />
      ) : null}
      <MenuSeparator />
      <MenuItem
        label={adjusted.photos.length === 0 ? t('resetAllDefaults') : t('resetAll')}
        shortcut={shortcutOf('reset-settings')}
        isDisabled={!adjusted.changed}
        onAction={resetAll}
      />
    </Menu>
  );
}
