import { FilePlus2, FolderPlus, Plus, Server } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { Menu, MenuItem, MenuSeparator } from '../../elements/menu.js';
import { shortcutOf } from '../../state/commands.js';
import { browseServer, pick, useHasRoots } from './adding.js';

/** The button that adds photos. */
export function AddMenu() {
  const { t } = useTranslation();
  const hasRoots = useHasRoots();
  return (
    <Menu label={t('addPhotos')} trigger={<Button icon={<Plus aria-hidden />}>{t('add')}</Button>}>
      <MenuItem
        label={t('addFiles')}
        icon={<FilePlus2 aria-hidden />}
        shortcut={shortcutOf('add-files')}
        onAction={() => {
          pick('files');
        }}
      />
      <MenuItem
        label={t('addFolder')}
        icon={<FolderPlus aria-hidden />}
        shortcut={shortcutOf('add-folders')}
        onAction={() => {
          pick('folders');
        }}
      />
      {hasRoots ? <MenuSeparator /> : null}
      {hasRoots ? (
        <MenuItem label={t('addServerFolders')} icon={<Server aria-hidden />} onAction={browseServer} />
      ) : null}
    </Menu>
  );
}
