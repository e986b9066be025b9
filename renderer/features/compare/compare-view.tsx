import { Images } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../elements/button.js';
import { EmptyState } from '../../elements/empty-state.js';
import { useLibrary } from '../../state/library.js';
import { useSelection } from '../../state/selection.js';
import { useSession } from '../../state/session.js';
import { showLibrary } from '../../state/view.js';
import { CompareBar } from './compare-bar.js';
import { openForViewing, useCompare } from './compare-state.js';
import { Filmstrip } from './filmstrip.js';
import { InfoStrip } from './info-strip.js';
import { useOrder } from './order.js';
import { StageView } from './stage-view.js';
import { useCompareCommands } from './use-compare-commands.js';
import './compare-view.css';

/** One photo, before and after. */
export function CompareView(): React.JSX.Element {
  const { t } = useTranslation('compare');
  const order = useOrder();
  const chosen = useSelection((state) => state.active);
  // A photo that a filter leaves out of the grid, as one that is done by now, stays in view.
  const isThere = useLibrary((state) => chosen !== null && state.photos.has(chosen));
  const active = isThere ? chosen : (order[0] ?? null);
  const photo = useLibrary((state) => (active === null ? undefined : state.photos.get(active)));
  const mode = useSession((state) => state.preferences.compareMode);
  const opened = useCompare((state) => state.opened);
  const preview = useCompare((state) => state.preview.state);
  const drawn = useCompare((state) => state.drawn);

  useEffect(() => {
    void openForViewing(active);
  }, [active]);
  useEffect(
    () => () => {
      void openForViewing(null);
    },
    [],
  );
  useCompareCommands(active);

  if (photo === undefined) {
    const actions = (
      <Button variant="primary" onPress={showLibrary}>
        {t('toLibrary')}
      </Button>
    );
    return (
      <section className="compare" aria-label={t('title')} data-state="none">
        <EmptyState icon={<Images />} title={t('empty')} actions={actions}>
          {t('emptyText')}
        </EmptyState>
      </section>
    );
  }
  return (
    <section
      className="compare"
      aria-label={t('title')}
      data-mode={mode}
      data-state={opened.state}
      data-drawn={drawn}
      data-preview={preview}
    >
      <CompareBar photo={photo.id} mode={mode} neighbours={{ index: order.indexOf(photo.id), count: order.length }} />
      <StageView photo={photo} mode={mode} />
      <InfoStrip photo={photo} />
      {order.length > 1 && <Filmstrip order={order} active={photo.id} />}
    </section>
  );
}
