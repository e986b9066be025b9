import { Ellipsis, Redo2, Undo2 } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhotoEntry, PhotoId } from '../../../preload/contract.js';
import { IconButton } from '../../elements/button.js';
import { Menu, MenuItem, MenuSeparator } from '../../elements/menu.js';
import { applyTo, pasteSettings, redo, resetAll, undo, useAdjust } from '../../state/adjust.js';
import { shortcutOf } from '../../state/commands.js';
import { useSelection, type SelectionState } from '../../state/selection.js';
import { useView } from '../../state/view.js';
import { copyActive } from './commands.js';

/** What the sliders apply to, and what can be done with all of them. */
export function AdjustHeader({
  photos,
  changed,
}: {
  readonly photos: readonly PhotoEntry[];
  readonly changed: boolean;
}) {
  return (
    <header className="adjust-head">
      <HeaderTools isDefaults={photos.length === 0} changed={changed} />
      <TargetName photos={photos} />
    </header>
  );
}

interface ToolsProps {
  readonly isDefaults: boolean;
  /** Whether there is anything to reset. */
  readonly changed: boolean;
}

const HeaderTools = memo(function HeaderTools({ isDefaults, changed }: ToolsProps) {
  const { t } = useTranslation('adjust');
  const canUndo = useAdjust(({ history }) => history.past.length > 0);
  const canRedo = useAdjust(({ history }) => history.future.length > 0);
  return (
    <>
      <h2>{t('title')}</h2>
      <IconButton label={t('undo')} shortcut={shortcutOf('undo')} isDisabled={!canUndo} onPress={undo}>
        <Undo2 aria-hidden />
      </IconButton>
      <IconButton label={t('redo')} shortcut={shortcutOf('redo')} isDisabled={!canRedo} onPress={redo}>
        <Redo2 aria-hidden />
      </IconButton>
      <SettingsMenu isDefaults={isDefaults} changed={changed} />
    </>
  );
});

function TargetName({ photos }: { readonly photos: readonly PhotoEntry[] }): React.JSX.Element {
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

function SettingsMenu({ isDefaults, changed }: ToolsProps): React.JSX.Element {
  const { t } = useTranslation('adjust');
  const isComparing = useView((state) => state.view === 'compare');
  // A number: in the grid the selection changes with every step.
  const others = useSelection((state) => (isComparing ? othersOf(state).length : 0));
  const clipboard = useAdjust((state) => state.clipboard);
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
      {others > 0 ? (
        <MenuItem
          label={t('applyToSelection', { count: others })}
          onAction={() => {
            const selection = useSelection.getState();
            if (selection.active !== null) applyTo(othersOf(selection), selection.active);
          }}
        />
      ) : null}
      <MenuSeparator />
      <MenuItem
        label={isDefaults ? t('resetAllDefaults') : t('resetAll')}
        shortcut={shortcutOf('reset-settings')}
        isDisabled={!changed}
        onAction={resetAll}
      />
    </Menu>
  );
}

/** The selected photos beside the one that is looked at; none where none is. */
function othersOf({ selected, active }: SelectionState): PhotoId[] {
  return active === null ? [] : [...selected].filter((id) => id !== active);
}
