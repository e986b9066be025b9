import { SearchX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { EmptyState } from '../../elements/empty-state.js';
import { Spinner } from '../../elements/progress.js';
import { NO_FILTER } from '../../state/arrange.js';
import { useCommand } from '../../state/commands.js';
import { useLibrary } from '../../state/library.js';
import { selectAll } from '../../state/selection.js';
import { setFilter, shownOrder, useShown } from '../../state/shown.js';
import { useAdding } from '../add/adding.js';
import { Welcome } from '../welcome/welcome.js';
import { FilterBar } from './filter-bar.js';
import { PhotoGrid } from './photo-grid.js';
import './commands.js';
import './library-view.css';

/** The photos as a grid; without any, the welcome. */
export function LibraryView(): React.JSX.Element {
  const { t } = useTranslation('library');
  const { t: common } = useTranslation();
  const empty = useLibrary((state) => state.photos.size === 0);
  const loaded = useLibrary((state) => state.loaded);
  const found = useLibrary((state) => state.scan.found);
  const scanning = useLibrary((state) => state.scan.active);
  const uploading = useAdding((state) => state.upload !== null);
  const photos = useShown((state) => state.photos);
  useCommand('select-all', () => {
    selectAll(shownOrder());
  });
  if (empty && (!loaded || scanning || uploading)) {
    return (
      <EmptyState
        icon={<Spinner label={t('loading')} size={32} />}
        title={loaded ? common('scanning', { count: found }) : t('loading')}
      />
    );
  }
  if (empty) return <Welcome />;
  return (
    <div className="library">
      <FilterBar />
      {photos.length === 0 ? (
        <EmptyState
          icon={<SearchX aria-hidden />}
          title={t('nothingFits')}
          actions={
            <Button
              onPress={() => {
                setFilter(NO_FILTER);
              }}
            >
              {t('showAll')}
            </Button>
          }
        >
          {t('nothingFitsText')}
        </EmptyState>
      ) : (
        <PhotoGrid photos={photos} />
      )}
    </div>
  );
}
