import { ClipboardPaste, Copy, FolderOpen, ListX, SquareSplitHorizontal, WandSparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ContextMenu, MenuItem, MenuSeparator } from '../../elements/menu.js';
import { host } from '../../host.js';
import { copySettings, pasteSettings, useAdjust } from '../../state/adjust.js';
import { runCommand, shortcutOf } from '../../state/commands.js';
import { useQueue } from '../../state/queue.js';
import { useSelection } from '../../state/selection.js';
import { fail } from '../../state/session.js';
import { openPhoto } from '../../state/view.js';
import { removePhotos } from './removing.js';

export interface PhotoMenuProps {
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly onClose: () => void;
}

/** What can be done with the selected photos. */
export function PhotoMenu({ at, onClose }: PhotoMenuProps) {
  const { t } = useTranslation('library');
  const selected = useSelection((state) => state.selected);
  const active = useSelection((state) => state.active);
  const clipboard = useAdjust((state) => state.clipboard);
  const done = useQueue((state) => active !== null && state.items.get(active)?.state === 'done');
  return (
    <ContextMenu label={t('photoMenu')} at={at} onClose={onClose}>
      <MenuItem
        label={t('open')}
        icon={<SquareSplitHorizontal aria-hidden />}
        shortcut="Enter"
        isDisabled={active === null}
        onAction={() => {
          if (active !== null) openPhoto(active);
        }}
      />
      <MenuItem
        label={t('denoise', { count: selected.size })}
        icon={<WandSparkles aria-hidden />}
        shortcut={shortcutOf('denoise')}
        onAction={() => {
          runCommand('denoise');
        }}
      />
      <MenuSeparator />
      <MenuItem
        label={t('copySettings')}
        icon={<Copy aria-hidden />}
        shortcut={shortcutOf('copy-settings')}
        onAction={() => {
          copySettings(active);
        }}
      />
      <MenuItem
        label={t('pasteSettings')}
        icon={<ClipboardPaste aria-hidden />}
        shortcut={shortcutOf('paste-settings')}
        isDisabled={clipboard === null}
        onAction={pasteSettings}
      />
      <MenuSeparator />
      {host().host === 'desktop' ? (
        <MenuItem
          label={t('showResult')}
          icon={<FolderOpen aria-hidden />}
          isDisabled={!done}
          onAction={() => {
            void host().call('queue.reveal', { photo: active }).catch(fail);
          }}
        />
      ) : null}
      <MenuItem
        label={t('remove', { count: selected.size })}
        icon={<ListX aria-hidden />}
        shortcut="Delete"
        onAction={() => {
          removePhotos([...selected]);
        }}
      />
    </ContextMenu>
  );
}
