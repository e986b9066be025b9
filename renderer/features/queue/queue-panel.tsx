import { useMemo } from 'react';
import { ListChecks } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../elements/empty-state.js';
import { groupItems, useQueue } from '../../state/queue.js';
import { QueueHeader } from './queue-header.js';
import { QueueList } from './queue-list.js';
import './queue.css';

/** What is being denoised, and how far it is. */
export function QueuePanel(): React.JSX.Element {
  const { t } = useTranslation('queue');
  const items = useQueue((state) => state.items);
  const groups = useMemo(() => groupItems(items.values()), [items]);
  return (
    <div className="queue">
      <QueueHeader groups={groups} />
      {items.size === 0 ? (
        <EmptyState icon={<ListChecks aria-hidden />} title={t('empty')}>
          {t('emptyHelp')}
        </EmptyState>
      ) : (
        <QueueList groups={groups} />
      )}
    </div>
  );
}
